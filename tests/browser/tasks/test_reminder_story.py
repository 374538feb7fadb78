"""A reminder from the first word to the last: set in four ways, shown, rung, pushed, and answered with the page
closed."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import CDPSession, Worker, expect
from sqlalchemy import text

from adapters.postgres.driver.database import Database
from tests.browser.conftest import NewPerson, serving
from tests.browser.notifications import press, shown
from tests.browser.person import Person, this_minute
from tests.e2e.conftest import Server
from tests.servers.push_service import Browser, PushService, running

RINGS_NOW = "UPDATE rings SET ring_at = now() WHERE state = 'waiting' RETURNING task_id"
"""Instead of waiting for ten minutes."""


@pytest.fixture
async def on_database(database_url: str, browser: Any) -> AsyncIterator[tuple[Server, Database]]:
    database = Database(database_url)
    async with serving(DATABASE_URL=database_url) as server:
        yield server, database
    await database.close()


class Closed:
    """A browser with the page closed: only its service worker is there."""

    def __init__(self, person: Person, session: CDPSession, registration: str, worker: Worker) -> None:
        self._person = person
        self._session = session
        self._registration = registration
        self.worker = worker

    async def is_pushed(self, message: bytes) -> None:
        assert self._person.page.url == "about:blank"
        given = {"origin": self.worker.url.removesuffix("/service-worker.js"), "data": message.decode()}
        await self._session.send("ServiceWorker.deliverPushMessage", {**given, "registrationId": self._registration})


async def closed(person: Person) -> Closed:
    registrations: list[dict[str, Any]] = []
    session = await person.context.new_cdp_session(person.page)
    session.on("ServiceWorker.workerRegistrationUpdated", lambda sent: registrations.extend(sent["registrations"]))
    await session.send("ServiceWorker.enable")
    await person.page.goto("about:blank")
    [worker] = person.context.service_workers
    return Closed(person, session, registrations[0]["registrationId"], worker)


@pytest.fixture
async def service() -> AsyncIterator[PushService]:
    async with running() as service:
        yield service


async def subscribes(person: Person, service: PushService) -> Browser:
    """Chromium reaches no push service here, so a browser of ours takes what is pushed."""
    browser = Browser()
    endpoint = f"http://127.0.0.1:{service.port}/send/1"
    added = await person.ask("POST", "/api/users/me/push-subscriptions", {"endpoint": endpoint, "keys": browser.keys})
    assert added.ok, await added.text()
    return browser


async def says(tab: Person) -> None:
    await tab.says(f"Remind me to call the vet at {(await this_minute())[11:]}")
    await tab.is_answered()
    await expect(tab.task("Call the vet").locator(".meta")).to_contain_text("At the due time")


async def adds_quickly(tab: Person) -> None:
    await tab.adds(f"Call the vet !{await this_minute()}")


async def has_a_model_call_the_tool(tab: Person) -> None:
    given = {"title": "Call the vet", "due": await this_minute(), "reminders": ["at due time"]}
    called = {"method": "tools/call", "params": {"name": "add_task", "arguments": given}}
    answer = await tab.ask("POST", "/mcp", {"jsonrpc": "2.0", "id": 1, **called})
    assert not (await answer.json())["result"].get("isError")


async def has_a_program_post_it(tab: Person) -> None:
    task = {"title": "Call the vet", "reminders": [await this_minute()]}
    assert (await tab.ask("POST", "/api/users/me/tasks", task)).ok


@pytest.mark.long
@pytest.mark.parametrize("sets", [says, adds_quickly, has_a_model_call_the_tool, has_a_program_post_it])
async def test_set_rung_snoozed_and_done_with_the_page_closed(
    on_database: tuple[Server, Database],
    somebody: NewPerson,
    service: PushService,
    sets: Callable[[Person], Awaitable[None]],
) -> None:
    server, database = on_database
    ann = await somebody(server, service_workers="allow")
    await ann.context.grant_permissions(["notifications"])
    browser = await subscribes(ann, service)
    other = await ann.another_tab()
    await ann.page.wait_for_function("navigator.serviceWorker.ready")
    phone = await closed(ann)

    await sets(other)
    await expect(other.task("Call the vet").locator(".meta")).to_be_visible()
    await other.hears("Call the vet")

    message = browser.read(await service.next())
    await phone.is_pushed(message)
    assert [each["title"] for each in await shown(phone.worker)] == ["Call the vet"]
    await press(phone.worker, "snooze")
    await other.hears()
    await other.opens_task("Call the vet")
    await expect(other.page.get_by_role("button", name="Reminders: Snoozed until")).to_be_visible()
    assert await database.run(text(RINGS_NOW))

    again = browser.read(await service.next())
    await other.hears("Call the vet")
    await other.page.close()
    await phone.is_pushed(again)
    assert json.loads(again)["tag"] != json.loads(message)["tag"]
    assert [each["title"] for each in await shown(phone.worker)] == ["Call the vet"]
    await press(phone.worker, "done")
    assert await shown(phone.worker, 0) == []
    assert (await (await ann.ask("GET", "/api/tasks/1")).json())["completed"]
    assert not await database.run(text(RINGS_NOW))
    assert service.taken == []
    await ann.opens()
    await ann.hears()
    await ann.sees_tasks()
