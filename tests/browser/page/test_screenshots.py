"""What the README shows. `UPDATE_SCREENSHOTS=1 make test-long` takes the pictures anew."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.chat.approvals import AskingAssistant, planned
from tests.browser.conftest import NewPerson
from tests.browser.person import Person
from tests.e2e.conftest import Server

pytestmark = pytest.mark.long

IMAGES = Path(__file__).parents[3] / "docs" / "images"
MAX_BYTES = 150_000
DESKTOP = {"viewport": {"width": 1280, "height": 760}}
PHONE = {"viewport": {"width": 390, "height": 780}, "device_scale_factor": 2, "has_touch": True, "is_mobile": True}
PICTURES: dict[str, dict[str, Any]] = {
    "desktop": DESKTOP,
    "dark": DESKTOP | {"color_scheme": "dark"},
    "list": DESKTOP,
    "phone": PHONE,
    "approval": DESKTOP,
}


@pytest.mark.parametrize("name", PICTURES)
async def test_the_readme_has_pictures(served: Server, somebody: NewPerson, name: str, tmp_path: Path) -> None:
    ann = await somebody(served, **PICTURES[name])
    await some_day(ann)
    await ann.opens("/list/2?task=3" if name == "list" else "/today")
    if name == "approval":
        await is_asked(ann)
    elif name != "phone":
        await ann.says("Remind me to call mom tomorrow")
        await ann.is_answered()
    await ann.page.evaluate("document.activeElement.blur()")
    await ann.page.mouse.move(5, 700)
    await expect(ann.tasks.first).to_be_visible()
    picture = (IMAGES if os.environ.get("UPDATE_SCREENSHOTS") else tmp_path) / f"{name}.png"
    await ann.page.screenshot(path=picture, animations="disabled", caret="hide")
    assert picture.stat().st_size < MAX_BYTES
    assert (IMAGES / picture.name).exists()


async def is_asked(ann: Person) -> None:
    titles = [
        "Book the flights",
        "Passport photos",
        "Travel insurance",
        "Ask Tom for the adapter",
        "Tram tickets",
        "Map",
    ]
    assistant = AskingAssistant(
        [planned(10, titles[0]), *(planned(100 + at, each) for at, each in enumerate(titles[1:]))]
    )
    assistant.approval["question"] = "This would move six tasks to the trash. Shall I?"
    await assistant.answer_for(ann.page)
    await ann.says("clear out everything about the trip, it's cancelled")
    await expect(ann.page.locator(".plan")).to_be_visible()


def day(ahead: int) -> str:
    return (datetime.now(UTC) + timedelta(days=ahead)).date().isoformat()


async def some_day(ann: Person) -> None:
    await ann.ask("PATCH", "/api/auth/me", {"name": "Ann"})
    for name, color in (("Home", "blue"), ("Work", "teal"), ("Trip to Porto", "pink"), ("Garden", "amber")):
        await ann.ask("POST", "/api/users/me/lists", {"name": name, "color": color})
    view = {"name": "Quick wins", "filter": "(today | overdue) & !#Work"}
    await ann.ask("POST", "/api/users/me/views", view)
    for task in (
        {"title": "Pay the electricity bill", "due": day(-2), "priority": "high", "list_id": 1},
        {"title": "Send Priya the contract", "due": f"{day(-1)}T17:00", "list_id": 2, "tags": ["phone"]},
        {
            "title": "Finish the Q4 slides",
            "due": f"{day(0)}T23:30",
            "priority": "medium",
            "list_id": 2,
            "description": "Numbers are in the **shared sheet**; ask Tom for the churn chart.",
        },
        {"title": "Outline", "parent_id": 3, "list_id": 2},
        {"title": "Draft", "parent_id": 3, "list_id": 2},
        {"title": "Review with Tom", "parent_id": 3, "list_id": 2},
        {"title": "Buy milk, eggs and sourdough", "due": day(0), "list_id": 1, "tags": ["errand"]},
        {"title": "Call grandma", "due": f"{day(0)}T23:45", "recurrence": "FREQ=WEEKLY;BYDAY=SA"},
        {"title": "Return the library books", "due": day(0), "tags": ["errand"]},
        {"title": "Book the flights", "due": day(6), "list_id": 3},
        {"title": "Prune the roses", "list_id": 4},
        {"title": "Prepare the review", "due": day(3), "list_id": 2},
    ):
        await ann.ask("POST", "/api/users/me/tasks", task)
    await ann.ask("PATCH", "/api/tasks/4/complete")
