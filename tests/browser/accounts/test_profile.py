"""Where somebody is: told by the browser at first, and changed by hand."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import NewPerson
from tests.browser.person import PASSWORD, Person
from tests.e2e.conftest import Server

pytestmark = pytest.mark.long


async def test_a_newcomers_zone_and_language_are_the_browsers_and_can_be_changed(
    served: Server, newcomer: NewPerson
) -> None:
    ann = await newcomer(served, timezone_id="America/New_York", locale="en-GB")
    async with ann.page.expect_response("**/api/auth/signup") as signed_up:
        await ann.signs_up_in_the_page()
    user = (await (await signed_up.value).json())["user"]
    assert (user["timezone"], user["week_start"], user["locale"]) == ("America/New_York", "monday", "en-GB")
    await expect(ann.page.locator(".examples button").first).to_be_visible()
    await ann.page.goto("/settings")
    zone = ann.page.get_by_label("Time zone")
    await expect(zone).to_have_value("America/New_York")
    await zone.fill("asia/tokyo")
    await ann.page.get_by_label("Sunday").check()
    await ann.button("Save").click()
    await expect(ann.notice("Your profile is saved.")).to_be_visible()
    await ann.page.reload()
    await expect(zone).to_have_value("Asia/Tokyo")
    await expect(ann.page.get_by_label("Sunday")).to_be_checked()
    await zone.fill("Mars/Base")
    await ann.button("Save").click()
    await expect(ann.notice("time zone")).to_be_visible()


async def test_a_zone_that_the_server_does_not_know_keeps_nobody_out(served: Server, newcomer: NewPerson) -> None:
    ann = await newcomer(served, timezone_id="Etc/GMT+1")
    unknown = """{
      const options = Intl.DateTimeFormat.prototype.resolvedOptions;
      Intl.DateTimeFormat.prototype.resolvedOptions = function () {
        return { ...options.call(this), timeZone: 'Etc/Unknown' };
      };
    }"""
    await ann.page.add_init_script(unknown)
    await ann.signs_up_in_the_page()
    await expect(ann.page.locator(".examples button").first).to_be_visible()


async def test_a_changed_password_asks_whether_tokens_and_webhooks_end(ann: Person) -> None:
    await ann.page.goto("/settings/security")
    for choice, said in (
        ("Keep working", "and nowhere else."),
        ("End, too", "has ended: no API tokens and no webhooks"),
    ):
        await ann.page.get_by_label("Current password").fill(PASSWORD)
        await ann.page.get_by_label("New password").fill(PASSWORD)
        await ann.page.get_by_label(choice).check()
        await ann.button("Change password").click()
        await expect(ann.notice(said)).to_be_visible()


async def test_a_theme_is_kept_on_the_device(ann: Person) -> None:
    await ann.page.goto("/settings")
    await ann.page.get_by_label("Dark").check()
    await expect(ann.page.locator("html")).to_have_attribute("data-theme", "dark")
    await ann.page.reload()
    await expect(ann.page.locator("html")).to_have_attribute("data-theme", "dark")
    await expect(ann.page.get_by_label("Dark")).to_be_checked()


async def test_a_wrong_password_is_told_in_a_line_without_a_number_to_look_for(ann: Person) -> None:
    await ann.page.goto("/settings/security")
    await ann.page.get_by_label("Current password").fill("not this one")
    await ann.page.get_by_label("New password").fill("another battery")
    await ann.button("Change password").click()
    notice = ann.notice("The password is as it was. The password is wrong.")
    await expect(notice).to_be_visible()
    await expect(notice.get_by_text("Details")).to_have_count(0)
