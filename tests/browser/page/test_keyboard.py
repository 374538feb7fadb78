"""Without a mouse, and always knowing where one is."""

from playwright.async_api import expect

from tests.browser.conftest import NewPerson
from tests.browser.person import PASSWORD, Person
from tests.e2e.conftest import Server

OUTLINE = "getComputedStyle(document.activeElement).outlineStyle"
HERE = "document.activeElement.ariaLabel ?? document.activeElement.textContent.trim()"


async def tab_to(person: Person, label: str) -> None:
    """By the Tab key alone; each place on the way is to be seen."""
    for _ in range(40):
        await person.page.keyboard.press("Tab")
        here = await person.page.evaluate(HERE)
        if here:
            assert await person.page.evaluate(OUTLINE) != "none", here
        if here == label:
            return
    raise AssertionError(f"Tab does not come to {label}")


async def test_from_signing_up_to_a_completed_task(served: Server, newcomer: NewPerson) -> None:
    fay = await newcomer(served)
    await fay.page.goto("/")
    await expect(fay.page.get_by_label("Email")).to_be_visible()
    await fay.page.keyboard.press("Tab")
    await fay.page.keyboard.type(fay.email)
    await fay.page.keyboard.press("Tab")
    await fay.page.keyboard.type(PASSWORD)
    await fay.page.keyboard.press("Enter")
    await expect(fay.page.locator(".link")).to_have_text("Live")
    await tab_to(fay, "New task")
    await fay.page.keyboard.type("Water the plants")
    await fay.page.keyboard.press("Enter")
    await fay.sees_tasks("Water the plants")
    await expect(fay.page.get_by_label("New task")).to_be_focused()
    await tab_to(fay, "Done: Water the plants")
    await fay.page.keyboard.press("Space")
    await fay.sees_tasks()
    await expect(fay.notice("Done: Water the plants")).to_be_visible()
    await expect(fay.page.get_by_label("New task")).to_be_focused()


async def test_the_focus_goes_on_to_the_next_task_where_one_goes(ann: Person) -> None:
    await ann.has("One", "Two", "Three")
    await ann.sees_tasks("Three", "Two", "One")
    await ann.page.get_by_label("Delete: Two").press("Enter")
    await expect(ann.page.get_by_label("Done: One")).to_be_focused()
    await ann.page.get_by_label("Done: One").press("Space")
    await ann.sees_tasks("Three")
    await expect(ann.page.get_by_label("Done: Three")).to_be_focused()
    await ann.page.get_by_label("Delete: Three").press("Enter")
    await expect(ann.page.get_by_label("New task")).to_be_focused()


async def test_the_focus_goes_back_to_the_task_after_an_edit(ann: Person) -> None:
    await ann.has("Water the plants")
    title = ann.task("Water the plants").get_by_title("Edit")
    await title.press("Enter")
    await expect(ann.page.get_by_label("Title")).to_be_focused()
    await ann.page.keyboard.press("Escape")
    await expect(title).to_be_focused()
    await title.press("Enter")
    await ann.page.get_by_label("Title").press("Enter")
    await expect(title).to_be_focused()


async def test_the_focus_is_in_what_a_link_leads_to(ann: Person) -> None:
    await ann.page.get_by_role("link", name="Account").press("Enter")
    await expect(ann.page.get_by_role("heading", name="Account")).to_be_focused()
    await ann.page.get_by_role("link", name="Connect an AI").press("Enter")
    await expect(ann.page.get_by_role("heading", name="Connect an AI client")).to_be_focused()


async def test_the_focus_goes_to_the_heading_when_its_notice_goes(ann: Person) -> None:
    await ann.has("One")
    await ann.page.get_by_label("Delete: One").press("Enter")
    await ann.button("Undo").press("Enter")
    await ann.sees_tasks("One")
    await expect(ann.page.locator("h1")).to_be_focused()
