"""When, how important, what belongs to what: set by mouse and by keys, and shown in words."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect

from tests.browser.person import Person

pytestmark = pytest.mark.long

TASKS = "/api/users/me/tasks"


def day(ahead: int) -> str:
    return (datetime.now(UTC) + timedelta(days=ahead)).date().isoformat()


async def test_today_shows_what_is_late_what_is_due_and_the_evening(ann: Person) -> None:
    for title, due in (("Late", day(-1)), ("Now", day(0)), ("Tonight", f"{day(0)}T23:59"), ("Later", day(1))):
        await ann.ask("POST", TASKS, {"title": title, "due": due})
    await ann.opens("/today")
    await ann.sees_tasks("Late", "Now", "Tonight")
    await expect(ann.page.locator(".group-head h2")).to_have_text(["Overdue 1", "Today 1", "Evening 1"])
    await ann.adds("New here")
    await ann.sees_tasks("Late", "Now", "New here", "Tonight")
    await ann.goes_to("Upcoming")
    await ann.sees_tasks("Later")


async def test_a_date_is_picked_from_the_calendar_and_by_keys(ann: Person) -> None:
    await ann.has("Water the plants", "Pay the rent")
    await ann.opens_task("Water the plants")
    await ann.button("Due: none").click()
    await ann.button("Tomorrow").click()
    await expect(ann.button("Due: Tomorrow")).to_be_visible()
    await ann.page.keyboard.press("Escape")
    await expect(ann.task("Water the plants").locator(".meta")).to_contain_text("Tomorrow")
    await ann.page.get_by_role("button", name="Pay the rent", exact=True).focus()
    await ann.page.keyboard.press("t")
    await ann.page.get_by_role("grid").locator("[tabindex='0']").focus()
    await ann.page.keyboard.press("ArrowRight")
    await ann.page.keyboard.press("ArrowRight")
    await ann.page.keyboard.press("Enter")
    await expect(ann.page.get_by_role("grid")).to_have_count(0)
    await ann.is_saved()
    task = await (await ann.ask("GET", "/api/tasks/2")).json()
    assert task["due"] == day(2)


async def test_a_task_recurs_in_words_and_moves_on_when_it_is_done(ann: Person) -> None:
    await ann.ask("POST", TASKS, {"title": "Water the plants", "due": day(0), "recurrence": "FREQ=DAILY"})
    await ann.opens("/inbox")
    await expect(ann.task("Water the plants").locator(".meta")).to_contain_text("Every day")
    await ann.check("Water the plants").click()
    await expect(ann.task("Water the plants").locator(".meta")).to_contain_text("Tomorrow")
    await ann.notice("Completed").get_by_role("button", name="Undo").click()
    await expect(ann.task("Water the plants").locator(".meta")).to_contain_text("Today")


async def test_priority_and_tags_by_keys_for_many_at_once(ann: Person) -> None:
    await ann.has("One", "Two", "Three")
    await ann.sees_tasks("One", "Two", "Three")
    await ann.page.get_by_role("button", name="One", exact=True).focus()
    await ann.page.keyboard.press("Shift+ArrowDown")
    await ann.page.keyboard.press("y")
    await ann.page.get_by_label("New tag").fill("errand")
    await ann.page.keyboard.press("Enter")
    await ann.page.keyboard.press("Escape")
    await expect(ann.page.get_by_role("link", name="errand 2")).to_be_visible()
    await ann.page.get_by_role("button", name="Three", exact=True).focus()
    await ann.page.keyboard.press("Escape")
    await ann.page.keyboard.press("1")
    await expect(ann.check("Three")).to_have_class("check high")
    await ann.goes_to("errand")
    await ann.sees_tasks("One", "Two")


async def test_subtasks_are_added_counted_and_opened(ann: Person) -> None:
    await ann.has("A party")
    await ann.opens_task("A party")
    await ann.page.get_by_label("New subtask").focus()
    titles = ["Cake", "Music", "Balloons", "Invitations"]
    for title in titles:
        await ann.page.keyboard.type(title)
        await ann.page.keyboard.press("Enter")
    subtasks = ann.page.get_by_role("list", name="Subtasks")
    await expect(subtasks.locator(".title")).to_have_text(titles)
    await subtasks.get_by_label("Done: Cake").click()
    await subtasks.get_by_label("Open: Music").click()
    await expect(ann.page.get_by_label("Title")).to_have_value("Music")
    await ann.page.keyboard.press("Escape")
    await expect(ann.task("A party").locator(".meta")).to_contain_text("1/4")


async def test_open_and_done_points_of_notes_are_shown_as_such(ann: Person) -> None:
    await ann.ask("POST", TASKS, {"title": "Pack", "description": "- [ ] passport\n- [x] tickets\n- a book"})
    await ann.opens_task("Pack")
    points = ann.page.locator(".notes li")
    await expect(points).to_have_text(["passport", "tickets", "a book"])
    await expect(points.nth(0).get_by_role("img", name="Open")).to_be_visible()
    await expect(points.nth(1).get_by_role("img", name="Done")).to_be_visible()
    await expect(points.nth(2).get_by_role("img")).to_have_count(0)


async def test_the_order_is_by_hand_with_the_mouse_and_with_keys(ann: Person) -> None:
    await ann.has("One", "Two", "Three")
    await ann.sees_tasks("One", "Two", "Three")
    first, last = await ann.tasks.first.bounding_box(), await ann.tasks.last.bounding_box()
    assert first
    assert last
    await ann.page.mouse.move(first["x"] + 200, first["y"] + 12)
    await ann.page.mouse.down()
    await ann.page.mouse.move(last["x"] + 200, last["y"] + last["height"] - 4, steps=8)
    await ann.page.mouse.up()
    await ann.sees_tasks("Two", "Three", "One")
    await ann.page.get_by_role("button", name="Three", exact=True).press("Alt+ArrowUp")
    await ann.sees_tasks("Three", "Two", "One")
    await expect(ann.page.get_by_role("button", name="Three", exact=True)).to_be_focused()
    await ann.page.reload()
    await ann.sees_tasks("Three", "Two", "One")


async def test_a_filter_completes_finds_and_says_where_it_is_wrong(ann: Person) -> None:
    await ann.ask("POST", TASKS, {"title": "Urgent", "priority": "high"})
    await ann.ask("POST", TASKS, {"title": "Calm"})
    await ann.opens("/search")
    field = ann.page.get_by_role("combobox", name="Filter")
    await field.press_sequentially("no pr")
    await ann.page.keyboard.press("ArrowDown")
    await ann.page.keyboard.press("Enter")
    await expect(field).to_have_value("no priority")
    await ann.sees_tasks("Calm")
    await field.fill("p1 & (p9")
    await expect(ann.page.locator(".where mark")).to_have_text("p9")
    await expect(ann.page.locator(".filter-told")).to_contain_text("For example")
    await field.fill("p1")
    await ann.sees_tasks("Urgent")
    assert ann.page.url.endswith("/search?q=p1")


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_list_colours_hold_their_contrast(ann: Person, theme: str) -> None:
    await ann.page.evaluate("theme => (document.documentElement.dataset.theme = theme)", theme)
    ratios = await ann.page.evaluate("""() => {
      const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
      const luminance = (colour) => {
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const parts = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((each) => each / 255);
        const [r, g, b] = parts.map((each) => (each <= 0.03928 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const style = getComputedStyle(document.documentElement);
      const names = ['red', 'orange', 'amber', 'lime', 'green', 'teal', 'cyan', 'blue', 'indigo', 'violet', 'pink',
        'grey'];
      const grounds = ['--paper', '--wash', '--raised'].map((name) => luminance(style.getPropertyValue(name).trim()));
      return names.map((name) => {
        const own = luminance(style.getPropertyValue(`--${name}`).trim());
        const worst = grounds.map((ground) => (Math.max(own, ground) + 0.05) / (Math.min(own, ground) + 0.05));
        return [name, Math.min(...worst)];
      });
    }""")
    assert [(name, ratio) for name, ratio in ratios if ratio < 4.5] == []


async def test_a_list_is_made_filled_by_dragging_renamed_and_deleted_with_its_tasks(ann: Person) -> None:
    await ann.has("Water the plants", "Pay the rent")
    await ann.sees_tasks("Water the plants", "Pay the rent")
    await ann.button("New list").click()
    await ann.page.get_by_role("dialog").get_by_label("Name").fill("Home")
    await ann.page.get_by_label("teal").check(force=True)
    await ann.button("Make it").click()
    await expect(ann.page.get_by_role("heading", name="Home")).to_be_visible()
    await ann.adds("Clean the windows")
    await ann.sees_tasks("Clean the windows")
    await ann.goes_to("Inbox")
    row = await ann.task("Pay the rent").bounding_box()
    place = await ann.page.get_by_role("link", name="Home").bounding_box()
    assert row
    assert place
    await ann.page.mouse.move(row["x"] + 200, row["y"] + 12)
    await ann.page.mouse.down()
    await ann.page.mouse.move(place["x"] + 40, place["y"] + 12, steps=8)
    await ann.page.mouse.up()
    await ann.sees_tasks("Water the plants")
    await ann.page.get_by_role("link", name="Home 2").click()
    await ann.sees_tasks("Clean the windows", "Pay the rent")
    await ann.picks("More about this list", "Delete")
    await ann.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await ann.notice("Deleted: Home").get_by_role("button", name="Undo").click()
    await ann.page.get_by_role("link", name="Home 2").click()
    await ann.sees_tasks("Clean the windows", "Pay the rent")


async def test_a_filter_is_saved_as_a_view_that_keeps_up_with_what_changes(ann: Person) -> None:
    await ann.ask("POST", "/api/users/me/lists", {"name": "Work", "color": "teal"})
    await ann.ask("POST", TASKS, {"title": "Call Tom", "list_id": 1, "priority": "high"})
    await ann.opens("/search")
    await ann.page.get_by_role("combobox", name="Filter").fill("#Work & p1")
    await ann.sees_tasks("Call Tom")
    await ann.button("Save as view").click()
    await ann.page.get_by_role("dialog").get_by_role("textbox").fill("Urgent")
    await ann.page.get_by_role("dialog").get_by_role("button", name="Save").click()
    await expect(ann.page.get_by_role("heading", name="Urgent")).to_be_visible()
    await ann.ask("POST", TASKS, {"title": "Call Priya", "list_id": 1, "priority": "high"})
    await expect(ann.titles).to_have_count(2)
    await ann.page.reload()
    await expect(ann.titles).to_have_count(2)
    await expect(ann.page.locator(".subtitle")).to_have_text("2 tasks · #Work & p1")
