"""axe finds nothing in any view: light, dark and on a phone."""

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.browser.conftest import NewPerson
from tests.browser.person import Person, this_minute
from tests.browser.tasks.test_fields import day
from tests.e2e.conftest import Server

pytestmark = pytest.mark.long

LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True},
}
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


SETTLED = "Promise.all(document.getAnimations().map((each) => each.finished.catch(() => {})))"
"""A colour that is still changing is not the one that people read."""


async def nothing_is_wrong(page: Page) -> None:
    await page.evaluate(SETTLED)
    results = await Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert not await page.evaluate(TOO_WIDE), "scrolls sideways"


@pytest.fixture(params=LOOKS)
async def nobody(served: Server, newcomer: NewPerson, request: pytest.FixtureRequest) -> Person:
    return await newcomer(served, **LOOKS[request.param])


@pytest.fixture
async def eva(nobody: Person) -> Person:
    await nobody.sign_up()
    await nobody.opens()
    return nobody


@pytest.mark.parametrize("route", ["", "sign-in", "forgot-password"])
async def test_forms_for_who_is_not_signed_in(nobody: Person, route: str) -> None:
    await nobody.page.goto(f"/{route}")
    await expect(nobody.page.get_by_label("Email")).to_be_visible()
    await nothing_is_wrong(nobody.page)


async def test_a_new_password(nobody: Person) -> None:
    await nobody.page.goto("/reset-password?token=x")
    await nobody.page.get_by_label("New password").fill("password1")
    await nobody.button("Set it").click()
    await expect(nobody.page.get_by_role("alert")).not_to_be_empty()
    await nothing_is_wrong(nobody.page)


async def test_a_form_that_lacks_something(nobody: Person) -> None:
    await nobody.page.goto("/")
    await nobody.button("Create an account").click()
    await expect(nobody.page.locator(".field .wrong").first).to_have_text("This is needed.")
    await nothing_is_wrong(nobody.page)


async def test_lists_that_are_offered(eva: Person) -> None:
    await eva.ask("POST", "/api/users/me/lists", {"name": "Home"})
    await eva.page.keyboard.press("q")
    field = eva.page.get_by_role("textbox", name="New task")
    await expect(field).to_be_focused()
    await field.press_sequentially("Call #")
    await expect(eva.page.get_by_role("listbox", name="Completions")).to_be_visible()
    await nothing_is_wrong(eva.page)


async def test_an_empty_list(eva: Person) -> None:
    await expect(eva.page.locator(".examples")).to_be_visible()
    await nothing_is_wrong(eva.page)


async def test_tasks_an_open_one_a_notice_and_the_trash(eva: Person) -> None:
    await eva.has("Water the plants", "Pay the rent", "Buy milk")
    await eva.check("Buy milk").click()
    await expect(eva.notice("Completed: Buy milk")).to_be_visible()
    await eva.opens_task("Water the plants")
    await nothing_is_wrong(eva.page)
    await eva.page.keyboard.press("Escape")
    await eva.page.get_by_role("button", name="Pay the rent", exact=True).focus()
    await eva.page.keyboard.press("x")
    await expect(eva.page.locator(".selection")).to_be_visible()
    await nothing_is_wrong(eva.page)
    await eva.page.keyboard.press("Delete")
    await eva.page.goto("/trash")
    await eva.sees_tasks("Pay the rent")
    await nothing_is_wrong(eva.page)


async def test_a_reminder_that_rings_and_those_of_a_task(eva: Person) -> None:
    task = {"title": "Call the vet", "due": await this_minute(), "reminders": ["PT0M"]}
    await eva.ask("POST", "/api/users/me/tasks", task)
    await eva.hears("Call the vet")
    await nothing_is_wrong(eva.page)
    await eva.page.locator(".rung").get_by_role("button", name="Dismiss").click()
    await eva.opens_task("Call the vet")
    await eva.page.get_by_role("button", name="Reminders: At the due time").click()
    await expect(eva.page.get_by_role("list", name="Reminders")).to_be_visible()
    await nothing_is_wrong(eva.page)


async def test_the_days_ahead_and_the_times_of_a_day(eva: Person) -> None:
    await eva.ask("POST", "/api/users/me/tasks", {"title": "Call the vet", "due": day(2)})
    await eva.opens("/upcoming")
    await expect(eva.page.get_by_role("button", expanded=False).first).to_be_visible()
    await nothing_is_wrong(eva.page)
    await eva.opens_task("Call the vet")
    await eva.page.locator(".card .chip").first.click()
    await eva.page.get_by_role("combobox", name="Time").focus()
    await expect(eva.page.get_by_role("option").first).to_be_attached()
    await nothing_is_wrong(eva.page)


async def test_the_palette_a_menu_and_a_question(eva: Person) -> None:
    await eva.page.locator("h1").click()
    await eva.page.keyboard.press("Control+k")
    await expect(eva.page.get_by_role("combobox", name="Search")).to_be_visible()
    await nothing_is_wrong(eva.page)
    await eva.page.keyboard.press("Escape")
    await eva.page.keyboard.press("?")
    await expect(eva.page.get_by_role("dialog")).to_be_visible()
    await nothing_is_wrong(eva.page)
    await eva.page.goto("/settings/security")
    await eva.button("Erase my account").click()
    await expect(eva.page.get_by_role("dialog")).to_be_visible()
    await nothing_is_wrong(eva.page)


async def test_a_conversation(eva: Person) -> None:
    await show_chat(eva)
    await eva.says("Add a task to buy milk")
    await eva.is_answered()
    await eva.says("Delete task 99")
    await expect(eva.answers).to_have_count(2)
    await eva.is_answered()
    await nothing_is_wrong(eva.page)
    await eva.button("Conversations").click()
    await expect(eva.page.locator(".conversations")).to_be_visible()
    await nothing_is_wrong(eva.page)


async def show_chat(person: Person) -> None:
    tab = person.page.locator(".tabs").get_by_role("link", name="Assistant")
    if await tab.is_visible():
        await tab.click()


async def test_settings_and_a_connected_client(eva: Person) -> None:
    for page in ("", "/reminders", "/security", "/data"):
        await eva.page.goto(f"/settings{page}")
        await expect(eva.page.locator("h1")).to_be_visible()
        await nothing_is_wrong(eva.page)
    await eva.page.goto("/settings/connect")
    await eva.button("Make a token").click()
    await eva.page.locator("summary", has_text="VS Code").click()
    await nothing_is_wrong(eva.page)
