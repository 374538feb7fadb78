"""The page counts characters as the server does: what the one takes, the other takes."""

import pytest
from playwright.async_api import expect

from domain.tasks.fields import MAX_TITLE_LENGTH
from tests.browser.person import Person

pytestmark = pytest.mark.long

FLAG, FAMILY = "🇩🇪", "👩‍👩‍👧"


@pytest.mark.parametrize(
    "title", ["😀" * MAX_TITLE_LENGTH, FLAG * (MAX_TITLE_LENGTH // 2), FAMILY * (MAX_TITLE_LENGTH // 5)]
)
async def test_the_longest_title_can_be_made_and_edited(ann: Person, title: str) -> None:
    await ann.has(title)
    await ann.tasks.first.locator(".open").click()
    await ann.page.get_by_label("Title").fill(f" x{title[1:]} ")
    await ann.page.get_by_label("Title").press("Enter")
    await ann.sees_tasks(f"x{title[1:]}")
    await ann.page.get_by_label("New task").fill(title)
    await ann.page.get_by_label("New task").press("Enter")
    await ann.sees_tasks(f"x{title[1:]}", title)


async def test_what_is_too_long_is_neither_cut_nor_sent_and_says_by_how_much(ann: Person) -> None:
    field = ann.page.get_by_label("New task")
    title = "😀" * (MAX_TITLE_LENGTH + 1)
    await field.fill(title)
    await field.press("Enter")
    await expect(field).to_have_value(title)
    await expect(ann.notice(f"1 too many: at most {MAX_TITLE_LENGTH} characters fit.")).to_be_visible()
    await field.fill(title[1:])
    await field.press("Enter")
    await ann.sees_tasks(title[1:])
