"""A list of thousands: what is out of sight is not in the document."""

import pytest
from playwright.async_api import expect

from tests.browser.person import Person

pytestmark = pytest.mark.long

COUNT = 500
TITLES = [f"Task {number}" for number in range(1, COUNT + 1)]
SCROLL_LATE = """() => addEventListener('popstate', () => {
  document.querySelector('.scroller').dispatchEvent(new Event('scroll'));
}, { once: true })"""
"""What the browser tells of the list before, when somebody goes back in the very frame in which that got shorter."""
STRETCHED = """(list) => {
  list.style.paddingBottom = '9999px';
  return getComputedStyle(list).paddingBottom;
}"""


@pytest.fixture
async def busy(ann: Person) -> Person:
    answer = await ann.ask("POST", "/api/users/me/import", {"tasks": [{"title": title} for title in TITLES]})
    assert answer.ok, await answer.text()
    await ann.page.reload()
    await expect(ann.page.get_by_role("link", name=f"Inbox {COUNT}")).to_be_visible()
    return ann


async def test_scrolling_shows_all_in_order_and_holds_few_rows(busy: Person) -> None:
    await expect(busy.titles.first).to_have_text("Task 1")
    assert await busy.tasks.count() < 100
    await busy.page.locator(".scroller").evaluate("scroller => scroller.scrollTo(0, scroller.scrollHeight)")
    await expect(busy.titles.last).to_have_text(f"Task {COUNT}")
    assert await busy.tasks.count() < 100
    await expect(busy.tasks.last).to_have_attribute("aria-posinset", str(COUNT))


async def test_keys_walk_on_over_what_was_not_drawn_and_back_stays_where_one_was(busy: Person) -> None:
    await busy.tasks.first.locator(".open").focus()
    for _ in range(60):
        await busy.page.keyboard.press("ArrowDown")
    await expect(busy.page.get_by_role("button", name="Task 61", exact=True)).to_be_focused()
    await busy.goes_to("Done")
    await busy.page.go_back()
    await expect(busy.page.get_by_role("button", name="Task 61", exact=True)).to_be_visible()


async def test_back_stays_where_one_was_even_if_the_list_before_is_heard_of_late(busy: Person) -> None:
    await busy.page.locator(".scroller").evaluate("scroller => scroller.scrollTo(0, 2000)")
    await expect(busy.task("Task 61")).to_be_visible()
    await busy.goes_to("Done")
    await busy.sees_tasks()
    await busy.page.evaluate(SCROLL_LATE)
    await busy.page.go_back()
    await expect(busy.page.get_by_role("button", name="Task 61", exact=True)).to_be_in_viewport()


async def test_with_less_motion_the_room_for_rows_is_there_at_once(busy: Person) -> None:
    assert await busy.page.locator(".list").evaluate(STRETCHED) == "9999px"


async def test_what_is_added_or_deleted_meanwhile_is_counted_exactly(busy: Person) -> None:
    await busy.has("Task 501")
    await busy.ask("DELETE", "/api/tasks/120")
    await busy.ask("DELETE", "/api/tasks/121")
    await expect(busy.page.get_by_role("link", name=f"Inbox {COUNT - 1}")).to_be_visible()
    await busy.page.reload()
    await expect(busy.page.get_by_role("link", name=f"Inbox {COUNT - 1}")).to_be_visible()


async def test_many_are_chosen_and_completed_at_once(busy: Person) -> None:
    await busy.tasks.first.locator(".open").focus()
    await busy.page.keyboard.press("Control+a")
    await expect(busy.page.locator(".selection strong")).to_have_text(f"{COUNT} tasks")
    await busy.page.keyboard.press("e")
    await busy.sees_tasks()
    await busy.notice(f"Completed: {COUNT} tasks").get_by_role("button", name="Undo").wait_for()
