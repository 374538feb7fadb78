"""The server goes, and comes again on the same port: nobody who has the page open loses anything."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, expect

from tests.browser.assistant import Assistant
from tests.browser.conftest import LIMITS, NewPerson, serving
from tests.browser.person import Person
from tests.e2e.conftest import Server

pytestmark = pytest.mark.long

LEASE_SECONDS = "2"
WAYS = [signal.SIGKILL, signal.SIGTERM]


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@pytest.fixture(scope="module")
def port() -> str:
    return free_port()


@pytest.fixture(scope="module")
async def mortal(browser: Browser, assistant: Assistant, port: str) -> AsyncIterator[Server]:
    async with serving("--port", port, OPENAI_BASE_URL=assistant.url, TURN_LEASE_SECONDS=LEASE_SECONDS) as server:
        yield server


@pytest.fixture
async def carl(mortal: Server, port: str, assistant: Assistant, somebody: NewPerson) -> Person:
    assistant.enough.clear()
    assert mortal.process is not None
    if mortal.process.poll() is not None:
        await started_again(mortal, port, assistant)
    return await somebody(mortal)


async def ended(server: Server, number: signal.Signals) -> None:
    await asyncio.to_thread(server.end, number)


async def started_again(server: Server, port: str, assistant: Assistant) -> None:
    await asyncio.to_thread(
        server.start, "--port", port, OPENAI_BASE_URL=assistant.url, TURN_LEASE_SECONDS=LEASE_SECONDS, **LIMITS
    )


@pytest.mark.parametrize("how", WAYS)
async def test_a_page_says_that_the_server_is_away_and_comes_back_with_all_that_changed(
    carl: Person, mortal: Server, port: str, assistant: Assistant, how: signal.Signals
) -> None:
    await carl.adds("Before")
    await carl.sees_tasks("Before")
    await carl.page.get_by_label("New task").fill("Half wri")
    await carl.page.get_by_label("Message", exact=True).fill("Half sai")
    await ended(mortal, how)
    await carl.is_away()
    await expect(carl.page.locator("div.away")).to_contain_text("You are offline and see your tasks as of today")
    await started_again(mortal, port, assistant)
    await carl.has("Meanwhile")
    await expect(carl.page.locator("html")).to_have_attribute("data-link", "live", timeout=20_000)
    await carl.sees_tasks("Before", "Meanwhile")
    await expect(carl.page.get_by_label("New task")).to_have_value("Half wri")
    await expect(carl.page.get_by_label("Message", exact=True)).to_have_value("Half sai")


@pytest.mark.parametrize("how", WAYS)
async def test_an_answer_that_lost_its_server_is_gone_on_with(
    carl: Person, mortal: Server, port: str, assistant: Assistant, how: signal.Signals
) -> None:
    await carl.says("count")
    await carl.sees_answer("0 1 2 3 ")
    await ended(mortal, how)
    await carl.is_away()
    await started_again(mortal, port, assistant)
    assistant.enough.set()
    await expect(carl.answers.last).to_contain_text("That is all.", timeout=40_000)
    await expect(carl.answers).to_have_count(1)
    await expect(carl.button("Send")).to_be_visible()


async def test_a_page_opened_while_the_server_is_away_shows_what_it_has(carl: Person) -> None:
    """The session is asked for until there is an answer."""
    await carl.page.route("**/api/auth/refresh", lambda route: route.abort())
    await carl.page.reload()
    await expect(carl.page.locator("div.away")).to_contain_text("You are offline and see your tasks as of today")
    await carl.page.unroute("**/api/auth/refresh")
    await expect(carl.page.locator("html")).to_have_attribute("data-link", "live", timeout=20_000)
