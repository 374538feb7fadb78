"""Without a connection: what is shown, what is kept, and what happens when it comes back."""

import re

import pytest
from playwright.async_api import BrowserContext, expect

from tests.browser.conftest import NewPerson
from tests.browser.person import Person
from tests.e2e.conftest import Server

pytestmark = pytest.mark.long

CONTROLLED = "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)"


async def test_changes_made_offline_are_shown_kept_and_sent_in_order(ann: Person) -> None:
    await ann.has("Buy milk")
    await ann.sees_tasks("Buy milk")
    await ann.context.set_offline(True)
    await expect(ann.page.locator(".away")).to_contain_text("You are offline")
    await ann.adds("Buy bread")
    await ann.sees_tasks("Buy milk", "Buy bread")
    await ann.opens_task("Buy bread")
    await ann.page.get_by_label("Title").fill("Buy rye bread")
    await ann.page.keyboard.press("Enter")
    await ann.check("Buy milk").click()
    await ann.sees_tasks("Buy rye bread")
    await expect(ann.page.locator(".away")).to_contain_text("will be sent when you are back")
    await ann.context.set_offline(False)
    await ann.is_live()
    await expect(ann.page.locator(".away")).to_have_text("")
    await ann.is_saved()
    await ann.page.reload()
    await ann.sees_tasks("Buy rye bread")
    listing = await (await ann.ask("GET", "/api/users/me/tasks?status=all")).json()
    assert sorted((task["title"], task["completed"]) for task in listing["tasks"]) == [
        ("Buy milk", True),
        ("Buy rye bread", False),
    ]


async def test_who_adds_a_task_offline_is_told_that_its_words_are_not_read(ann: Person) -> None:
    await ann.context.set_offline(True)
    await ann.is_away()
    await ann.page.get_by_label("New task").fill("Buy bread tomorrow")
    await expect(ann.page.locator(".away")).to_contain_text("stays a part of the title")
    await ann.page.keyboard.press("Enter")
    await ann.sees_tasks("Buy bread tomorrow")
    await expect(ann.page.locator(".away")).not_to_contain_text("stays a part of the title")


async def test_another_tab_shows_what_is_not_sent_yet_and_an_undo_takes_it_back(ann: Person) -> None:
    tab = await ann.another_tab()
    await ann.context.set_offline(True)
    await ann.is_away()
    await ann.adds("Buy bread")
    await tab.sees_tasks("Buy bread")
    await ann.page.keyboard.press("Escape")
    await expect(ann.page.get_by_label("New task")).not_to_be_focused()
    await ann.page.keyboard.press("Control+z")
    await ann.sees_tasks()
    await tab.sees_tasks()


async def test_the_page_opens_offline_with_what_was_not_sent_and_signing_out_clears_it(
    served: Server, somebody: NewPerson
) -> None:
    eve = await somebody(served, service_workers="allow")
    await eve.has("Buy milk")
    await eve.sees_tasks("Buy milk")
    await eve.page.wait_for_function(CONTROLLED)
    await eve.context.set_offline(True)
    await eve.adds("Buy bread")
    await eve.sees_tasks("Buy milk", "Buy bread")
    await eve.page.wait_for_timeout(600)
    await eve.page.reload()
    await eve.sees_tasks("Buy milk", "Buy bread")
    await eve.page.goto("/done")
    await expect(eve.page.get_by_role("heading", name="Done")).to_be_visible()
    await eve.context.set_offline(False)
    await eve.is_live()
    await eve.page.goto("/inbox")
    await eve.sees_tasks("Buy milk", "Buy bread")
    await expect(eve.page.locator(".task.fresh")).to_have_count(0)
    await eve.signs_out()
    await expect(eve.page.get_by_label("Email")).to_be_visible()
    assert await kept(eve.context) == 0


async def kept(context: BrowserContext) -> int:
    count = """async () => {
      const request = indexedDB.open('tasktalk');
      const database = await new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
      const names = [...database.objectStoreNames];
      const counts = names.map((name) => new Promise((resolve) => {
        database.transaction(name).objectStore(name).count().onsuccess = ({ target }) => resolve(target.result);
      }));
      return (await Promise.all(counts)).reduce((sum, each) => sum + each, 0);
    }"""
    return int(await context.pages[0].evaluate(count))


async def test_a_page_that_comes_back_is_up_to_date_at_once(ann: Person) -> None:
    await ann.has("Buy milk")
    await ann.sees_tasks("Buy milk")
    await ann.page.goto("about:blank")
    await ann.has("Buy bread")
    await ann.page.go_back()
    await expect(ann.titles).to_have_text(["Buy milk", "Buy bread"], timeout=2000)


async def test_a_frozen_connection_is_left_when_the_page_is_seen_again(ann: Person) -> None:
    await ann.page.route(re.compile("/events/stream"), lambda _: None)  # takes the request and never answers
    await ann.page.reload()
    await ann.has("Buy milk")
    await ann.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await expect(ann.titles).to_have_text(["Buy milk"], timeout=2000)
