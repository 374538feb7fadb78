"""The days ahead, the empty ones folded, and which day it is where the person lives."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import NewPerson
from tests.browser.person import Person
from tests.browser.tasks.test_fields import TASKS, day
from tests.e2e.conftest import Server

pytestmark = pytest.mark.long


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


async def has_two_days(person: Person) -> None:
    await person.ask("POST", TASKS, {"title": "Ring the plumber", "due": f"{day(1)}T09:00"})
    await person.ask("POST", TASKS, {"title": "Water the plants", "due": day(3)})
    await person.opens("/upcoming")
    await person.sees_tasks("Ring the plumber", "Water the plants")


async def due(person: Person, number: int) -> str:
    await person.is_saved()
    return str((await (await person.ask("GET", f"/api/tasks/{number}")).json())["due"])


async def middle(what: Locator) -> tuple[float, float]:
    box = await what.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


async def test_a_row_that_is_dragged_to_another_day_is_due_then_and_keeps_its_hour(ann: Person) -> None:
    await has_two_days(ann)
    await ann.page.mouse.move(*await middle(ann.task("Ring the plumber")))
    await ann.page.mouse.down()
    await ann.page.mouse.move(*await middle(ann.task("Water the plants")), steps=8)
    await expect(ann.page.locator(".drop-day")).to_have_count(2)
    await ann.page.mouse.up()
    await expect(ann.page.locator(".drop-day")).to_have_count(0)
    assert await due(ann, 1) == f"{day(3)}T09:00"
    await ann.notice("Ring the plumber").get_by_role("button", name="Undo").click()
    await expect(ann.page.locator(f"[data-id='1'][data-day='{day(1)}']")).to_be_visible()
    assert await due(ann, 1) == f"{day(1)}T09:00"


async def test_a_row_is_dropped_on_the_head_of_a_day(ann: Person) -> None:
    await has_two_days(ann)
    await ann.page.mouse.move(*await middle(ann.task("Water the plants")))
    await ann.page.mouse.down()
    await ann.page.mouse.move(*await middle(ann.page.locator(".group-head", has_text="Tomorrow")), steps=8)
    await ann.page.mouse.up()
    await ann.sees_tasks("Ring the plumber", "Water the plants")
    assert await due(ann, 2) == day(1)


async def test_a_row_goes_from_day_to_day_by_keys_and_never_before_tomorrow(ann: Person) -> None:
    await has_two_days(ann)
    row = ann.page.get_by_role("button", name="Ring the plumber", exact=True)
    await row.press("Alt+ArrowUp")
    assert await due(ann, 1) == f"{day(1)}T09:00"
    await row.press("Alt+ArrowDown")
    assert await due(ann, 1) == f"{day(2)}T09:00"
    await expect(row).to_be_focused()
    await row.press("Alt+ArrowDown")
    assert await due(ann, 1) == f"{day(3)}T09:00"


async def test_a_row_is_dragged_to_another_day_by_a_finger_after_a_long_press(
    served: Server, somebody: NewPerson
) -> None:
    tom = await somebody(served, viewport={"width": 390, "height": 780}, has_touch=True, is_mobile=True)
    await has_two_days(tom)
    (x, y), (_, end) = await middle(tom.task("Ring the plumber")), await middle(tom.task("Water the plants"))
    session = await tom.context.new_cdp_session(tom.page)

    async def touch(kind: str, *points: dict[str, float]) -> None:
        await session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [*points]})

    await touch("touchStart", {"x": x, "y": y})
    await expect(tom.page.locator("body.dragging")).to_be_visible()
    for step in range(1, 7):
        await touch("touchMove", {"x": x, "y": y + (end - y) * step / 6})
    await touch("touchEnd")
    await session.detach()
    assert await due(tom, 1) == f"{day(3)}T09:00"


async def test_a_row_that_is_dragged_follows_the_pointer_to_the_sidebar(ann: Person) -> None:
    await has_two_days(ann)
    copy, today = ann.page.locator(".dragged-copy .task"), ann.page.get_by_role("link", name=re.compile("^Today")).first
    x, y = await middle(ann.task("Ring the plumber"))
    await ann.page.mouse.move(x, y)
    await ann.page.mouse.down()
    await ann.page.mouse.move(x - 90, y + 120, steps=4)
    assert await middle(copy) == pytest.approx((x - 90, y + 120), abs=1)
    await ann.page.mouse.move(*await middle(today), steps=8)
    await expect(today).to_have_class(re.compile("drop-on"))
    place, row = await today.bounding_box(), await copy.bounding_box()
    assert place
    assert row
    assert row["x"] == pytest.approx(place["x"] + place["width"] + 24, abs=1)
    await ann.page.mouse.up()
    await expect(ann.page.locator(".dragged-copy")).to_have_count(0)
    assert await due(ann, 1) == f"{day(0)}T09:00"
