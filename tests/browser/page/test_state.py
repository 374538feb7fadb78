"""Reload, back and a shared link lead to the same place; nothing that was typed is lost."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import NewPerson
from tests.browser.person import Person
from tests.e2e.conftest import Server

pytestmark = pytest.mark.long

PASTE = """(field, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/plain', text);
  field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
}"""


async def test_a_reload_keeps_the_place_the_open_task_the_conversation_and_what_was_typed(ann: Person) -> None:
    await ann.has("Water the plants", "Pay the rent")
    await ann.says("What can you do?")
    await ann.is_answered()
    await ann.button("New conversation").click()
    await ann.says("Hello")
    await ann.is_answered()
    await ann.page.get_by_label("Message", exact=True).fill("Half sai")
    await ann.page.get_by_label("New task").fill("Half wri")
    await ann.opens_task("Pay the rent")
    await ann.page.get_by_label("Title").fill("Pay the re")
    await ann.page.reload()
    await expect(ann.page.get_by_label("Title")).to_have_value("Pay the re")
    await expect(ann.page.get_by_label("New task")).to_have_value("Half wri")
    await expect(ann.page.get_by_label("Message", exact=True)).to_have_value("Half sai")
    await expect(ann.page.locator(".message.user")).to_have_text("Hello")
    assert ann.page.url.endswith("/inbox?task=2")


async def test_an_open_edit_survives_a_visit_elsewhere(ann: Person) -> None:
    await ann.has("Water the plants")
    await ann.opens_task("Water the plants")
    await ann.page.get_by_label("Title").press("End")
    await ann.page.keyboard.type(" and trees")
    await ann.goes_to("Done")
    await ann.page.go_back()
    await expect(ann.page.get_by_label("Title")).to_have_value("Water the plants and trees")


async def test_a_step_that_was_not_added_is_there_when_the_task_is_opened_again(ann: Person) -> None:
    await ann.has("Water the plants")
    await ann.opens_task("Water the plants")
    step = ann.page.get_by_label("New subtask")
    await step.fill("Find the can")
    await ann.page.keyboard.press("Escape")
    await expect(step).to_have_count(0)
    await ann.opens_task("Water the plants")
    await expect(step).to_have_value("Find the can")
    await step.press("Enter")
    await expect(step).to_have_value("")
    await expect(ann.page.locator(".subtask .title")).to_have_text(["Find the can"])


async def test_back_closes_an_open_task_and_leads_on_where_that_was_done_before(ann: Person) -> None:
    await ann.has("Water the plants")
    await ann.opens("/today")
    await ann.goes_to("Inbox")
    await ann.opens_task("Water the plants")
    await ann.page.get_by_label("Title").fill("Water the trees")
    await ann.page.go_back()
    await ann.sees_tasks("Water the trees")
    await expect(ann.page.get_by_role("button", name="Water the trees", exact=True)).to_be_focused()
    await ann.opens_task("Water the trees")
    await ann.page.keyboard.press("Escape")
    await ann.sees_tasks("Water the trees")
    await ann.page.go_back()
    await expect(ann.page.get_by_role("heading", name="Today")).to_be_visible()


async def test_a_click_beside_an_open_task_saves_and_closes_it(ann: Person) -> None:
    await ann.has("Water the plants")
    await ann.opens_task("Water the plants")
    await ann.page.get_by_label("Title").fill("Water the trees")
    await ann.page.locator(".scroller").click(position={"x": 20, "y": 500})
    await ann.sees_tasks("Water the trees")


async def test_a_shared_link_opens_the_task(ann: Person) -> None:
    await ann.has("Water the plants", "Pay the rent")
    await ann.page.goto("/task/2")
    await expect(ann.page.get_by_label("Title")).to_have_value("Pay the rent")


async def test_pasted_lines_are_tasks_of_their_own_if_one_wants(ann: Person) -> None:
    field = ann.page.get_by_label("New task")
    await field.focus()
    await field.evaluate(PASTE, "- [ ] Buy milk\n- Buy bread\n")
    await ann.button("Add 2 tasks").click()
    await ann.sees_tasks("Buy milk", "Buy bread")
    await field.evaluate(PASTE, "A party\ncake\nmusic")
    await ann.button("One task with notes").click()
    await ann.sees_tasks("Buy milk", "Buy bread", "A party")
    await expect(ann.task("A party")).to_contain_text("cake")


async def test_text_of_another_direction_keeps_its_own(ann: Person) -> None:
    await ann.adds("שלום")
    await expect(ann.titles.first).to_have_attribute("dir", "auto")
    assert await ann.titles.first.evaluate("title => getComputedStyle(title).direction") == "rtl"


async def test_a_notice_covers_no_row_and_there_is_one_at_a_time(ann: Person) -> None:
    await ann.has(*(f"Task {number}" for number in range(40)))
    await ann.check("Task 0").click()
    await ann.check("Task 1").click()
    await expect(ann.page.locator(".notice")).to_have_text(["Completed: Task 1 Undo"], use_inner_text=True)
    list_ends = await ann.page.locator(".scroller").evaluate("each => each.getBoundingClientRect().bottom")
    notice_begins = await ann.page.locator(".notice").evaluate("each => each.getBoundingClientRect().top")
    assert list_ends <= notice_begins


async def test_on_a_phone_the_list_begins_at_the_top_and_the_thumb_adds(served: Server, somebody: NewPerson) -> None:
    eve = await somebody(served, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    await eve.page.get_by_role("button", name="Add a task", exact=True).tap()
    await expect(eve.page.get_by_role("dialog").get_by_label("New task")).to_be_focused()
    await eve.page.keyboard.type("Water the plants")
    await eve.page.keyboard.press("Enter")
    await eve.page.keyboard.press("Escape")
    await eve.sees_tasks("Water the plants")
    top = await eve.tasks.first.evaluate("each => each.getBoundingClientRect().top")
    assert top < 110
    await expect(eve.page.get_by_text("Inbox", exact=True).locator("visible=true")).to_have_count(2)
    await eve.page.get_by_role("link", name="Assistant").tap()
    await eve.says("Add a task to buy milk")
    await expect(eve.done).to_have_text(["Buy milk"])
    await eve.page.go_back()
    await eve.sees_tasks("Water the plants", "Buy milk")
