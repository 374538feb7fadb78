"""What somebody does on the first day."""

import json

import pytest
from playwright.async_api import Download, expect

from tests.browser.conftest import NewPerson
from tests.browser.person import PASSWORD, Person
from tests.e2e.conftest import Server

EXAMPLES = ["Remind me to call mom tomorrow", "Add a task to buy groceries", "What can you do?"]


async def test_a_visitor_sees_what_this_is(served: Server, newcomer: NewPerson) -> None:
    ann = await newcomer(served)
    await ann.page.goto("/")
    await expect(ann.page.get_by_role("heading", level=1)).to_have_text(
        "A todo list that you and your assistants share"
    )
    await ann.page.get_by_role("link", name="Sign in").click()
    await expect(ann.page.get_by_role("heading", level=1)).to_have_text("Sign in")


async def test_a_newcomer_signs_up_and_can_type_the_first_task_at_once(served: Server, newcomer: NewPerson) -> None:
    ann = await newcomer(served)
    await ann.signs_up_in_the_page()
    await expect(ann.page.get_by_label("New task")).to_be_focused()
    await expect(ann.page.locator(".examples button")).to_have_text(EXAMPLES)
    await ann.page.keyboard.type("Water the plants")
    await ann.page.keyboard.press("Enter")
    await ann.sees_tasks("Water the plants")


async def test_an_example_is_said_to_the_assistant_and_shows_what_it_did(ann: Person) -> None:
    await ann.button(EXAMPLES[1]).click()
    await expect(ann.page.locator(".message.user")).to_have_text(EXAMPLES[1])
    await expect(ann.done).to_have_text(["Buy groceries"])
    await ann.sees_tasks("Buy groceries")
    await expect(ann.page.get_by_role("link", name="Inbox 1")).to_be_visible()


async def test_a_task_is_added_completed_and_taken_back_by_its_notice(ann: Person) -> None:
    await ann.adds("Water the plants")
    await ann.adds("Pay the rent")
    await ann.sees_tasks("Water the plants", "Pay the rent")
    await expect(ann.page.get_by_label("New task")).to_have_value("")
    await ann.check("Pay the rent").click()
    await ann.sees_tasks("Water the plants")
    await ann.notice("Completed: Pay the rent").get_by_role("button", name="Undo").click()
    await ann.sees_tasks("Water the plants", "Pay the rent")
    await expect(ann.page.locator(".notice")).to_have_count(0)


@pytest.mark.long
async def test_all_that_was_done_is_undone_by_ctrl_z(ann: Person) -> None:
    await ann.has("Water the plants", "Pay the rent")
    await ann.sees_tasks("Water the plants", "Pay the rent")
    await ann.check("Pay the rent").click()
    await ann.deletes("Water the plants")
    await ann.sees_tasks()
    await ann.page.locator("h1").click()
    await ann.page.keyboard.press("Control+z")
    await ann.sees_tasks("Water the plants")
    await ann.page.keyboard.press("Control+z")
    await ann.sees_tasks("Water the plants", "Pay the rent")
    await ann.page.keyboard.press("Control+z")
    await expect(ann.notice("There is nothing to undo.")).to_be_visible()


async def test_a_deleted_task_comes_back_by_its_notice_or_from_the_trash(ann: Person) -> None:
    await ann.adds("Water the plants")
    await ann.deletes("Water the plants")
    await ann.notice("Deleted: Water the plants").get_by_role("button", name="Undo").click()
    await ann.sees_tasks("Water the plants")
    await ann.deletes("Water the plants")
    await ann.sees_tasks()
    await ann.goes_to("Trash")
    await ann.sees_tasks("Water the plants")
    await ann.button("Restore").click()
    await ann.sees_tasks()
    await ann.goes_to("Inbox")
    await ann.sees_tasks("Water the plants")


async def test_places_show_what_they_say_and_how_much(ann: Person) -> None:
    first, second, _ = await ann.has("One", "Two", "Three")
    await ann.ask("PATCH", f"/api/tasks/{first}/complete")
    await ann.ask("DELETE", f"/api/tasks/{second}")
    for name, titles in (("Done", ["One"]), ("Trash", ["Two"]), ("Inbox", ["Three"])):
        await ann.goes_to(name)
        await ann.sees_tasks(*titles)
    await expect(ann.page.get_by_role("link", name="Inbox 1")).to_have_attribute("aria-current", "page")


async def test_what_the_assistant_did_is_undone_as_a_whole_and_the_transcript_stays_true(ann: Person) -> None:
    await ann.adds("Pay the rent")
    await ann.sees_tasks("Pay the rent")
    await ann.says("I paid the rent")
    await ann.sees_tasks()
    await ann.answers.last.get_by_role("button", name="Undo").click()
    await expect(ann.notice("What the assistant did is undone.")).to_be_visible()
    await ann.sees_tasks("Pay the rent")
    for _ in range(2):
        await expect(ann.answers.last.locator(".did footer")).to_have_text("Undone")
        await expect(ann.answers.last.get_by_role("checkbox")).not_to_be_checked()
        await ann.page.reload()


@pytest.mark.long
async def test_the_numbers_of_tasks_in_an_answer_are_no_list(ann: Person) -> None:
    await ann.has("Call the vet", "Pay the rent")
    await ann.says("Show my tasks")
    await expect(ann.answers.last).to_contain_text("1. Call the vet")
    await expect(ann.answers.last).to_contain_text("2. Pay the rent")
    await expect(ann.answers.last.locator("ol")).to_have_count(0)


@pytest.mark.long
async def test_a_task_of_an_answer_is_the_very_task(ann: Person) -> None:
    await ann.says("Add a task to buy milk")
    await expect(ann.done).to_have_text(["Buy milk"])
    await ann.answers.last.get_by_role("checkbox", name="Done: Buy milk").click()
    await ann.sees_tasks()


@pytest.mark.long
async def test_an_answer_is_given_anew(ann: Person) -> None:
    await ann.says("What can you do?")
    await ann.is_answered()
    await ann.button("Answer anew").click()
    await ann.is_answered()
    await expect(ann.answers).to_have_count(1)
    await expect(ann.page.locator(".message.user")).to_have_count(1)


@pytest.mark.long
async def test_conversations_are_begun_named_deleted_and_found_again_after_a_reload(ann: Person) -> None:
    await ann.says("What can you do?")
    await ann.is_answered()
    await ann.button("New conversation").click()
    await expect(ann.answers).to_have_count(0)
    await ann.says("Add a task to buy milk")
    await expect(ann.done).to_have_text(["Buy milk"])
    await ann.page.reload()
    await expect(ann.page.locator(".message.user")).to_have_text("Add a task to buy milk")
    await ann.button("Conversations").click()
    await ann.picks("More: Add a task to buy milk", "Rename")
    await ann.page.get_by_label("What is this conversation about?").last.fill("Milk and bread")
    await ann.button("Rename").click()
    await ann.picks("More: Milk and bread", "Delete")
    await ann.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(ann.page.locator(".message.user")).to_have_text("What can you do?")
    await ann.button("Conversations").click()
    await expect(ann.page.locator(".conversations li")).to_have_count(1)


@pytest.mark.long
async def test_the_tasks_are_taken_along(ann: Person) -> None:
    await ann.has("Buy milk")
    await ann.page.goto("/settings/data")
    async with ann.page.expect_download() as started:
        await ann.button("Tasks as JSON").click()
    download: Download = await started.value
    exported = json.loads((await download.path()).read_text())
    assert download.suggested_filename == "tasks.json"
    assert [task["title"] for task in exported["tasks"]] == ["Buy milk"]
    async with ann.page.expect_download() as started:
        await ann.button("Tasks as Markdown").click()
    assert (await (await started.value).path()).read_text() == "- [ ] Buy milk"


async def test_who_signs_out_and_in_again_finds_all_as_it_was(ann: Person) -> None:
    await ann.adds("Water the plants")
    await ann.says("What can you do?")
    await ann.is_answered()
    await ann.signs_out()
    await expect(ann.notice("You are signed out.")).to_be_visible()
    await expect(ann.tasks).to_have_count(0)
    await ann.page.get_by_label("Email").fill(ann.email)
    await ann.page.get_by_label("Password").fill(PASSWORD)
    await ann.button("Sign in").click()
    await ann.goes_to("Inbox")
    await ann.sees_tasks("Water the plants")
    await expect(ann.page.locator(".message.user")).to_have_text("What can you do?")
