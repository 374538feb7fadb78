"""What is shown at once is taken back with a word where the server refuses, and nothing typed is lost."""

import re

import pytest
from playwright.async_api import Route, expect

from tests.browser.person import Person

TASKS = re.compile(r"/api/users/me/tasks$")
REFUSAL = {"detail": {"code": "QUOTA", "message": "That is one too many.", "request_id": "request-7"}}


async def refuse(route: Route) -> None:
    if route.request.method == "GET":
        await route.continue_()
    else:
        await route.fulfill(status=409, json=REFUSAL)


async def test_an_edit_of_what_somebody_else_has_changed_shows_that_and_keeps_what_was_typed(ann: Person) -> None:
    await ann.has("Water the plants")
    await ann.titles.get_by_text("Water the plants").click()
    await ann.page.get_by_label("Title").fill("Water the roses")
    await ann.ask("PATCH", "/api/tasks/1", {"title": "Water the trees"})
    await expect(ann.page.locator(".meanwhile")).to_have_text("Changed meanwhile: “Water the trees”")
    await ann.page.get_by_label("Title").press("Enter")
    await expect(ann.notice("The change was not saved.")).to_contain_text("Request ")
    await expect(ann.page.get_by_label("Title")).to_have_value("Water the roses")
    await ann.page.get_by_label("Title").press("Enter")
    await ann.sees_tasks("Water the roses")


async def test_an_edit_of_what_somebody_else_has_completed_keeps_its_form(ann: Person) -> None:
    await ann.has("Water the plants", "Pay the rent")
    await ann.titles.get_by_text("Water the plants").click()
    await ann.page.get_by_label("Title").fill("Water the roses")
    await ann.ask("PATCH", "/api/tasks/1/complete")
    await ann.sees_filters("To do 1", "Done", "All", "Trash")
    await expect(ann.page.get_by_label("Title")).to_have_value("Water the roses")
    await ann.page.get_by_label("Title").press("Escape")
    await ann.sees_tasks("Pay the rent")


@pytest.mark.long
async def test_an_edit_that_was_too_late_can_be_given_up_for_the_newest(ann: Person) -> None:
    """Also where the feed has not told of it."""
    await ann.has("Water the plants")
    await ann.page.route("**/events/stream*", lambda route: route.abort())
    await ann.page.goto("/#/account")
    await ann.page.reload()
    await ann.page.get_by_role("link", name="Tasks").click()
    await ann.titles.get_by_text("Water the plants").click()
    await ann.page.get_by_label("Title").fill("Water the roses")
    await ann.ask("PATCH", "/api/tasks/1", {"title": "Water the trees"})
    await ann.page.get_by_label("Title").press("Enter")
    await expect(ann.page.locator(".meanwhile")).to_have_text("Changed meanwhile: “Water the trees”")
    await expect(ann.page.get_by_label("Title")).to_have_value("Water the roses")
    await ann.button("Cancel").click()
    await ann.sees_tasks("Water the trees")


async def test_a_refused_task_gives_its_text_back_with_the_reason_and_the_request(ann: Person) -> None:
    await ann.page.route(TASKS, refuse)
    await ann.adds("Buy milk")
    await expect(ann.notice("“Buy milk” was not added. That is one too many. Request request-7")).to_be_visible()
    await expect(ann.page.get_by_label("New task")).to_have_value("Buy milk")
    await ann.sees_tasks()
    await ann.page.unroute(TASKS)
    await ann.page.get_by_label("New task").press("Enter")
    await ann.sees_tasks("Buy milk")
    await ann.notice("Buy milk").get_by_label("Dismiss").click()
    await expect(ann.page.locator(".notice")).to_have_count(0)


async def test_a_refused_task_does_not_overwrite_the_next_one(ann: Person) -> None:
    await ann.page.route(TASKS, refuse)
    await ann.adds("Buy milk")
    await ann.page.get_by_label("New task").fill("Buy bread")
    await expect(ann.notice("“Buy milk” was not added.")).to_be_visible()
    await expect(ann.page.get_by_label("New task")).to_have_value("Buy bread")


async def test_refused_changes_of_a_task_are_taken_back(ann: Person) -> None:
    await ann.has("Buy milk")
    await ann.sees_tasks("Buy milk")
    await ann.page.route("**/api/tasks/**", refuse)
    await ann.page.get_by_label("Done: Buy milk").click()
    await expect(ann.notice("The task was not changed.")).to_be_visible()
    await ann.sees_tasks("Buy milk")
    await expect(ann.page.get_by_label("Done: Buy milk")).not_to_be_checked()
    await ann.page.get_by_label("Delete: Buy milk").click()
    await expect(ann.notice("The task was not deleted.")).to_be_visible()
    await ann.sees_tasks("Buy milk")


@pytest.mark.long
async def test_offline_says_so_and_takes_back_what_could_not_be_sent(ann: Person) -> None:
    await ann.has("Buy milk")
    await ann.sees_tasks("Buy milk")
    await ann.context.set_offline(True)
    await expect(ann.page.locator(".link")).to_have_text("No connection")
    await ann.adds("Buy bread")
    await expect(ann.notice("“Buy bread” was not added. The server can't be reached.")).to_be_visible(timeout=20_000)
    await expect(ann.page.get_by_label("New task")).to_have_value("Buy bread")
    await ann.context.set_offline(False)
    await expect(ann.page.locator(".link")).to_have_text("Live")
    await ann.page.get_by_label("New task").press("Enter")
    await ann.sees_tasks("Buy bread", "Buy milk")


async def test_a_message_that_was_not_sent_can_be_sent_again(ann: Person) -> None:
    await ann.page.route("**/api/users/me/chat", refuse)
    await ann.says("Add a task to buy milk")
    await ann.sees_answer("That is one too many. Request request-7")
    await ann.page.unroute("**/api/users/me/chat")
    await ann.button("Try again").click()
    await ann.sees_tasks("Buy milk")
    await expect(ann.answers).to_have_count(1)


async def test_wrong_credentials_are_told_and_the_form_keeps_what_was_typed(ann: Person) -> None:
    await ann.page.get_by_role("link", name="Account").click()
    await ann.button("Sign out").click()
    await ann.page.get_by_label("Email").fill(ann.email)
    await ann.page.get_by_label("Password").fill("not the password")
    await ann.button("Sign in").click()
    await expect(ann.page.get_by_role("alert")).to_contain_text("Request ")
    await expect(ann.page.get_by_label("Email")).to_have_value(ann.email)
