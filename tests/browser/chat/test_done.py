"""What the assistant did stands below its words, as the very tasks."""

from playwright.async_api import expect

from tests.browser.person import Person


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
