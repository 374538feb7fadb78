"""Words of a new task are understood while one types."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect

from tests.browser.person import Person

pytestmark = pytest.mark.long


async def test_what_is_understood_is_marked_and_becomes_fields_and_a_new_list(ann: Person) -> None:
    await ann.page.get_by_label("New task").press_sequentially("Water the plants every sunday at 9 #Home @garden p1")
    await expect(ann.page.locator(".mirror mark")).to_have_text(["every sunday at 9", "#Home", "@garden", "p1"])
    await ann.page.keyboard.press("Enter")
    await ann.notice("Water the plants").get_by_role("button", name="Show").click()
    await expect(ann.page.get_by_role("heading", name="Home")).to_be_visible()
    await expect(ann.page.get_by_label("Title")).to_have_value("Water the plants")
    await expect(ann.page.locator(".chips")).to_contain_text("Every Sunday")
    await expect(ann.button("Priority: High")).to_be_visible()


async def test_what_is_typed_right_behind_enter_is_the_next_task(ann: Person) -> None:
    await ann.page.get_by_label("New task").focus()
    for title in ("Cake", "Music", "Balloons", "Invitations"):
        await ann.page.keyboard.type(title)
        await ann.page.keyboard.press("Enter")
    await ann.sees_tasks("Cake", "Music", "Balloons", "Invitations")


async def test_backspace_turns_a_marked_word_back_into_text(ann: Person) -> None:
    field = ann.page.get_by_label("New task")
    await field.press_sequentially("Read flowers tomorrow")
    await expect(ann.page.locator(".mirror mark")).to_have_text(["tomorrow"])
    await field.press("Backspace")
    await expect(ann.page.locator(".mirror mark")).to_have_count(0)
    await field.press("Enter")
    await ann.sees_tasks("Read flowers tomorrow")
    await ann.is_saved()
    task = await (await ann.ask("GET", "/api/tasks/1")).json()
    assert task["due"] is None


async def test_lists_and_tags_are_offered_behind_their_signs(ann: Person) -> None:
    for name in ("Trip to Porto", "Trips", "Home"):
        await ann.ask("POST", "/api/users/me/lists", {"name": name})
    await ann.ask("POST", "/api/users/me/tasks", {"title": "Dentist", "tags": ["phone", "errand"]})
    await expect(ann.page.get_by_role("link", name="errand 1")).to_be_visible()
    field = ann.page.get_by_label("New task")
    offers = ann.page.get_by_role("listbox", name="Completions").get_by_role("option")
    await field.press_sequentially("Book the flights @ph")
    await expect(offers).to_have_text(["phone"])
    await field.press("Tab")
    await expect(offers).to_have_count(0)
    await field.press_sequentially("#tri")
    await expect(offers).to_have_text(["Trip to Porto", "Trips"])
    await field.press("ArrowDown")
    await field.press("ArrowUp")
    await field.press("Enter")
    await expect(field).to_have_value('Book the flights @phone #"Trip to Porto" ')
    await expect(ann.page.locator(".mirror mark")).to_have_text(["@phone", '#"Trip to Porto"'])
    await field.press("Enter")
    await expect(ann.notice("Added to Trip to Porto: Book the flights")).to_be_visible()


async def test_what_is_offered_is_left_alone_with_escape_and_taken_by_mouse(ann: Person) -> None:
    await ann.ask("POST", "/api/users/me/lists", {"name": "Home"})
    await expect(ann.page.get_by_role("link", name="Home")).to_be_visible()
    field = ann.page.get_by_label("New task")
    offers = ann.page.get_by_role("listbox", name="Completions").get_by_role("option")
    await field.press_sequentially("Call #")
    await expect(offers).to_have_text(["Home"])
    await field.press("Escape")
    await expect(offers).to_have_count(0)
    await expect(field).to_be_focused()
    await field.press_sequentially("h")
    await offers.click()
    await expect(field).to_have_value("Call #Home ")
    await expect(field).to_be_focused()


async def test_a_date_can_be_given_in_words(ann: Person) -> None:
    await ann.has("Dentist")
    await ann.page.get_by_role("button", name="Dentist", exact=True).focus()
    await ann.page.keyboard.press("t")
    await ann.page.get_by_label("Due in words").fill("tomorrow at 9")
    await expect(ann.page.locator(".words output")).to_contain_text("Tomorrow")
    await ann.page.keyboard.press("Enter")
    await expect(ann.task("Dentist").locator(".meta")).to_contain_text("Tomorrow")
    await ann.is_saved()
    task = await (await ann.ask("GET", "/api/tasks/1")).json()
    assert task["due"] == f"{(datetime.now(UTC) + timedelta(days=1)).date()}T09:00"


async def test_an_import_shows_what_would_come_in_first(ann: Person) -> None:
    await ann.page.goto("/settings/data")
    table = "TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,DATE\ntask,Water the plants,,2,1,every friday\n"
    file = {"name": "Home.csv", "mimeType": "text/csv", "buffer": table.encode()}
    await ann.page.get_by_label("A file of tasks").set_input_files(file)  # type: ignore[arg-type]
    await expect(ann.page.get_by_role("dialog")).to_contain_text("Import 1 task?")
    await expect(ann.page.get_by_role("dialog")).to_contain_text("a new list")
    await ann.button("Import").click()
    await expect(ann.notice("1 task is imported.")).to_be_visible()
    await ann.page.get_by_role("link", name="Home 1").click()
    await ann.sees_tasks("Water the plants")


async def test_an_import_is_undone_where_it_is_told_with_its_list(ann: Person) -> None:
    await ann.page.goto("/settings/data")
    table = "TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,DATE\ntask,Water the plants,,2,1,every friday\n"
    file = {"name": "Home.csv", "mimeType": "text/csv", "buffer": table.encode()}
    await ann.page.get_by_label("A file of tasks").set_input_files(file)  # type: ignore[arg-type]
    await ann.button("Import").click()
    await expect(ann.page.get_by_role("link", name="Home 1")).to_be_visible()
    await ann.notice("1 task is imported.").get_by_role("button", name="Undo").click()
    await expect(ann.page.get_by_role("link", name="Home 1")).to_have_count(0)
    await ann.notice("1 task is imported.").wait_for(state="hidden")
    assert (await (await ann.ask("GET", "/api/users/me/tasks")).json())["total"] == 0
