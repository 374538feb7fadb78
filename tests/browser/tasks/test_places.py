"""What the places of the sidebar show."""

import pytest
from playwright.async_api import expect

from tests.browser.person import Person
from tests.browser.tasks.test_fields import TASKS, day

pytestmark = pytest.mark.long


async def test_what_is_done_stands_under_its_day(ann: Person) -> None:
    await ann.has("Water the plants", "Pay the rent")
    await ann.ask("PATCH", "/api/tasks/1/complete")
    await ann.goes_to("Done")
    await ann.sees_tasks("Water the plants")
    await expect(ann.page.locator(".group-head h2")).to_have_text(["Today 1"])


async def test_a_task_of_today_is_due_today_in_a_new_list_too(ann: Person) -> None:
    await ann.goes_to("Today")
    await ann.adds("Buy paint #Flat // two buckets")
    await ann.sees_tasks("Buy paint")
    await ann.is_saved()
    task = await (await ann.ask("GET", "/api/tasks/1")).json()
    assert (task["due"], task["description"]) == (day(0), "two buckets")


async def test_a_filter_says_once_what_is_wrong_and_nothing_else(ann: Person) -> None:
    await ann.page.goto("/search")
    await ann.page.get_by_role("combobox", name="Filter").fill("today | (overdue")
    await expect(ann.page.locator("#filter-told .wrong")).to_have_text("The filter ends too early.")
    await expect(ann.page.locator("#filter-told")).to_contain_text("Expected:")
    await expect(ann.page.locator(".empty")).to_have_count(0)


async def test_the_palette_shows_titles_that_begin_so_first_and_their_lists(ann: Person) -> None:
    await ann.ask("POST", "/api/users/me/lists", {"name": "Flat"})
    for title in ("Read a book", "Pay rent", "Compare prices"):
        await ann.ask("POST", TASKS, {"title": title, "list_id": 1 if title == "Pay rent" else None})
    await ann.goes_to("Flat")
    await ann.page.keyboard.press("/")
    await ann.page.keyboard.type("re")
    tasks = ann.page.get_by_role("option")
    await expect(tasks.nth(0)).to_have_text("Read a book")
    await expect(tasks.nth(1)).to_have_text("Pay rent Flat")
    await expect(tasks.nth(2)).to_have_text("Compare prices")


async def test_tags_are_found_while_one_types(ann: Person) -> None:
    await ann.ask("POST", TASKS, {"title": "Water the plants", "tags": ["garden", "home"]})
    await ann.has("Pay the rent")
    await ann.opens_task("Pay the rent")
    await ann.button("Tags: none").click()
    await ann.page.get_by_label("New tag").fill("hó")
    await expect(ann.page.get_by_role("checkbox", name="home")).to_be_visible()
    await expect(ann.page.get_by_role("checkbox", name="garden")).to_have_count(0)
    await ann.page.get_by_label("New tag").press("Enter")
    await expect(ann.button("Tags: hó")).to_be_visible()
    await expect(ann.page.get_by_role("checkbox", name="garden")).to_be_visible()


async def test_a_task_that_goes_elsewhere_says_where_and_comes_back(ann: Person) -> None:
    await ann.ask("POST", "/api/users/me/lists", {"name": "Flat"})
    await ann.has("Buy paint", "Pay the rent")
    await ann.sees_tasks("Buy paint", "Pay the rent")
    await ann.page.get_by_role("button", name="Buy paint", exact=True).focus()
    await ann.page.keyboard.press("v")
    await ann.page.get_by_role("menuitemradio", name="Flat").click()
    await ann.sees_tasks("Pay the rent")
    await ann.notice("Moved to Flat: Buy paint").get_by_role("button", name="Undo").click()
    await ann.sees_tasks("Buy paint", "Pay the rent")


async def test_the_focus_stays_in_the_list_when_the_chosen_tasks_leave_it(ann: Person) -> None:
    await ann.ask("POST", "/api/users/me/lists", {"name": "Flat"})
    await ann.has("One", "Two", "Three")
    await ann.sees_tasks("One", "Two", "Three")
    await ann.page.get_by_role("button", name="One", exact=True).focus()
    await ann.page.keyboard.press("x")
    await ann.page.keyboard.press("Shift+ArrowDown")
    await ann.button("Move to a list").click()
    await ann.page.get_by_role("menuitemradio", name="Flat").click()
    await ann.sees_tasks("Three")
    await expect(ann.page.get_by_role("button", name="Three", exact=True)).to_be_focused()


async def test_tasks_are_chosen_from_one_to_another_by_mouse(ann: Person) -> None:
    await ann.has("One", "Two", "Three", "Four")
    await ann.task("One").locator(".open").click(modifiers=["ControlOrMeta"])
    await ann.task("Three").locator(".open").click(modifiers=["Shift"])
    await expect(ann.page.locator(".selection strong")).to_have_text("3 tasks")


async def test_a_view_shows_what_is_due_first_first(ann: Person) -> None:
    for title, due in (("Late", day(-3)), ("Later", day(4)), ("Soon", day(1))):
        await ann.ask("POST", TASKS, {"title": title, "due": due, "priority": "high"})
    await ann.ask("POST", "/api/users/me/views", {"name": "Important", "filter": "p1"})
    await ann.opens("/view/1")
    await ann.sees_tasks("Late", "Soon", "Later")


async def test_a_new_task_that_belongs_elsewhere_says_where_and_when(ann: Person) -> None:
    await ann.goes_to("Today")
    await ann.adds("Call mom tomorrow")
    await expect(ann.notice("Added to Inbox for tomorrow: Call mom")).to_be_visible()


async def test_a_subtask_leads_back_to_what_it_is_a_part_of(ann: Person) -> None:
    await ann.has("Plan the party")
    await ann.ask("POST", TASKS, {"title": "Cake", "parent_id": 1})
    await ann.opens_task("Plan the party")
    await ann.button("Open: Cake").click()
    await expect(ann.page.get_by_label("Title")).to_have_value("Cake")
    await ann.page.get_by_role("button", name="Part of Plan the party").click()
    await expect(ann.page.get_by_label("Title")).to_have_value("Plan the party")


async def test_the_list_of_a_subtask_is_said_only_if_it_is_another(ann: Person) -> None:
    for name in ("Home", "Work"):
        await ann.ask("POST", "/api/users/me/lists", {"name": name})
    await ann.ask("POST", TASKS, {"title": "Plan the party", "list_id": 1, "due": day(0)})
    await ann.ask("POST", TASKS, {"title": "Cake", "list_id": 1, "parent_id": 1})
    await ann.opens("/today")
    await ann.opens_task("Plan the party")
    await expect(ann.page.locator(".subtask .meta")).to_have_text([""])


async def test_a_step_says_what_it_is_a_part_of_where_it_stands_without_it(ann: Person) -> None:
    await ann.has("Plan the party")
    await ann.ask("POST", TASKS, {"title": "Cake", "parent_id": 1})
    await ann.ask("PATCH", "/api/tasks/2/complete")
    await ann.goes_to("Done")
    await expect(ann.task("Cake").locator(".meta")).to_have_text("Part of Plan the party")
    await ann.goes_to("Inbox")
    await ann.opens_task("Plan the party")
    await expect(ann.page.locator(".subtask .meta")).to_have_text([""])


async def test_restore_stands_on_the_line_of_its_task(ann: Person) -> None:
    await ann.has("Plan the party")
    await ann.ask("DELETE", "/api/tasks/1")
    await ann.goes_to("Trash")
    title, button = [await each.bounding_box() for each in (ann.titles.first, ann.button("Restore"))]
    assert title
    assert button
    assert title["y"] + title["height"] / 2 == button["y"] + button["height"] / 2
