"""Who is signed in stays so, and no script can take that from them."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import NewPerson
from tests.browser.person import PASSWORD, Person
from tests.e2e.conftest import Server

pytestmark = pytest.mark.long
STORED = "[localStorage.length, sessionStorage.length, document.cookie]"
KEPT = """async () => {
  const open = indexedDB.open('tasktalk');
  const database = await new Promise((resolve) => (open.onsuccess = () => resolve(open.result)));
  const names = [...database.objectStoreNames];
  const all = (name) => new Promise((resolve) => {
    database.transaction(name).objectStore(name).getAll().onsuccess = ({ target }) => resolve(target.result);
  });
  return JSON.stringify(await Promise.all(names.map(all)));
}"""
EXPIRED = {"detail": {"code": "UNAUTHORIZED", "message": "The token has expired."}}


async def test_nothing_of_a_session_is_where_a_script_finds_it(ann: Person) -> None:
    await ann.adds("Buy milk")
    await ann.page.wait_for_function(f"async () => (await ({KEPT})()).includes('Buy milk')")
    assert await ann.page.evaluate(STORED) == [0, 0, "tasktalk_signed_in=1"]
    assert "eyJ" not in await ann.page.evaluate(KEPT)
    (cookie,) = [each for each in await ann.context.cookies() if each["name"] == "tasktalk_refresh"]
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")


async def test_a_visitor_asks_for_no_session_and_for_no_list(served: Server, newcomer: NewPerson) -> None:
    visitor = await newcomer(served)
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    await visitor.page.goto("/")
    await expect(visitor.page.get_by_label("Email")).to_be_visible()
    assert not [url for url in asked if url.endswith(("/api/auth/refresh", "/inside.js"))]


async def test_what_is_missing_in_a_form_is_told_under_its_field(served: Server, newcomer: NewPerson) -> None:
    visitor = await newcomer(served)
    await visitor.page.goto("/")
    await visitor.button("Create an account").click()
    told = visitor.page.locator(".field .wrong")
    await expect(told).to_have_text(["This is needed.", "This is needed."])
    await expect(visitor.page.get_by_label("Email")).to_be_focused()
    await visitor.page.get_by_label("Email").fill(visitor.email)
    await visitor.page.get_by_label("Password").fill("short")
    await visitor.page.keyboard.press("Enter")
    await expect(told).to_have_text(["", "Use at least 8 characters."])
    await expect(visitor.page.get_by_label("Password")).to_be_focused()
    await visitor.page.get_by_label("Password").fill(PASSWORD)
    await expect(told).to_have_text(["", ""])


async def test_a_list_without_a_name_is_not_made_and_its_field_says_so(ann: Person) -> None:
    await ann.button("New list").click()
    name = ann.page.get_by_role("dialog").get_by_label("Name")
    await expect(name).to_be_focused()
    await ann.page.keyboard.press("Enter")
    await expect(name).to_be_focused()
    await expect(name).to_have_attribute("data-refused", "")
    await name.fill("Home")
    await expect(name).not_to_have_attribute("data-refused", "")
    await ann.page.keyboard.press("Enter")
    await expect(ann.page.get_by_role("heading", name="Home")).to_be_visible()


async def test_who_signed_in_before_there_was_a_cookie_that_says_so_stays_signed_in(ann: Person) -> None:
    await ann.context.clear_cookies(name="tasktalk_signed_in")
    await ann.page.reload()
    await ann.is_live()


async def test_an_expired_access_token_is_renewed_in_passing(ann: Person) -> None:
    expired = {"status": 401, "json": EXPIRED}
    await ann.page.route("**/api/users/me/tasks", lambda route: route.fulfill(**expired), times=1)
    async with ann.page.expect_response("**/api/auth/refresh") as refreshed:
        await ann.adds("Buy milk")
    assert (await refreshed.value).ok
    await ann.sees_tasks("Buy milk")
    await expect(ann.page.locator(".notice")).to_have_count(0)


async def test_two_tabs_renew_at_once_and_both_go_on(ann: Person) -> None:
    tab = await ann.another_tab()
    for person in (ann, tab):
        await person.page.reload(wait_until="commit")
    for person in (ann, tab):
        await person.is_live()


async def test_who_was_signed_out_elsewhere_is_told_and_nothing_of_theirs_stays(ann: Person) -> None:
    await ann.adds("Buy milk")
    await ann.sees_tasks("Buy milk")
    await ann.page.get_by_label("New task").fill("Buy bread")
    assert (await ann.ask("POST", "/api/auth/signout-everywhere")).ok
    await ann.page.keyboard.press("Enter")
    await expect(ann.notice("You were signed out. Sign in again.")).to_be_visible()
    await expect(ann.page.get_by_text("Buy milk")).to_have_count(0)
    await ann.page.wait_for_function(f"async () => !(await ({KEPT})()).includes('Buy')")


async def test_the_next_one_at_the_same_browser_sees_nothing_of_the_one_before(ann: Person) -> None:
    await ann.adds("A secret")
    await ann.says("What can you do?")
    await ann.is_answered()
    tab = await ann.another_tab()
    await ann.signs_out()
    await expect(tab.page.get_by_label("Email")).to_be_visible()
    await tab.page.close()
    await ann.page.get_by_role("link", name="Create an account").click()
    await expect(ann.button("Create an account")).to_be_visible()
    await ann.page.get_by_label("Email").fill(f"next-{ann.email}")
    await ann.page.get_by_label("Password").fill(PASSWORD)
    await ann.button("Create an account").click()
    await expect(ann.page.locator(".examples")).to_be_visible()
    await expect(ann.page.locator(".message")).to_have_count(0)
    await expect(ann.tasks).to_have_count(0)


async def test_a_forgotten_password_is_set_anew(served: Server, newcomer: NewPerson) -> None:
    gus = await newcomer(served)
    await gus.sign_up()
    await gus.context.clear_cookies()
    await gus.page.goto("/sign-in")
    await gus.page.get_by_role("link", name="I forgot my password").click()
    await expect(gus.button("Send me a link")).to_be_visible()
    await gus.page.get_by_label("Email").fill(gus.email)
    await gus.button("Send me a link").click()
    await gus.page.get_by_label("New password").fill("another horse battery")
    await gus.button("Set it").click()
    await gus.page.get_by_label("Email").fill(gus.email)
    await gus.page.get_by_label("Password").fill("another horse battery")
    await gus.button("Sign in").click()
    await expect(gus.page.locator(".examples")).to_be_visible()


async def test_an_account_is_erased_with_its_password(ann: Person) -> None:
    await ann.page.goto("/settings/security")
    await ann.button("Erase my account").click()
    await ann.page.get_by_role("dialog").get_by_label("Password", exact=True).fill(PASSWORD)
    await ann.button("Erase it").click()
    await expect(ann.notice("erased")).to_be_visible()
    await expect(ann.page.get_by_label("Email")).to_be_visible()
