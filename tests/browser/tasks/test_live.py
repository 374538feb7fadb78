"""What changes anywhere shows everywhere, as it changes."""

import pytest
from playwright.async_api import Route, expect

from tests.browser.conftest import NewPerson
from tests.browser.person import NEXT_FRAMES, Person
from tests.e2e.conftest import Server

pytestmark = pytest.mark.long


@pytest.fixture
async def elsewhere(ann: Person, newcomer: NewPerson, served: Server) -> Person:
    """Ann, at another browser."""
    other = await newcomer(served)
    other.email = ann.email
    await other.sign_in()
    await other.opens()
    return other


async def test_a_second_tab_and_another_browser_see_each_change(ann: Person, elsewhere: Person) -> None:
    tab = await ann.another_tab()
    await ann.adds("Water the plants")
    await tab.sees_tasks("Water the plants")
    await tab.opens_task("Water the plants")
    await tab.page.get_by_label("Title").fill("Water the trees")
    await tab.page.keyboard.press("Enter")
    for person in (ann, elsewhere):
        await person.sees_tasks("Water the trees")
    await elsewhere.check("Water the trees").click()
    for person in (ann, tab, elsewhere):
        await person.sees_tasks()


MOST_ROWS = """() => {
  window.mostRows = 0;
  const count = () => (window.mostRows = Math.max(window.mostRows, document.querySelectorAll('.list .task').length));
  new MutationObserver(count).observe(document.body, { childList: true, subtree: true });
}"""


async def test_a_new_task_is_shown_once_though_the_feed_is_faster_than_the_answer(
    ann: Person, elsewhere: Person
) -> None:
    tab = await ann.another_tab()
    for person in (ann, tab):
        await person.page.evaluate(MOST_ROWS)

    async def answer_late(route: Route) -> None:
        answer = await route.fetch()
        await elsewhere.sees_tasks("Water the plants")
        await tab.page.evaluate(NEXT_FRAMES)
        await route.fulfill(response=answer)

    await ann.page.route("**/api/users/me/tasks", answer_late)
    await ann.adds("Water the plants")
    await expect(tab.page.locator(".task[id='task-1']")).to_have_count(1)
    await ann.is_saved()
    await tab.is_saved()
    for person in (ann, tab):
        await person.sees_tasks("Water the plants")
        assert await person.page.evaluate("window.mostRows") == 1


async def test_seven_tabs_and_a_chat_in_each_share_one_live_connection(ann: Person) -> None:
    tabs = [ann, *[await ann.another_tab() for _ in range(6)]]
    for number, tab in enumerate(tabs):
        await tab.button("New conversation").click()
        await tab.says(f"Add a task to buy {number}")
    for tab in tabs:
        await expect(tab.answers.last.locator(".did")).to_be_visible(timeout=40_000)
        await expect(tab.tasks).to_have_count(len(tabs), timeout=40_000)


async def test_a_tab_takes_over_the_connection_of_one_that_is_closed(ann: Person) -> None:
    tab = await ann.another_tab()
    third = await ann.another_tab()
    await ann.page.close()
    await tab.has("Water the plants")
    for person in (tab, third):
        await person.sees_tasks("Water the plants")
    ann.page = tab.page


async def test_what_a_program_with_a_token_does_is_seen_live(ann: Person) -> None:
    draft = {"name": "A script", "scopes": ["tasks:read", "tasks:write"], "expires_in_days": 1}
    token = (await (await ann.ask("POST", "/api/users/me/tokens", draft)).json())["token"]
    await ann.ask("POST", "/api/users/me/tasks", {"title": "From a script"}, token)
    await ann.sees_tasks("From a script")
    await ann.ask("DELETE", "/api/tasks/1", token=token)
    await ann.sees_tasks()


async def test_what_the_assistant_does_in_one_tab_is_seen_in_the_other_with_what_was_said(ann: Person) -> None:
    tab = await ann.another_tab()
    await ann.says("Add a task to buy milk")
    await tab.sees_tasks("Buy milk")
    await expect(tab.page.locator(".message.user")).to_have_text("Add a task to buy milk")
    await expect(tab.done).to_have_text(["Buy milk"])


async def test_an_edit_in_progress_is_not_disturbed_by_another_task_that_changes(ann: Person) -> None:
    await ann.has("Water the plants")
    await ann.opens_task("Water the plants")
    await ann.page.get_by_label("Title").fill("Water the tr")
    await ann.has("Pay the rent")
    await expect(ann.task("Pay the rent")).to_be_visible()
    await expect(ann.page.get_by_label("Title")).to_be_focused()
    await ann.page.keyboard.type("ees")
    await ann.page.keyboard.press("Enter")
    await ann.sees_tasks("Water the trees", "Pay the rent")
