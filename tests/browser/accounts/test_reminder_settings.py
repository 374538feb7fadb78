"""Where reminders ring, when they are quiet, and the address that they are mailed to."""

import pytest
from playwright.async_api import expect

from tests.browser.person import PASSWORD, Person

pytestmark = pytest.mark.long

SETTINGS = "/api/users/me/reminder-settings"
DEFAULT = {"push": True, "mail": False, "quiet_from": None, "quiet_to": None, "morning_time": None}


async def settings(person: Person) -> dict[str, object]:
    return dict(await (await person.ask("GET", SETTINGS)).json())


async def test_quiet_hours_and_the_hour_of_days_are_kept_as_they_are_set(ann: Person) -> None:
    await ann.page.goto("/settings/reminders")
    await ann.page.get_by_role("switch", name="Keep quiet at night").click()
    await ann.page.get_by_label("From").fill("21:30")
    await ann.page.get_by_label("From").blur()
    await expect(ann.notice("Your reminders are saved.")).to_be_visible()
    await ann.page.get_by_label("Their reminders ring at").fill("08:15")
    await ann.page.get_by_label("Their reminders ring at").blur()
    await ann.page.reload()
    await expect(ann.page.get_by_label("From")).to_have_value("9:30 PM")
    await expect(ann.page.get_by_label("Their reminders ring at")).to_have_value("8:15 AM")
    assert await settings(ann) == DEFAULT | {"quiet_from": "21:30", "quiet_to": "07:00"}
    await ann.page.get_by_label("From").fill("07:00")
    await ann.page.get_by_label("From").blur()
    await expect(ann.notice("Your reminders are as they were.")).to_be_visible()
    await ann.page.get_by_role("switch", name="Keep quiet at night").click()
    await expect(ann.page.get_by_label("From")).to_have_count(0)


async def test_mails_begin_when_the_address_is_confirmed(ann: Person) -> None:
    await ann.page.goto("/settings/reminders")
    each = ann.page.get_by_role("switch", name="Mail me each reminder")
    await expect(each).to_be_disabled()
    await ann.button("Send me a link to confirm it").click()
    await expect(ann.page.get_by_text("A link is on its way to")).to_contain_text(ann.email)
    await ann.button("Send it again").click()
    await ann.page.get_by_role("link", name="Open the link").click()
    await ann.button("Confirm it").click()
    await expect(ann.page.get_by_text("Confirmed", exact=True)).to_be_visible()
    await expect(ann.page.get_by_text("A link is on its way to")).to_have_count(0)
    await each.click()
    await ann.page.get_by_role("switch", name="Mail me in the morning").click()
    await expect(ann.page.get_by_label("At", exact=True)).to_have_value("7:30 AM")
    assert await settings(ann) == DEFAULT | {"mail": True, "morning_time": "07:30"}


async def test_another_address_is_theirs_when_its_link_is_opened(ann: Person) -> None:
    await ann.page.goto("/settings")
    await ann.page.get_by_text("Change the address").click()
    await ann.page.get_by_label("New email").fill(f"new-{ann.email}")
    await ann.page.get_by_label("Password").fill("something else")
    await ann.button("Send a link there").click()
    await expect(ann.notice("Your address is as it was.")).to_be_visible()
    await ann.page.get_by_label("Password").fill(PASSWORD)
    await ann.button("Send a link there").click()
    await expect(ann.page.get_by_text("A link is on its way to")).to_contain_text(f"new-{ann.email}")
    await ann.page.get_by_role("link", name="Open the link").click()
    await ann.button("Confirm it").click()
    await expect(ann.page.get_by_text(f"new-{ann.email}", exact=True)).to_be_visible()
    await expect(ann.page.get_by_text("Confirmed", exact=True)).to_be_visible()


IS_SUBSCRIBED = """() => {
  const subscription = { unsubscribe: async () => (window.isEnded = true) };
  const pushManager = { getSubscription: async () => subscription };
  navigator.serviceWorker.getRegistration = async () => ({ pushManager, getNotifications: async () => [] });
}"""
"""Chromium reaches no push service here."""


async def test_a_browser_that_is_signed_out_is_pushed_nothing_any_more(ann: Person) -> None:
    await ann.page.evaluate(IS_SUBSCRIBED)
    await ann.signs_out()
    await ann.page.wait_for_function("() => window.isEnded")
