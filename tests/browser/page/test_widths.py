"""What gives way on a narrower window, and comes back."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import NewPerson
from tests.browser.person import Person
from tests.e2e.conftest import Server

pytestmark = pytest.mark.long


@pytest.fixture
async def mia(served: Server, somebody: NewPerson) -> Person:
    return await somebody(served, viewport={"width": 900, "height": 800})


async def test_the_sidebar_lies_above_the_list_only_while_it_is_wanted(mia: Person) -> None:
    places = mia.page.get_by_role("navigation", name="Places")
    await expect(places).to_be_hidden()
    await mia.button("Show the sidebar").click()
    await expect(mia.page.get_by_role("button", name="Account")).to_be_focused()
    await mia.goes_to("Today")
    await expect(mia.page.get_by_role("heading", name="Today")).to_be_visible()
    await expect(places).to_be_hidden()
    await mia.page.keyboard.press("[")
    await expect(places).to_be_visible()
    await mia.page.keyboard.press("Escape")
    await expect(places).to_be_hidden()
    await expect(mia.button("Show the sidebar")).to_be_focused()
    await mia.page.keyboard.press("[")
    await expect(places).to_be_visible()
    await mia.page.mouse.click(600, 600)
    await expect(places).to_be_hidden()


async def test_a_folded_sidebar_of_a_wide_window_stays_folded(ann: Person) -> None:
    await ann.button("Fold the sidebar").click()
    await ann.page.reload()
    await expect(ann.button("Show the sidebar")).to_be_visible()
    await ann.button("Show the sidebar").click()
    await expect(ann.page.get_by_role("navigation", name="Places")).to_be_visible()


async def test_the_list_keeps_most_of_a_narrower_window(mia: Person) -> None:
    list_, assistant = [await mia.page.locator(each).bounding_box() for each in (".pane", "aside.chat")]
    assert list_
    assert assistant
    assert assistant["width"] <= 0.35 * 900
    assert list_["width"] + assistant["width"] == 900
    await mia.button("Fold the assistant").click()
    await expect(mia.page.locator(".pane")).to_have_css("width", "900px")
