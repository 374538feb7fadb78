"""Reminders in the page: set in the card and by quick add, and shown in every tab when they ring."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import NewPerson
from tests.browser.notifications import press, shown
from tests.browser.person import Person, this_minute
from tests.browser.tasks.test_fields import day
from tests.e2e.conftest import Server

pytestmark = pytest.mark.long

TASKS = "/api/users/me/tasks"


async def is_due_now(person: Person, title: str) -> None:
    task = {"title": title, "due": await this_minute(), "reminders": ["PT0M"]}
    assert (await person.ask("POST", TASKS, task)).ok


async def reminders(person: Person, number: int = 1) -> list[str]:
    return list((await (await person.ask("GET", f"/api/tasks/{number}")).json())["reminders"])


async def at_a_time_of_their_own(person: Person, day: str, time: str) -> None:
    own = person.page.get_by_role("form", name="At a time of your own")
    await own.get_by_role("button", name="Day").click()
    await person.page.locator(f"[data-day='{day}']").click()
    await own.get_by_label("Time", exact=True).fill(time)
    await own.get_by_role("button", name="Add").click()


async def test_reminders_are_added_and_removed_in_the_card(ann: Person) -> None:
    await ann.ask("POST", TASKS, {"title": "Call the vet", "due": "2030-05-01T10:00"})
    await ann.opens_task("Call the vet")
    await ann.button("Reminders: none").click()
    await ann.button("30 minutes before").click()
    await ann.button("1 day before").click()
    await at_a_time_of_their_own(ann, "2030-05-02", "8am")
    listed = ann.page.get_by_role("list", name="Reminders").get_by_role("listitem")
    await expect(listed).to_have_text([re.compile("Rings .*9:30"), re.compile("Rings .*10:00"), re.compile("Rings")])
    await ann.button("Remove: 1 day before").click()
    await ann.page.keyboard.press("Escape")
    await expect(ann.button("Reminders: 2 reminders")).to_be_visible()
    await ann.is_saved()
    assert await reminders(ann) == ["-PT30M", "2030-05-02T08:00"]


async def test_who_goes_on_to_the_time_at_once_is_not_sent_back_to_the_day(ann: Person) -> None:
    await ann.has("Call the vet")
    await ann.opens_task("Call the vet")
    await ann.button("Reminders: none").click()
    own = ann.page.get_by_role("form", name="At a time of your own")
    await own.get_by_role("button", name="Day").click()
    time = own.get_by_label("Time", exact=True)
    await time.evaluate(
        """(field, day) => {
          document.querySelector(`[data-day='${day}']`).click();
          field.focus();
        }""",
        day(1),
    )
    await expect(own.get_by_role("button", name="Day")).to_have_attribute("aria-expanded", "false")
    await ann.page.evaluate("new Promise((done) => setTimeout(done, 200))")
    await expect(time).to_be_focused()


async def test_a_task_without_a_date_rings_at_a_time_of_its_own_alone(ann: Person) -> None:
    await ann.has("Call the vet")
    await ann.opens_task("Call the vet")
    await ann.button("Reminders: none").click()
    await expect(ann.page.get_by_text("With a due date, it can ring before that.")).to_be_visible()
    await expect(ann.button("At the due time")).to_have_count(0)
    await at_a_time_of_their_own(ann, day(1), "8am")
    await ann.is_saved()
    assert await reminders(ann) == [f"{day(1)}T08:00"]


async def test_quick_add_marks_a_reminder_and_sets_it(ann: Person) -> None:
    await ann.page.get_by_label("New task").fill("Call the vet tomorrow at 5pm !30 min before")
    marks = ann.page.locator(".mirror mark")
    await expect(marks).to_have_text(["tomorrow at 5pm", "!30 min before"])
    await ann.page.keyboard.press("Enter")
    await expect(ann.task("Call the vet").locator(".meta")).to_contain_text("30 minutes before")
    await ann.is_saved()
    assert await reminders(ann) == ["-PT30M"]


async def test_a_reminder_goes_with_a_date_that_is_text_again(ann: Person) -> None:
    await ann.page.get_by_label("New task").fill("Call the vet !30 min before tomorrow")
    await expect(ann.page.locator(".mirror mark")).to_have_count(2)
    await ann.page.keyboard.press("Backspace")
    await expect(ann.page.locator(".mirror mark")).to_have_count(1)
    await ann.page.keyboard.press("Enter")
    await expect(ann.task("Call the vet tomorrow")).to_be_visible()
    await ann.is_saved()
    assert await reminders(ann) == []


async def test_what_rings_is_shown_in_every_tab_until_it_is_answered_in_one(ann: Person) -> None:
    other = await ann.another_tab("/today")
    await is_due_now(ann, "Call the vet")
    for tab in (ann, other):
        await tab.hears("Call the vet")
    await ann.picks("Snooze", "1 hour")
    for tab in (ann, other):
        await tab.hears()
    await expect(ann.notice("It rings again")).to_be_visible()
    await is_due_now(ann, "Pay the rent")
    await other.page.reload()
    await other.hears("Pay the rent")
    await other.page.locator(".rung").get_by_role("button", name="Done").click()
    await ann.hears()
    await expect(ann.task("Pay the rent")).to_have_count(0)


async def test_one_that_was_answered_does_not_come_back_with_a_reload(ann: Person) -> None:
    await is_due_now(ann, "Call the vet")
    await ann.hears("Call the vet")
    await ann.page.locator(".rung").get_by_role("button", name="Dismiss").click()
    await ann.hears()
    await ann.page.reload()
    await ann.is_live()
    await is_due_now(ann, "Pay the rent")
    await ann.hears("Pay the rent")


async def test_a_reminder_of_a_task_that_moves_or_goes_is_not_shown_any_more(ann: Person) -> None:
    for number, title in enumerate(("Call the vet", "Pay the rent"), 1):
        await is_due_now(ann, title)
        await expect(ann.page.locator(".rung")).to_have_count(number)
    await ann.ask("PATCH", f"{TASKS}/1", {"due": "2030-05-01T10:00"})
    await ann.hears("Pay the rent")
    await ann.ask("DELETE", f"{TASKS}/2")
    await ann.hears()


async def test_without_push_the_open_page_shows_a_notification_whose_buttons_work(
    served: Server, somebody: NewPerson
) -> None:
    ann = await somebody(served, service_workers="allow")
    await ann.context.grant_permissions(["notifications"])
    await ann.opens("/settings/reminders")
    await ann.page.get_by_role("switch", name="As a notification of this browser").click()
    await expect(ann.page.get_by_text("Only while tasktalk is open")).to_be_visible()
    await is_due_now(ann, "Call the vet")
    await ann.hears("Call the vet")
    *_, worker = ann.context.service_workers  # the one of a test before may be listed, too
    [notification] = await shown(worker)
    assert notification["title"] == "Call the vet"
    await press(worker, "done")
    await ann.hears()
    await ann.is_saved()
    answer = await (await ann.ask("GET", "/api/tasks/1")).json()
    assert answer["completed"]


SHOWS_WHILE_IT_CLOSES = """async (ids) => {
  const { src } = document.querySelector('script[type=module]');
  const part = (name) => import(new URL(name, src).href);
  const [{ showReminder }, { closeNotification }] = await Promise.all(['push.js', 'tasks/notification.js'].map(part));
  const registration = await navigator.serviceWorker.ready;
  for (const id of ids) {
    let isShown = false;
    showReminder(registration, { title: 'A task', body: '', tag: `reminder-${id}` }).then(() => (isShown = true));
    while (!isShown) await closeNotification(0);
  }
  return (await registration.getNotifications()).map(({ tag }) => tag);
}"""


async def test_a_notification_is_not_lost_while_that_of_another_reminder_is_taken_away(
    served: Server, somebody: NewPerson
) -> None:
    """One that Chromium has lost is on the screen, and its buttons do nothing."""
    ann = await somebody(served, service_workers="allow")
    await ann.context.grant_permissions(["notifications"])
    ids = [*range(1, 41)]
    tags = await ann.page.evaluate(SHOWS_WHILE_IT_CLOSES, ids)
    assert sorted(tags) == sorted(f"reminder-{each}" for each in ids)
