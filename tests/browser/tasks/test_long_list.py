"""A list of hundreds, of which a page of 50 is loaded at a time."""

import pytest
from playwright.async_api import Response, expect

from tests.browser.person import Person

COUNT = 250
TITLES = [f"Task {number}" for number in range(COUNT, 0, -1)]


@pytest.fixture
async def busy(ann: Person) -> Person:
    tasks = [{"title": title} for title in reversed(TITLES)]
    answer = await ann.ask("POST", "/api/users/me/import", {"tasks": tasks})
    assert answer.ok, await answer.text()
    await ann.page.reload()
    return ann


async def test_scrolling_to_the_end_loads_all_in_order_and_none_twice(busy: Person) -> None:
    asked: list[str] = []
    busy.page.on("response", lambda response: _note(asked, response))
    await expect(busy.titles.first).to_have_text("Task 250")
    await scroll_to_the_end(busy)
    await busy.sees_tasks(*TITLES)
    await expect(busy.page.locator(".more")).to_have_count(0)
    assert len(asked) == len(set(asked)) <= COUNT // 50


async def scroll_to_the_end(person: Person) -> None:
    while (known := await person.tasks.count()) < COUNT:
        await person.tasks.last.scroll_into_view_if_needed()
        await expect(person.tasks.nth(known)).to_be_attached()


def _note(asked: list[str], response: Response) -> None:
    if "/api/users/me/tasks" in response.url:
        asked.append(response.url)


async def test_what_is_added_or_deleted_on_the_way_shifts_nothing(busy: Person) -> None:
    await expect(busy.titles.first).to_have_text("Task 250")
    await busy.has("Task 251")
    await busy.ask("DELETE", "/api/tasks/120")
    await expect(busy.titles.first).to_have_text("Task 251")
    await scroll_to_the_end(busy)
    await busy.sees_tasks("Task 251", *(title for title in TITLES if title != "Task 120"))
    await busy.page.reload()  # until then, the count may be one off if a change came while a page was on its way
    await expect(busy.button(f"To do {COUNT}")).to_be_visible()
