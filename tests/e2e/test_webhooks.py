"""Webhooks of a real server, in several processes, to a receiver that is not always willing."""

import asyncio
import signal
from typing import Any
from uuid import uuid4

import httpx
import pytest
import standardwebhooks

from application.webhooks.deliveries import LEASE_SECONDS
from bootstrap.postgres.embedded_postgres import EmbeddedPostgres
from tests.e2e.conftest import Server
from tests.servers.database_processes import sql
from tests.servers.webhook_receiver import Receiver

pytestmark = pytest.mark.long

ME = "/api/users/me"


class Ann:
    def __init__(self, server: Server) -> None:
        self._server = server
        self._headers: dict[str, str] = {}

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        async with httpx.AsyncClient(base_url=self._server.url, headers=self._headers, timeout=30) as client:
            answer = await client.request(method, path, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    async def sign_up(self) -> None:
        account = {"email": f"{uuid4().hex}@example.com", "password": "correct horse"}
        token = (await self.call("POST", "/api/auth/signup", account))["token"]
        self._headers = {"Authorization": f"Bearer {token}"}

    async def add_webhook(self, url: str) -> Any:
        return await self.call("POST", f"{ME}/webhooks", {"url": url})

    async def add_task(self, title: str) -> None:
        await self.call("POST", f"{ME}/tasks", {"title": title})


async def signed_up(server: Server) -> Ann:
    ann = Ann(server)
    await ann.sign_up()
    return ann


def lapse(server: Server) -> str:
    """What time does by itself: what is held by a server that died can be taken `LEASE_SECONDS` later at the latest."""
    url = EmbeddedPostgres(server.folder / "data", durable=True).url()
    assert url, "a server's PostgreSQL outlives it"
    held = f"lease_until <= now() + interval '{LEASE_SECONDS} s'"
    return sql(url, f"UPDATE webhooks SET lease_until = now() WHERE {held}")


async def test_every_change_comes_signed_and_in_order_though_the_receiver_fails_twice(two_workers: Server) -> None:
    ann = await signed_up(two_workers)
    async with Receiver() as receiver:
        receiver.answers = [500, 503]
        hook = await ann.add_webhook(receiver.url)
        await ann.add_task("Buy milk")
        await ann.call("PATCH", f"{ME}/tasks/1", {"title": "Buy bread"})
        await ann.call("POST", f"{ME}/chat", {"message": "I bought bread"})
        await ann.call("DELETE", f"{ME}/tasks/1")
        *failed, first, second, third, fourth = await receiver.received(6)
        assert [each.id for each in failed] == [first.id, first.id], "a repetition has the same id"
        assert [each.id for each in (first, second, third, fourth)] == [f"{hook['id']}.{n}" for n in range(1, 5)]
        assert all(each.is_signed(hook["secret"]) for each in receiver.deliveries)
        for each in receiver.deliveries:
            assert standardwebhooks.Webhook(hook["secret"]).verify(each.body, each.headers) == each.event
        events = [each.event for each in (first, second, third, fourth)]
        assert [event["kind"] for event in events] == ["created", "updated", "completed", "deleted"]
        assert [event["after"]["title"] for event in events] == ["Buy milk", *["Buy bread"] * 3]
        assert [event["actor"]["kind"] for event in events] == ["user", "user", "turn", "user"]
        assert events[2]["actor"]["conversation_id"] == "default"
        shown = await ann.call("GET", f"{ME}/webhooks/{hook['id']}")
        assert (shown["failures"], shown["last_error"]) == (0, None)
        await ann.add_task("Buy tea")
        assert (await receiver.received(7))[-1].id == f"{hook['id']}.5", "and nothing was sent twice meanwhile"


@pytest.mark.long
async def test_what_was_committed_is_sent_after_kill_9(server: Server) -> None:
    """The first event is cut off while it is sent, the second before anybody could send it."""
    await asyncio.to_thread(server.start, "--workers", "2")
    ann = await signed_up(server)
    async with Receiver() as receiver:
        receiver.answers = [None]
        hook = await ann.add_webhook(receiver.url)
        await ann.add_task("Buy milk")
        [begun] = await receiver.received(1)
        await ann.add_task("Buy bread")
        await asyncio.to_thread(server.end, signal.SIGKILL)
        assert len(receiver.deliveries) == 1
        assert await asyncio.to_thread(lapse, server) == "UPDATE 1"
        await asyncio.to_thread(server.start, "--workers", "2")
        _, again, other = await receiver.received(3)
        assert [begun.id, again.id, other.id] == [f"{hook['id']}.{revision}" for revision in (1, 1, 2)]
        assert begun.body == again.body
        assert server.end(signal.SIGTERM) == []
