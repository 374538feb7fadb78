"""What is said while the page still loads, or before it has drawn what was pressed, is shown and sent."""

import asyncio
import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Route, expect

from tests.browser.conftest import NewPerson
from tests.browser.person import Person
from tests.e2e.conftest import Server

pytestmark = pytest.mark.long

NEW, MESSAGES, CHAT = "/conversations$", r"/messages\?", "/me/chat$"
AT_ONCE = """text => {
    document.querySelector('[aria-label="New conversation"]').click();
    const composer = document.querySelector('#composer');
    composer.value = text;
    composer.dispatchEvent(new InputEvent('input', { bubbles: true }));
    composer.form.requestSubmit();
}"""


Hold = Callable[..., Awaitable[asyncio.Event]]


@pytest.fixture
async def bea(served: Server, newcomer: NewPerson) -> Person:
    """Has said something; her page is not open."""
    bea = await newcomer(served)
    await bea.sign_up()
    await bea.ask("POST", "/api/users/me/chat", {"message": "Add a task to buy bread"})
    return bea


@pytest.fixture
def hold(bea: Person) -> Hold:
    """Holds the requests for an address until the event is set, or their answers."""

    async def hold(address: str, *, is_answered: bool = False) -> asyncio.Event:
        over = asyncio.Event()

        async def wait(route: Route) -> None:
            answer = await route.fetch() if is_answered else None
            await over.wait()
            await (route.fulfill(response=answer) if answer else route.fallback())

        await bea.page.route(re.compile(address), wait)
        return over

    return hold


async def test_a_message_typed_right_after_a_new_conversation_is_said_in_it(ann: Person) -> None:
    await ann.page.evaluate(AT_ONCE, "Add a task to buy milk")
    await ann.sees_tasks("Buy milk")
    await expect(ann.said).to_have_text("Add a task to buy milk")


async def test_what_is_said_while_the_messages_before_load_shows_below_them(bea: Person, hold: Hold) -> None:
    before, sent = await hold(MESSAGES, is_answered=True), await hold(CHAT)
    await bea.opens()
    await bea.says("Add a task to buy milk")
    await expect(bea.said).to_have_text("Add a task to buy milk")
    before.set()
    await expect(bea.said).to_have_text(["Add a task to buy bread", "Add a task to buy milk"])
    sent.set()
    await expect(bea.done).to_have_text(["Buy milk"])
    await expect(bea.answers).to_have_count(2)


async def test_what_is_typed_while_a_new_conversation_begins_stays_in_the_box(bea: Person, hold: Hold) -> None:
    begun = await hold(NEW)
    await bea.opens()
    await bea.button("New conversation").click()
    await bea.says("Add a task to buy milk")
    await bea.page.keyboard.type("And then")
    begun.set()
    await bea.is_answered()
    await expect(bea.page.get_by_label("Message", exact=True)).to_have_value("And then")
    await bea.button("New conversation").click()
    await expect(bea.page.get_by_label("Message", exact=True)).to_have_value("")
