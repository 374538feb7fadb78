"""Parts of the page that are fetched later come when the server is there again, or the person reads why they do not."""

import asyncio
import re

import pytest
from playwright.async_api import Request, Route, expect

from tests.browser.person import Person

pytestmark = pytest.mark.long


@pytest.mark.parametrize(
    ("address", "module", "seen"),
    [
        ("/settings/connect", "settings/pages/settings.js", "h1:text('Connect')"),
        ("/search", "filter/filter-field.js", ".filter input"),
        ("/chat", "chat/examples.js", ".examples button"),
        ("/inbox", "server/worker.js", "h1"),
    ],
)
async def test_what_nobody_pressed_for_is_fetched_again(ann: Person, address: str, module: str, seen: str) -> None:
    def is_module(request: Request) -> bool:
        return request.url.endswith(module)

    await ann.page.route(re.compile(module), lambda route: route.abort(), times=1)
    async with ann.page.expect_event("requestfinished", is_module):
        await ann.page.goto(address)
    await expect(ann.page.locator(seen).first).to_be_visible()


async def test_the_title_of_a_place_stands_where_it_will_stay_before_its_list_is_here(ann: Person) -> None:
    arrived = asyncio.Event()

    async def hold(route: Route) -> None:
        await arrived.wait()
        await route.continue_()

    await ann.page.route(re.compile("/inside.js"), hold)
    await ann.page.goto("/today", wait_until="commit")
    title = ann.page.get_by_role("heading", name="Today")
    await expect(title).to_have_attribute("aria-busy", "true")
    before = await title.bounding_box()
    arrived.set()
    await ann.is_live()
    assert await title.bounding_box() == before


async def test_what_a_press_could_not_open_is_told_and_opens_by_the_next_press(ann: Person) -> None:
    await ann.has("Call mom")
    await ann.opens_task("Call mom")
    await ann.page.route(re.compile("reminder-picker.js"), lambda route: route.abort(), times=1)
    await ann.button("Reminders: none").click()
    await expect(ann.page.locator(".notice")).to_contain_text("The server can't be reached")
    await ann.button("Reminders: none").click()
    await expect(ann.page.get_by_role("dialog", name="Reminders")).to_be_visible()
