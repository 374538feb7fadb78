"""A place is grouped and sorted as its person likes it, and stays so."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import NewPerson
from tests.browser.person import Person
from tests.browser.tasks.test_fields import TASKS, day
from tests.e2e.conftest import Server

pytestmark = pytest.mark.long

THINGS = (
    {"title": "Pears", "priority": "low", "due": day(3)},
    {"title": "apples", "priority": "high", "tags": ["fruit"]},
    {"title": "Milk", "due": day(-1)},
    {"title": "Bread", "due": day(0), "priority": "high"},
)
BY_HAND = ("Pears", "apples", "Milk", "Bread")
MENU = "Group and sort"


@pytest.fixture
async def amy(ann: Person) -> Person:
    for each in THINGS:
        await ann.ask("POST", TASKS, each)
    await ann.sees_tasks(*BY_HAND)
    return ann


async def arranges(person: Person, opener: str, head: str, choice: str) -> None:
    await person.button(opener).click()
    menu = person.page.get_by_role("menu")
    first = {"Group by": 0, "Sort by": -1}[head]
    await menu.get_by_role("menuitemradio", name=choice, exact=True).nth(first).click()


@pytest.mark.parametrize(
    ("choice", "order"),
    [
        ("Title", ("apples", "Bread", "Milk", "Pears")),
        ("Date", ("Milk", "Bread", "Pears", "apples")),
        ("Priority", ("apples", "Bread", "Pears", "Milk")),
        ("Newest first", ("Bread", "Milk", "apples", "Pears")),
    ],
)
async def test_a_list_is_sorted_and_stays_so_after_a_reload(amy: Person, choice: str, order: tuple[str, ...]) -> None:
    await arranges(amy, MENU, "Sort by", choice)
    await amy.sees_tasks(*order)
    await amy.page.reload()
    await amy.sees_tasks(*order)
    await arranges(amy, f"{MENU}, sorted by {choice.lower()}", "Sort by", "By hand")
    await amy.sees_tasks(*BY_HAND)


@pytest.mark.parametrize(
    ("choice", "heads"),
    [
        ("Priority", ["High 2", "Low 1", "No priority 1"]),
        ("Date", ["Overdue 1", "Today 1", "Within a week 1", "No date 1"]),
        ("Tag", ["fruit 1", "No tag 3"]),
    ],
)
async def test_a_list_is_grouped(amy: Person, choice: str, heads: list[str]) -> None:
    await arranges(amy, MENU, "Group by", choice)
    await expect(amy.page.locator(".group-head h2")).to_have_text(heads)


async def test_each_place_has_an_arrangement_of_its_own(amy: Person) -> None:
    await arranges(amy, MENU, "Sort by", "Title")
    await amy.goes_to("fruit")
    await expect(amy.button(MENU)).to_be_visible()
    await amy.goes_to("Inbox")
    await amy.sees_tasks("apples", "Bread", "Milk", "Pears")


async def test_rows_of_a_sorted_list_are_not_moved_by_hand(amy: Person) -> None:
    await arranges(amy, MENU, "Sort by", "Title")
    await amy.page.get_by_role("button", name="Bread", exact=True).press("Alt+ArrowUp")
    await amy.sees_tasks("apples", "Bread", "Milk", "Pears")


async def test_an_estimate_is_chosen_or_written_and_taken_back(amy: Person) -> None:
    await amy.opens_task("Milk")
    await amy.button("Estimate: none").click()
    await amy.page.get_by_role("menuitemradio", name="30 min").click()
    await amy.button("Estimate: 30 min").click()
    words = amy.page.get_by_label("Estimate in words")
    await words.fill("soon")
    await words.press("Enter")
    await expect(words).to_be_visible()
    await words.fill("1,5 h")
    await words.press("Enter")
    await expect(amy.button("Estimate: 1 h 30 min")).to_be_visible()
    await amy.is_saved()
    assert (await (await amy.ask("GET", "/api/tasks/3")).json())["estimate"] == "PT1H30M"
    await amy.button("Estimate: 1 h 30 min").click()
    await amy.page.get_by_role("menuitem", name="No estimate").click()
    await expect(amy.button("Estimate: none")).to_be_visible()


@pytest.fixture
async def tom(served: Server, somebody: NewPerson) -> Person:
    phone = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}
    return await somebody(served, **phone)


async def sweeps(person: Person, title: str, by: int) -> None:
    """With a finger, which the browser is told of as the system would."""
    box = await person.task(title).bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    session = await person.context.new_cdp_session(person.page)
    for kind, at in [("touchStart", 0), *(("touchMove", by * step / 6) for step in range(1, 7)), ("touchEnd", None)]:
        points = [] if at is None else [{"x": x + at, "y": y}]
        await session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    await session.detach()


async def test_a_row_is_swept_to_its_end_to_complete_it(tom: Person) -> None:
    await tom.has("Water the plants", "Pay the rent")
    await tom.sees_tasks("Water the plants", "Pay the rent")
    await sweeps(tom, "Water the plants", 40)
    await sweeps(tom, "Water the plants", 140)
    await tom.sees_tasks("Pay the rent")
    await expect(tom.notice("Completed: Water the plants")).to_be_visible()
    await expect(tom.page.get_by_label("Title")).to_have_count(0)


async def test_a_row_is_swept_to_its_beginning_to_schedule_it(tom: Person) -> None:
    await tom.has("Water the plants")
    await sweeps(tom, "Water the plants", -140)
    await tom.button("Tomorrow").click()
    await expect(tom.task("Water the plants").locator(".meta")).to_contain_text("Tomorrow")


async def test_tasks_are_grouped_by_list_only_where_they_may_be_of_several(amy: Person) -> None:
    await amy.ask("POST", "/api/users/me/lists", {"name": "Home"})
    await amy.ask("PATCH", "/api/tasks/1", {"list_id": 1, "tags": ["fruit"]})
    menu = amy.page.get_by_role("menu")
    for place in ("Inbox", "Home"):
        await amy.goes_to(place)
        await amy.button(MENU).click()
        await expect(menu.get_by_role("menuitemradio", name="Tag", exact=True)).to_be_visible()
        await expect(menu.get_by_role("menuitemradio", name="List", exact=True)).to_have_count(0)
        await amy.page.keyboard.press("Escape")
    await amy.goes_to("fruit")
    await arranges(amy, MENU, "Group by", "List")
    await expect(amy.page.locator(".group-head h2")).to_have_text(["Inbox 1", "Home 1"])
