"""A time of day is written as people write it, or picked from a list by mouse and keys."""

import pytest
from playwright.async_api import Locator, expect

from tests.browser.person import Person
from tests.browser.tasks.test_fields import TASKS, day

pytestmark = pytest.mark.long


@pytest.fixture
async def time(ann: Person) -> Locator:
    """The field, for a task that is due today."""
    await ann.ask("POST", TASKS, {"title": "Call the vet", "due": day(0)})
    await ann.opens_task("Call the vet")
    await ann.button("Due: Today").click()
    return ann.page.get_by_role("combobox", name="Time")


async def is_due(person: Person, due: str) -> None:
    await person.is_saved()
    assert (await (await person.ask("GET", "/api/tasks/1")).json())["due"] == due


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("4", "16:00"),
        ("4 am", "04:00"),
        ("9", "09:00"),
        ("930", "09:30"),
        ("21.15", "21:15"),
        ("at 12 pm", "12:00"),
        ("midn", "00:00"),
    ],
)
async def test_a_time_is_written(ann: Person, time: Locator, words: str, due: str) -> None:
    await time.fill(words)
    await time.press("Enter")
    await expect(time).to_have_count(0)
    await is_due(ann, f"{day(0)}T{due}")


async def test_a_time_is_picked_by_keys_and_taken_away_again(ann: Person, time: Locator) -> None:
    await time.focus()
    await time.press("ArrowDown")
    await time.press("ArrowDown")
    await expect(ann.page.get_by_role("option", selected=True)).to_have_text("9:30 AM")
    await time.press("Enter")
    await is_due(ann, f"{day(0)}T09:30")
    await ann.button("Due: Today 9:30 AM").click()
    await time.focus()
    await ann.page.get_by_role("option", name="No time").click()
    await is_due(ann, day(0))


async def test_what_is_no_time_is_said_and_changes_nothing(ann: Person, time: Locator) -> None:
    await time.fill("25:00")
    await expect(ann.page.get_by_role("alert").filter(has_text="noon")).to_be_visible()
    await time.press("Escape")
    await expect(time).to_have_value("")
    await time.fill("soon")
    await time.press("Tab")
    await expect(time).to_have_value("")
    await is_due(ann, day(0))


async def test_a_time_that_is_left_behind_counts_and_the_picker_stays(ann: Person, time: Locator) -> None:
    await time.fill("5pm")
    await ann.button("Tomorrow").click()
    await expect(ann.button("Due: Tomorrow 5:00 PM")).to_be_visible()
    await is_due(ann, f"{day(1)}T17:00")
