"""Wake-ups over NOTIFY. Each process has one listening connection for all its waiters."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import Context
from functools import partial
from typing import Any

import asyncpg
from sqlalchemy import ARRAY, Text, bindparam, text

from adapters.postgres.driver.connections import asyncpg_arguments
from adapters.postgres.driver.database import Database
from adapters.postgres.driver.poolers import is_pooled
from application.ports import Waiter, Wakeups
from domain.errors import Unavailable

CHANNEL = "tasktalk"
ANNOUNCE = text("SELECT pg_notify(:channel, topic) FROM unnest(:topics) AS topic").bindparams(
    bindparam("channel", CHANNEL, Text), bindparam("topics", type_=ARRAY(Text))
)
PAUSE_SECONDS = 0.01
RECONNECT_SECONDS = 1.0
CHECK_SECONDS = 10.0
"""The connection is probed this often, since a server that is frozen or unreachable does not close it."""
CONNECT_SECONDS = 5.0

log = logging.getLogger(__name__)


class Signal(Waiter):
    def __init__(self) -> None:
        self._event = asyncio.Event()

    def notify(self) -> None:
        self._event.set()

    async def wait(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True


class PostgresWakeups(Wakeups):
    """Wakes the waiters of all servers over NOTIFY. `url` and `connect_args` are those of `Database`. If those lead to
    a pooler, pass others that lead directly to PostgreSQL, with `is_direct`. While the connection is lost, nobody is
    woken, and each waiter waits until its time is over."""

    def __init__(
        self, database: Database, url: str, connect_args: Mapping[str, Any] | None = None, *, is_direct: bool = False
    ) -> None:
        self._database = database
        self._is_direct = is_direct
        self._arguments = asyncpg_arguments(url) | dict(connect_args or {})
        self._signals: defaultdict[str, set[Signal]] = defaultdict(set)
        self._listening: asyncio.Task[None] | None = None
        self._pending: set[str] = set()
        self._sending: asyncio.Task[None] | None = None

    async def announce(self, topic: str) -> None:
        """Notifies after the commit, since a NOTIFY in a transaction makes all such transactions commit one by one. If
        the notification is lost, the waiters wake when their wait times out."""
        self._database.when_committed(partial(self._enqueue, topic))

    @contextmanager
    def listen(self, topic: str) -> Iterator[Waiter]:
        if self._listening is None:
            self._listening = asyncio.create_task(self._listen(), context=Context())
        signal = Signal()
        self._signals[topic].add(signal)
        try:
            yield signal
        finally:
            self._signals[topic].discard(signal)
            if not self._signals[topic]:
                del self._signals[topic]

    def wake_all(self) -> None:
        for topic in list(self._signals):
            self._notify(topic)

    async def close(self) -> None:
        if self._sending:
            await self._sending
        if self._listening:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening

    def _enqueue(self, topic: str) -> None:
        self._pending.add(topic)
        if self._sending is None or self._sending.done():
            self._sending = asyncio.create_task(self._send_all(), context=Context())

    async def _send_all(self) -> None:
        """Sends the first announcement at once. Those that follow within a moment are sent together."""
        while self._pending:
            topics, self._pending = list(self._pending), set()
            with suppress(Unavailable):
                await self._database.run(ANNOUNCE, {"topics": topics})
            await asyncio.sleep(PAUSE_SECONDS)

    async def _listen(self) -> None:
        """Reconnects until it succeeds, and then wakes all waiters, since announcements may have been missed."""
        while True:
            try:
                if not await self._receive():
                    log.error("a pooler forwards no notifications: set DIRECT_DATABASE_URL to PostgreSQL itself")
                    return
                log.warning("the connection that listens for changes was closed")
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("the connection that listens for changes is lost: %s", type(error).__name__)
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _receive(self) -> bool:
        """Returns True when the connection is closed, or False at once if there is a pooler."""
        connection = await asyncpg.connect(**self._arguments, timeout=CONNECT_SECONDS)
        lost = Signal()
        connection.add_termination_listener(lambda _: lost.notify())
        try:
            if not self._is_direct and await is_pooled(connection):
                return False
            await connection.add_listener(CHANNEL, lambda *arguments_: self._notify(arguments_[-1]))
            self.wake_all()
            while not await lost.wait(CHECK_SECONDS):
                await connection.execute("SELECT 1", timeout=CONNECT_SECONDS)
            return True
        finally:
            connection.terminate()

    def _notify(self, topic: str) -> None:
        for signal in self._signals.get(topic, ()):
            signal.notify()
