"""Without a mouse, and always knowing where one is."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import NewPerson
from tests.browser.person import PASSWORD, Person
from tests.e2e.conftest import Server

pytestmark = pytest.mark.long

OUTLINE = """() => {
  const seen = (element) => {
    const style = getComputedStyle(element);
    return style.outlineStyle !== 'none' || (style.boxShadow !== 'none' && style.borderColor !== 'transparent');
  };
  const here = document.activeElement;
  return here === document.body || seen(here) || seen(here.parentElement) || seen(here.nextElementSibling ?? here);
}"""
HERE = "document.activeElement.ariaLabel ?? document.activeElement.textContent.trim()"


async def tab_to(person: Person, label: str, most: int = 30) -> int:
    """By the Tab key alone; each place on the way is to be seen."""
    for count in range(1, most + 1):
        await person.page.keyboard.press("Tab")
        here = await person.page.evaluate(HERE)
        assert await person.page.evaluate(OUTLINE), here
        if here == label:
            return count
    raise AssertionError(f"Tab does not come to {label}")


async def test_from_signing_up_to_a_completed_task(served: Server, newcomer: NewPerson) -> None:
    fay = await newcomer(served)
    await fay.page.goto("/")
    await expect(fay.page.get_by_label("Email")).to_be_visible()
    await fay.page.get_by_label("Email").focus()
    await fay.page.keyboard.type(fay.email)
    await fay.page.keyboard.press("Tab")
    await fay.page.keyboard.type(PASSWORD)
    await fay.page.keyboard.press("Enter")
    await expect(fay.page.get_by_label("New task")).to_be_focused()
    await fay.page.keyboard.type("Water the plants")
    await fay.page.keyboard.press("Enter")
    await fay.sees_tasks("Water the plants")
    await expect(fay.page.get_by_label("New task")).to_be_focused()
    await fay.page.keyboard.press("Escape")
    await fay.page.keyboard.press("j")
    await fay.page.keyboard.press("e")
    await fay.sees_tasks()
    await expect(fay.notice("Completed: Water the plants")).to_be_visible()
    await expect(fay.page.get_by_label("New task")).to_be_focused()


async def test_the_focus_goes_on_to_the_next_task_where_one_goes(ann: Person) -> None:
    await ann.has("One", "Two", "Three")
    await ann.sees_tasks("One", "Two", "Three")
    await ann.page.get_by_role("button", name="Two", exact=True).focus()
    await ann.page.keyboard.press("Delete")
    await expect(ann.page.get_by_role("button", name="Three", exact=True)).to_be_focused()
    await ann.page.keyboard.press("Space")
    await ann.sees_tasks("One")
    await expect(ann.page.get_by_role("button", name="One", exact=True)).to_be_focused()
    await ann.page.keyboard.press("#")
    await expect(ann.page.get_by_label("New task")).to_be_focused()


@pytest.mark.parametrize("leave", ["Escape", "Enter", "Control+Enter"])
async def test_a_card_saves_however_it_is_left_and_the_focus_goes_back_to_its_row(ann: Person, leave: str) -> None:
    await ann.has("Water the plants")
    row = ann.page.get_by_role("button", name="Water the trees", exact=True)
    await ann.page.get_by_role("button", name="Water the plants", exact=True).press("Enter")
    await expect(ann.page.get_by_label("Title")).to_be_focused()
    await ann.page.get_by_label("Title").fill("Water the trees")
    await ann.page.keyboard.press(leave)
    await expect(row).to_be_focused()
    await ann.page.reload()
    await ann.sees_tasks("Water the trees")


async def test_the_composer_is_near_from_anywhere_however_many_tasks_there_are(ann: Person) -> None:
    await ann.has(*(f"Task {number}" for number in range(19)))
    await ann.page.get_by_role("button", name="Task 3", exact=True).focus()
    assert await tab_to(ann, "Conversations", 6) <= 6
    await ann.page.get_by_label("New task").focus()
    await ann.page.keyboard.press("Escape")
    await ann.page.keyboard.press("m")
    await expect(ann.page.get_by_label("Message", exact=True)).to_be_focused()
    await ann.page.keyboard.press("Escape")
    await ann.page.keyboard.press("q")
    await expect(ann.page.get_by_label("New task")).to_be_focused()


async def test_the_focus_is_in_what_a_key_leads_to(ann: Person) -> None:
    await ann.page.locator("h1").click()
    await ann.page.keyboard.press("g")
    await ann.page.keyboard.press("s")
    await expect(ann.page.get_by_role("heading", name="Profile", exact=True)).to_be_focused()
    await ann.page.keyboard.press("Control+k")
    await expect(ann.page.get_by_role("combobox", name="Search")).to_be_focused()
    await ann.page.keyboard.type("inb")
    await ann.page.keyboard.press("Enter")
    await expect(ann.page.get_by_role("heading", name="Inbox")).to_be_focused()
    await ann.page.keyboard.press("?")
    await expect(ann.page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    await ann.page.keyboard.press("Escape")
    await expect(ann.page.get_by_role("dialog")).to_have_count(0)


async def test_the_palette_finds_tasks_by_words_without_accents(ann: Person) -> None:
    await ann.has("Über die Brücke gehen", "Pay the rent")
    await ann.sees_tasks("Über die Brücke gehen", "Pay the rent")
    await ann.page.locator("h1").click()
    await ann.page.keyboard.press("/")
    await ann.page.keyboard.type("brucke uber")
    await expect(ann.page.get_by_role("option")).to_have_text(["Über die Brücke gehen"])
    await ann.page.keyboard.press("Enter")
    await expect(ann.page.get_by_label("Title")).to_have_value("Über die Brücke gehen")


async def test_the_focus_goes_to_the_heading_when_its_notice_goes(ann: Person) -> None:
    await ann.has("One")
    await ann.page.get_by_role("button", name="One", exact=True).press("Delete")
    await ann.button("Undo").press("Enter")
    await ann.sees_tasks("One")
    await expect(ann.page.locator("h1")).to_be_focused()


async def test_escape_leaves_one_thing_at_a_time(ann: Person) -> None:
    await ann.has("Water the plants")
    await ann.opens_task("Water the plants")
    await ann.button("Priority: none").click()
    await expect(ann.page.get_by_role("menu")).to_be_visible()
    await ann.page.keyboard.press("Escape")
    await expect(ann.page.get_by_role("menu")).to_have_count(0)
    await expect(ann.page.get_by_label("Title")).to_be_visible()
    await ann.button("Priority: none").press("Escape")
    await expect(ann.page.get_by_label("Title")).to_have_count(0)


async def test_an_item_of_a_menu_is_taken_by_its_key_and_reached_by_its_first_letter(ann: Person) -> None:
    await ann.has("Water the plants")
    await ann.page.get_by_role("button", name="Water the plants", exact=True).focus()
    await ann.page.keyboard.press("p")
    await expect(ann.page.get_by_role("menuitemradio", name="High")).to_be_focused()
    await ann.page.keyboard.press("l")
    await expect(ann.page.get_by_role("menuitemradio", name="Low")).to_be_focused()
    await ann.page.keyboard.press("1")
    await expect(ann.page.get_by_role("menu")).to_have_count(0)
    await ann.is_saved()
    assert (await (await ann.ask("GET", "/api/tasks/1")).json())["priority"] == "high"


async def test_a_dialog_that_opens_while_another_closes_has_its_content(ann: Person) -> None:
    await ann.page.keyboard.press("Control+k")
    await expect(ann.page.get_by_role("combobox", name="Search")).to_be_focused()
    await ann.page.evaluate("""() => {
        document.getElementById("dialog").close();
        document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "?", bubbles: true }));
    }""")
    await expect(ann.page.get_by_role("dialog")).to_contain_text("Search and commands")
    await ann.page.keyboard.press("Escape")
    await expect(ann.page.get_by_role("dialog")).to_have_count(0)


async def test_enter_in_a_dialog_takes_what_is_written(ann: Person) -> None:
    await ann.ask("POST", "/api/users/me/tasks", {"title": "Water the plants", "tags": ["garden"]})
    await ann.button("New list").click()
    await ann.page.get_by_label("Name").fill("Flat")
    await ann.page.get_by_label("Name").press("Enter")
    await expect(ann.page.get_by_role("heading", name="Flat")).to_be_visible()
    await ann.goes_to("garden")
    await ann.picks("More about this tag", "Rename")
    await ann.page.get_by_label("What is this tag called?").last.fill("balcony")
    await ann.page.keyboard.press("Enter")
    await expect(ann.page.get_by_role("heading", name="balcony")).to_be_visible()


async def test_a_new_view_begins_in_the_field_of_its_filter(ann: Person) -> None:
    await ann.button("New view").click()
    await expect(ann.page.get_by_role("combobox", name="Filter")).to_be_focused()
