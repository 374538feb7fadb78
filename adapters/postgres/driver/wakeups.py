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

from adapters.postgres.driver.connections import arguments
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


class Bell(Waiter):
    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    async def wait(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return False
        self._rung.clear()
        return True


class PostgresWakeups(Wakeups):
    """`url` and `connect_args` are those of `Database`, or lead around a pooler if `is_direct` is true.

    While the connection is lost nobody is woken, and waits time out.
    """

    def __init__(
        self, database: Database, url: str, connect_args: Mapping[str, Any] | None = None, *, is_direct: bool = False
    ) -> None:
        self._database = database
        self._is_direct = is_direct
        self._arguments = arguments(url) | dict(connect_args or {})
        self._bells: defaultdict[str, set[Bell]] = defaultdict(set)
        self._listening: asyncio.Task[None] | None = None
        self._untold: set[str] = set()
        self._telling: asyncio.Task[None] | None = None

    async def announce(self, topic: str) -> None:
        """Notifies after the commit, since a NOTIFY in a transaction makes all such transactions commit one by one.

        If the notification is lost, the waiters wake when their wait times out.
        """
        self._database.when_committed(partial(self._tell, topic))

    @contextmanager
    def listen(self, topic: str) -> Iterator[Waiter]:
        if self._listening is None:
            self._listening = asyncio.create_task(self._listen(), context=Context())
        bell = Bell()
        self._bells[topic].add(bell)
        try:
            yield bell
        finally:
            self._bells[topic].discard(bell)
            if not self._bells[topic]:
                del self._bells[topic]

    def wake_all(self) -> None:
        for topic in list(self._bells):
            self._ring(topic)

    async def close(self) -> None:
        if self._telling:
            await self._telling
        if self._listening:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening

    def _tell(self, topic: str) -> None:
        self._untold.add(topic)
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell_all(), context=Context())

    async def _tell_all(self) -> None:
        """Sends a single announcement at once, and those that follow within a moment together."""
        while self._untold:
            topics, self._untold = list(self._untold), set()
            with suppress(Unavailable):
                await self._database.run(ANNOUNCE, {"topics": topics})
            await asyncio.sleep(PAUSE_SECONDS)

    async def _listen(self) -> None:
        """Reconnects until it succeeds, and then wakes all waiters, since announcements may have been missed."""
        while True:
            try:
                if not await self._hear():
                    log.error("a pooler passes no announcements on: set DIRECT_DATABASE_URL, around it")
                    return
                log.warning("the connection that listens for changes was closed")
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("the connection that listens for changes is lost: %s", type(error).__name__)
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _hear(self) -> bool:
        """Returns True when the connection is closed, or False at once if there is a pooler."""
        connection = await asyncpg.connect(**self._arguments, timeout=CONNECT_SECONDS)
        lost = Bell()
        connection.add_termination_listener(lambda _: lost.ring())
        try:
            if not self._is_direct and await is_pooled(connection):
                return False
            await connection.add_listener(CHANNEL, lambda *heard: self._ring(heard[-1]))
            self.wake_all()
            while not await lost.wait(CHECK_SECONDS):
                await connection.execute("SELECT 1", timeout=CONNECT_SECONDS)
            return True
        finally:
            connection.terminate()

    def _ring(self, topic: str) -> None:
        for bell in self._bells.get(topic, ()):
            bell.ring()
