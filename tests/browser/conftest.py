"""The page in a real browser, Debian's Chromium, on a real server; skipped where there is no browser."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, WebError, async_playwright, expect

from tests.browser.assistant import Assistant
from tests.browser.contexts import PATIENCE_MS, Contexts
from tests.browser.person import Person
from tests.e2e.conftest import Server, new_server

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    *(
        "--disable-gpu",
        "--disable-extensions",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ),
    *("--no-first-run", *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else [])),
]
LIMITS = {f"{name}_LIMIT": "10000/minute" for name in ("SIGNUP", "SIGNIN", "RESET", "CHAT")}
EXPECTED = ("Failed to load resource", "does not support the Push API in incognito mode")
"""What the browser says of every refusal and broken connection, and of push messages in its test contexts."""

NewContext = Callable[..., Awaitable[BrowserContext]]
NewPerson = Callable[..., Awaitable[Person]]

_numbers = count(1)
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    if not CHROMIUM:
        pytest.skip("there is no Chromium here")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Contexts:
    return Contexts(browser)


@asynccontextmanager
async def serving(*flags: str, **environment: str) -> AsyncIterator[Server]:
    with new_server() as server:
        await asyncio.to_thread(server.start, *flags, **LIMITS, **environment)
        yield server


@pytest.fixture(scope="session")
async def served(browser: Browser) -> AsyncIterator[Server]:
    """Its assistant is the built-in one."""
    async with serving() as server:
        yield server


@pytest.fixture(scope="session")
async def assistant() -> AsyncIterator[Assistant]:
    async with Assistant() as assistant:
        yield assistant


@pytest.fixture(scope="session")
async def assisted(browser: Browser, assistant: Assistant) -> AsyncIterator[Server]:
    """Its assistant is `assistant`."""
    async with serving(OPENAI_BASE_URL=assistant.url) as server:
        yield server


@pytest.fixture
def troubles() -> list[str]:
    """What a browser complained of: breaches of the page's own policy, and errors that nothing caught."""
    return []


@pytest.fixture
async def new_context(contexts: Contexts, troubles: list[str]) -> AsyncIterator[NewContext]:
    """Nobody is signed in. Fails a test that has `troubles`."""
    taken: list[BrowserContext] = []

    def hear_console(said: ConsoleMessage) -> None:
        if said.type == "error" and not any(each in said.text for each in EXPECTED):
            troubles.append(said.text)

    def hear_error(error: WebError) -> None:
        troubles.append(str(error.error))

    async def new(server: Server, **options: object) -> BrowserContext:
        context = await contexts.take(server.url, **options)
        context.on("console", hear_console)
        context.on("weberror", hear_error)
        taken.append(context)
        return context

    yield new
    for context in taken:
        await contexts.leave(context)
        context.remove_listener("console", hear_console)
        context.remove_listener("weberror", hear_error)
        contexts.give_back(context)
    assert not troubles


@pytest.fixture
def newcomer(new_context: NewContext) -> NewPerson:
    """Not signed up yet."""

    async def new(server: Server, **options: object) -> Person:
        context = await new_context(server, **options)
        return Person(context, context.pages[0], f"person{next(_numbers)}@example.com")

    return new


@pytest.fixture
def somebody(newcomer: NewPerson) -> NewPerson:
    """Signed up, with the page open."""

    async def new(server: Server, **options: object) -> Person:
        person = await newcomer(server, **options)
        await person.sign_up()
        await person.opens()
        return person

    return new


@pytest.fixture
async def ann(served: Server, somebody: NewPerson) -> Person:
    return await somebody(served)
