"""The days ahead, the empty ones folded, and which day it is where the person lives."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from playwright.async_api import expect

from tests.browser.person import Person
from tests.browser.tasks.test_fields import TASKS, day


async def test_days_without_a_task_are_folded_and_tasks_are_added_there(ann: Person) -> None:
    await ann.ask("POST", TASKS, {"title": "Water the plants", "due": day(2)})
    await ann.opens("/upcoming")
    heads = ann.page.locator(".group-head")
    await expect(heads).to_have_count(3)
    await expect(heads.nth(0)).to_contain_text("Tomorrow")
    await expect(heads.nth(0)).to_contain_text("nothing")
    await expect(heads.nth(1)).to_contain_text("1")
    await heads.nth(2).get_by_role("button", expanded=False).click()
    await expect(heads).to_have_count(14)
    await heads.nth(5).get_by_role("button").click()
    await ann.page.keyboard.type("Ring the plumber at 9am")
    await ann.page.keyboard.press("Enter")
    await ann.page.keyboard.press("Escape")
    await ann.sees_tasks("Water the plants", "Ring the plumber")
    await expect(heads).to_have_count(14)
    await ann.is_saved()
    assert (await (await ann.ask("GET", "/api/tasks/2")).json())["due"] == f"{day(6)}T09:00"


async def test_the_day_is_that_of_the_account_from_the_first_look(ann: Person) -> None:
    zone = "Pacific/Kiritimati" if datetime.now(UTC).hour >= 11 else "Pacific/Pago_Pago"
    await ann.ask("PATCH", "/api/auth/me", {"timezone": zone})
    await ann.opens("/today")
    today = datetime.now(ZoneInfo(zone))
    await expect(ann.page.locator(".subtitle")).to_contain_text(f"{today:%B} {today.day}", timeout=5_000)


async def test_tomorrow_is_shown_alone(ann: Person) -> None:
    await ann.ask("POST", TASKS, {"title": "Today", "due": day(0)})
    await ann.opens("/upcoming")
    await expect(ann.page.locator(".empty")).to_be_visible()
    await ann.page.locator(".group-head").get_by_role("button", expanded=False).click()
    await expect(ann.page.locator(".group-head h2").first).to_contain_text("Tomorrow")
