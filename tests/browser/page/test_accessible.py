"""axe finds nothing in any view: light, dark and on a phone."""

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.browser.conftest import NewPerson
from tests.browser.person import Person
from tests.e2e.conftest import Server

LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True},
}
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


async def nothing_is_wrong(page: Page) -> None:
    results = await Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert not await page.evaluate(TOO_WIDE), "scrolls sideways"


@pytest.fixture(params=["light", *(pytest.param(look, marks=pytest.mark.long) for look in ("dark", "phone"))])
async def nobody(served: Server, newcomer: NewPerson, request: pytest.FixtureRequest) -> Person:
    return await newcomer(served, **LOOKS[request.param])


@pytest.fixture
async def eva(nobody: Person) -> Person:
    await nobody.sign_up()
    await nobody.opens()
    return nobody


@pytest.mark.parametrize("route", ["", "sign-in", "forgot-password"])
async def test_forms_for_who_is_not_signed_in(nobody: Person, route: str) -> None:
    await nobody.page.goto(f"/#/{route}")
    await expect(nobody.page.get_by_label("Email")).to_be_visible()
    await nothing_is_wrong(nobody.page)


async def test_a_new_password(nobody: Person) -> None:
    await nobody.page.goto("/reset-password?token=x")
    await nobody.page.get_by_label("New password").fill("password1")
    await nobody.button("Set it").click()
    await expect(nobody.page.get_by_role("alert")).not_to_be_empty()
    await nothing_is_wrong(nobody.page)


async def test_an_empty_list(eva: Person) -> None:
    await expect(eva.page.locator(".examples")).to_be_visible()
    await nothing_is_wrong(eva.page)


async def test_tasks_an_edit_a_notice_and_the_trash(eva: Person) -> None:
    await eva.has("Water the plants", "Pay the rent", "Buy milk")
    await eva.page.get_by_label("Done: Buy milk").click()
    await expect(eva.notice("Done: Buy milk")).to_be_visible()
    await eva.titles.get_by_text("Water the plants").click()
    await expect(eva.page.get_by_label("Title")).to_be_focused()
    await nothing_is_wrong(eva.page)
    await eva.page.keyboard.press("Escape")
    await eva.page.get_by_label("Delete: Pay the rent").click()
    await eva.page.get_by_role("group", name="Which tasks").get_by_role("button", name="Trash").click()
    await eva.sees_tasks("Pay the rent")
    await nothing_is_wrong(eva.page)
    await eva.button("All").click()
    await eva.sees_tasks("Buy milk", "Water the plants")
    await nothing_is_wrong(eva.page)


async def test_a_conversation(eva: Person) -> None:
    await show_chat(eva)
    await eva.says("Add a task to buy milk")
    await expect(eva.button("Answer anew")).to_be_visible()
    await eva.says("Delete task 99")
    await expect(eva.answers).to_have_count(2)
    await expect(eva.button("Answer anew")).to_be_visible()
    await nothing_is_wrong(eva.page)


async def show_chat(person: Person) -> None:
    switch = person.page.locator(".switch").get_by_role("button", name="Assistant")
    if await switch.is_visible():
        await switch.click()


async def test_the_account_and_a_connected_client(eva: Person) -> None:
    await eva.page.goto("/#/account")
    await eva.page.get_by_text("Erase my account").click()
    await nothing_is_wrong(eva.page)
    await eva.page.goto("/#/connect")
    await eva.button("Make a token").click()
    await eva.page.locator("summary", has_text="VS Code").click()
    await nothing_is_wrong(eva.page)
