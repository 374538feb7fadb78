"""What somebody does on the first day."""

import json

from playwright.async_api import Dialog, Download, Page, expect

from tests.browser.conftest import NewPerson
from tests.browser.person import PASSWORD, Person
from tests.e2e.conftest import Server

EXAMPLES = ["Remind me to call mom tomorrow", "Add a task to buy groceries", "What can you do?"]


async def test_a_newcomer_signs_up_and_meets_an_empty_list_that_says_what_to_try(
    served: Server, newcomer: NewPerson
) -> None:
    ann = await newcomer(served)
    await ann.page.goto("/")
    await ann.page.get_by_label("Email").fill(ann.email)
    await ann.page.get_by_label("Password").fill(PASSWORD)
    await ann.button("Create an account").click()
    await expect(ann.page.locator(".examples button")).to_have_text(EXAMPLES)
    await ann.sees_filters("To do 0", "Done", "All", "Trash")


async def test_an_example_is_said_to_the_assistant_and_shows_what_it_did(ann: Person) -> None:
    await ann.button(EXAMPLES[1]).click()
    await expect(ann.page.locator(".message.user")).to_have_text(EXAMPLES[1])
    await expect(ann.answers.last.locator(".call.succeeded")).to_have_text("Added task 1: Buy groceries")
    await ann.sees_answer("Buy groceries")
    await ann.sees_tasks("Buy groceries")
    await ann.sees_filters("To do 1", "Done", "All", "Trash")


async def test_a_task_is_added_edited_completed_and_taken_back_by_a_notice(ann: Person) -> None:
    await ann.adds("Water the plants")
    await ann.adds("Pay the rent")
    await ann.sees_tasks("Pay the rent", "Water the plants")
    await expect(ann.page.get_by_label("New task")).to_have_value("")
    await ann.page.get_by_label("Done: Pay the rent").click()
    await ann.sees_tasks("Water the plants")
    await ann.notice("Done: Pay the rent").get_by_role("button", name="Undo").click()
    await ann.sees_tasks("Pay the rent", "Water the plants")
    await expect(ann.notice("Done: Pay the rent")).to_have_count(0)


async def test_enter_saves_an_edit_and_escape_leaves_it(ann: Person) -> None:
    await ann.adds("Water the plants")
    await ann.titles.get_by_text("Water the plants").click()
    await expect(ann.page.get_by_label("Title")).to_be_focused()
    await ann.page.get_by_label("Title").fill("Water the trees")
    await ann.page.get_by_label("Description").fill("All three\nof them")
    await ann.page.get_by_label("Title").press("Enter")
    await ann.sees_tasks("Water the trees")
    await expect(ann.task("Water the trees").locator("small")).to_have_text("All three\nof them")
    await ann.titles.get_by_text("Water the trees").click()
    await ann.page.get_by_label("Title").fill("Something else")
    await ann.page.keyboard.press("Escape")
    await ann.sees_tasks("Water the trees")


async def test_a_deleted_task_comes_back_by_its_notice_or_from_the_trash(ann: Person) -> None:
    await ann.adds("Water the plants")
    await ann.page.get_by_label("Delete: Water the plants").click()
    await ann.notice("Deleted: Water the plants").get_by_role("button", name="Undo").click()
    await ann.sees_tasks("Water the plants")
    await ann.page.get_by_label("Delete: Water the plants").click()
    await ann.sees_tasks()
    await ann.button("Trash").click()
    await ann.sees_tasks("Water the plants")
    await ann.button("Restore").click()
    await ann.sees_tasks()
    await ann.button("To do 1").click()
    await ann.sees_tasks("Water the plants")


async def test_filters_show_what_they_say_and_how_much(ann: Person) -> None:
    first, second, _ = await ann.has("One", "Two", "Three")
    await ann.ask("PATCH", f"/api/tasks/{first}/complete")
    await ann.ask("DELETE", f"/api/tasks/{second}")
    for name, titles in (("Done", ["One"]), ("All", ["Three", "One"]), ("Trash", ["Two"]), ("To do 1", ["Three"])):
        await ann.button(name).click()
        await ann.sees_tasks(*titles)
    await ann.sees_filters("To do 1", "Done 1", "All 2", "Trash 1")
    await expect(ann.button("To do 1")).to_have_attribute("aria-pressed", "true")


async def test_what_the_assistant_did_is_undone_as_a_whole(ann: Person) -> None:
    await ann.adds("Pay the rent")
    await ann.says("I paid the rent")
    await ann.sees_tasks()
    await ann.button("Undo what it did").click()
    await expect(ann.notice("What the assistant did is undone.")).to_be_visible()
    await ann.sees_tasks("Pay the rent")


async def test_an_answer_is_given_anew(ann: Person) -> None:
    await ann.says("What can you do?")
    await ann.button("Answer anew").click()
    await expect(ann.button("Answer anew")).to_be_visible()
    await expect(ann.answers).to_have_count(1)
    await expect(ann.page.locator(".message.user")).to_have_count(1)


async def test_conversations_are_begun_named_and_deleted(ann: Person) -> None:
    await ann.says("What can you do?")
    await expect(ann.button("Answer anew")).to_be_visible()
    await ann.button("New").click()
    await expect(ann.answers).to_have_count(0)
    await ann.says("Add a task to buy milk")
    await ann.sees_tasks("Buy milk")
    await expect(ann.button("Rename")).to_be_visible()
    answering(ann.page, "Milk and bread")
    await ann.button("Rename").click()
    conversation = ann.page.get_by_label("Conversation", exact=True).locator("option:checked")
    await expect(conversation).to_have_text("Milk and bread")
    answering(ann.page)
    await ann.button("Delete").click()
    await expect(ann.page.locator(".message.user")).to_have_text("What can you do?")
    await expect(ann.page.locator("select option", has_text="Milk and bread")).to_have_count(0)
    await ann.sees_tasks("Buy milk")


def answering(page: Page, text: str = "") -> None:
    async def answer(dialog: Dialog) -> None:
        await dialog.accept(text)

    page.once("dialog", answer)


async def test_the_tasks_are_taken_along(ann: Person) -> None:
    await ann.has("Buy milk")
    await ann.page.get_by_role("link", name="Account").click()
    async with ann.page.expect_download() as started:
        await ann.button("Download my tasks").click()
    download: Download = await started.value
    exported = json.loads((await download.path()).read_text())
    assert download.suggested_filename == "tasks.json"
    assert [task["title"] for task in exported["tasks"]] == ["Buy milk"]


async def test_who_signs_out_and_in_again_finds_all_as_it_was(ann: Person) -> None:
    await ann.adds("Water the plants")
    await ann.says("What can you do?")
    await expect(ann.button("Answer anew")).to_be_visible()
    await ann.page.get_by_role("link", name="Account").click()
    await ann.button("Sign out").click()
    await expect(ann.notice("You are signed out.")).to_be_visible()
    await expect(ann.tasks).to_have_count(0)
    await ann.page.get_by_label("Email").fill(ann.email)
    await ann.page.get_by_label("Password").fill(PASSWORD)
    await ann.button("Sign in").click()
    await ann.sees_tasks("Water the plants")
    await expect(ann.page.locator(".message.user")).to_have_text("What can you do?")
