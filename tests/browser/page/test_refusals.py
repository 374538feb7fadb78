"""What is shown at once is taken back with a word where the server refuses, and nothing typed is lost."""

import re

import pytest
from playwright.async_api import Route, expect

from tests.browser.person import Person

pytestmark = pytest.mark.long

TASKS = re.compile(r"/api/users/me/tasks$")
REFUSAL = {"detail": {"code": "QUOTA", "message": "That is one too many.", "request_id": "request-7"}}


async def refuse(route: Route) -> None:
    if route.request.method == "GET":
        await route.continue_()
    else:
        await route.fulfill(status=409, json=REFUSAL)


async def test_an_edit_of_what_somebody_else_has_changed_too_shows_both_versions(ann: Person) -> None:
    await ann.has("Water the plants")
    await ann.opens_task("Water the plants")
    await ann.page.get_by_label("Title").press("End")
    await ann.page.keyboard.type("!")
    await ann.ask("PATCH", "/api/tasks/1", {"title": "Water the trees"})
    conflict = ann.page.get_by_role("alert", name="Changed elsewhere too")
    await expect(conflict).to_contain_text("Yours Water the plants!")
    await expect(conflict).to_contain_text("The other Water the trees")
    await ann.button("Keep mine").click()
    await expect(conflict).to_have_count(0)
    await ann.page.keyboard.press("Escape")
    await ann.sees_tasks("Water the plants!")
    await ann.page.reload()
    await ann.sees_tasks("Water the plants!")


async def test_the_other_version_can_be_kept_also_after_a_reload(ann: Person) -> None:
    await ann.has("Water the plants")
    await ann.opens_task("Water the plants")
    await ann.page.get_by_label("Title").fill("Water the roses")
    await ann.ask("PATCH", "/api/tasks/1", {"title": "Water the trees"})
    await expect(ann.button("Keep the other")).to_be_visible()
    await ann.page.reload()
    await ann.button("Keep the other").click()
    await ann.page.get_by_label("Title").press("Escape")
    await ann.sees_tasks("Water the trees")


async def test_what_somebody_else_changes_in_another_field_is_no_conflict(ann: Person) -> None:
    await ann.has("Water the plants")
    await ann.opens_task("Water the plants")
    await ann.page.get_by_label("Title").fill("Water the roses")
    await ann.ask("PATCH", "/api/tasks/1", {"description": "All of them"})
    await ann.page.keyboard.press("Escape")
    await ann.sees_tasks("Water the roses")
    await expect(ann.task("Water the roses")).to_contain_text("All of them")
    await expect(ann.page.locator(".notice")).to_have_count(0)


async def test_a_task_that_somebody_else_completes_stays_open_while_it_is_written_in(ann: Person) -> None:
    await ann.has("Water the plants", "Pay the rent")
    await ann.opens_task("Water the plants")
    await ann.page.get_by_label("Title").fill("Water the roses")
    await ann.ask("PATCH", "/api/tasks/1/complete")
    await expect(ann.page.get_by_role("link", name="Inbox 1")).to_be_visible()
    await expect(ann.page.get_by_label("Title")).to_have_value("Water the roses")
    await ann.page.get_by_label("Title").press("Escape")
    await ann.sees_tasks("Pay the rent")


async def test_a_refused_task_gives_its_text_back_with_the_reason_and_the_request_behind_a_word(ann: Person) -> None:
    await ann.page.route(TASKS, refuse)
    await ann.adds("Buy milk")
    notice = ann.notice("“Buy milk” was not added. That is one too many.")
    await expect(notice).to_be_visible()
    await expect(notice.get_by_text("Request request-7")).to_be_hidden()
    await notice.get_by_text("Details").click()
    await expect(notice.get_by_text("Request request-7")).to_be_visible()
    await expect(ann.page.get_by_label("New task")).to_have_value("Buy milk")
    await ann.sees_tasks()
    await ann.page.unroute(TASKS)
    await ann.page.get_by_label("New task").press("Enter")
    await ann.sees_tasks("Buy milk")
    await ann.button("Dismiss").click()
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
    await ann.page.route(re.compile("/api/(tasks|users/me/tasks)/"), refuse)
    await ann.check("Buy milk").click()
    await expect(ann.notice("“Buy milk” was not changed.")).to_be_visible()
    await ann.sees_tasks("Buy milk")
    await expect(ann.check("Buy milk")).not_to_be_checked()
    await ann.deletes("Buy milk")
    await expect(ann.notice("were not changed")).to_be_visible()
    await ann.sees_tasks("Buy milk")


async def test_a_message_that_was_not_sent_can_be_sent_again(ann: Person) -> None:
    await ann.page.route("**/api/users/me/chat", refuse)
    await ann.says("Add a task to buy milk")
    await ann.sees_answer("That is one too many.")
    await ann.page.unroute("**/api/users/me/chat")
    await ann.button("Try again").click()
    await ann.sees_tasks("Buy milk")
    await expect(ann.answers).to_have_count(1)


async def test_wrong_credentials_are_told_and_the_form_keeps_what_was_typed(ann: Person) -> None:
    await ann.signs_out()
    await ann.page.get_by_label("Email").fill(ann.email)
    await ann.page.get_by_label("Password").fill("not the password")
    await ann.button("Sign in").click()
    await expect(ann.page.get_by_role("alert").locator("p")).not_to_be_empty()
    await expect(ann.page.get_by_text("Request ")).to_be_hidden()
    await expect(ann.page.get_by_label("Email")).to_have_value(ann.email)


async def test_a_refused_list_keeps_its_name_in_the_form_with_the_reason(ann: Person) -> None:
    await ann.ask("POST", "/api/users/me/lists", {"name": "Home"})
    await ann.button("New list").click()
    form = ann.page.get_by_role("dialog")
    await form.get_by_label("Name").fill("home")
    await form.get_by_label("teal").check(force=True)
    await form.get_by_label("Name").press("Enter")
    await expect(form.get_by_role("alert")).to_contain_text("Home")
    await expect(form.get_by_label("Name")).to_have_value("home")
    await expect(form.get_by_label("teal")).to_be_checked()
    await form.get_by_label("Name").fill("Home office")
    await form.get_by_label("Name").press("Enter")
    await expect(form).to_be_hidden()
    await expect(ann.page.get_by_role("heading", name="Home office")).to_be_visible()
    await expect(ann.page.locator(".side .dot.teal")).to_be_visible()
