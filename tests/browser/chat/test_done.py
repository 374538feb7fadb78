"""What the assistant did stands below its words, as the very tasks."""

import pytest
from playwright.async_api import expect

from tests.browser.person import Person

pytestmark = pytest.mark.long


async def test_all_that_was_changed_is_shown_in_place(ann: Person) -> None:
    await ann.says("Add tasks to buy milk, eggs, bread, butter, cheese, tea, coffee and sugar")
    await ann.is_answered()
    await expect(ann.done).to_have_count(6)
    await ann.button("and 2 more").press("Enter")
    await expect(ann.done).to_have_count(8)
    await expect(ann.done.last).to_have_text("Sugar")
    await expect(ann.answers.last.get_by_label("Done: Coffee")).to_be_focused()


async def test_what_was_added_is_said_to_be(ann: Person) -> None:
    await ann.says("Remind me to call mom tomorrow")
    await ann.is_answered()
    await expect(ann.answers.last.locator(".did footer")).to_contain_text("1 task added")


async def test_what_was_done_to_several_tasks_is_counted_by_what_it_was(ann: Person) -> None:
    await ann.has("Buy milk", "Buy eggs", "Call mom")
    await ann.says("complete tasks 1 and 2")
    await ann.is_answered()
    await expect(ann.done).to_have_text(["Buy milk", "Buy eggs"])
    await expect(ann.answers.last.locator(".did footer")).to_contain_text("2 tasks completed")
    await ann.page.reload()
    await expect(ann.answers.last.locator(".did footer")).to_contain_text("2 tasks completed")


async def test_a_deleted_task_has_its_title_at_another_browser_too(ann: Person) -> None:
    await ann.has("Buy milk", "Buy eggs")
    await ann.says("delete task 1")
    await ann.is_answered()
    await expect(ann.answers.last.locator(".did footer")).to_contain_text("1 task deleted")
    found = await (await ann.ask("GET", "/api/users/me/conversations")).json()
    await ann.signs_out()
    await expect(ann.page.get_by_label("Email")).to_be_visible()
    await ann.sign_in()
    await ann.opens(f"/chat/{found['conversations'][0]['id']}")
    await expect(ann.answers.last.locator(".did .gone")).to_have_text("“Buy milk” is deleted.")
