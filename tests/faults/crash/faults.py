"""What is done to the servers, to PostgreSQL and to the wire between them; each returns when the fault has ended.

A killed server is started again by others: until one listens, the fault lasts."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping

from tests.faults.crash.servers import Servers
from tests.faults.tools.postgres import FAST, IMMEDIATE, Postgres
from tests.faults.tools.proxy import Proxy

Fault = Callable[[], Awaitable[None]]


class Faults:
    def __init__(self, servers: Servers, postgres: Postgres, proxy: Proxy) -> None:
        self._servers = servers
        self._postgres = postgres
        self._proxy = proxy

    def by_name(self) -> Mapping[str, Fault]:
        return {
            "a server killed": self._now(self._servers.kill_one),
            "both servers killed": self._now(self._servers.kill_all),
            "a server told to end": self._now(self._servers.terminate_one),
            "PostgreSQL restarted, fast": self._restart_fast,
            "PostgreSQL restarted, immediately": self._restart_immediately,
            "PostgreSQL frozen": self._freeze,
            "PostgreSQL in a black hole": self._lasting(self._proxy.black_hole, 1, 6),
            "PostgreSQL refuses": self._lasting(self._proxy.refuse, 0.5, 3),
            "PostgreSQL slow (50 ms each way)": self._lasting(self._slow_down, 2, 3),
            "connections cut": self._now(self._proxy.cut),
            "connections reset": self._now(self._proxy.reset),
        }

    def _now(self, do: Callable[[], None]) -> Fault:
        async def at_once() -> None:
            do()

        return at_once

    def _lasting(self, do: Callable[[], None], least: float, most: float) -> Fault:
        async def for_a_while() -> None:
            do()
            await asyncio.sleep(random.uniform(least, most))
            await self._proxy.heal()

        return for_a_while

    async def _restart_fast(self) -> None:
        await asyncio.to_thread(self._postgres.stop, FAST)
        await asyncio.to_thread(self._postgres.start)

    async def _restart_immediately(self) -> None:
        await asyncio.to_thread(self._postgres.stop, IMMEDIATE)
        await asyncio.to_thread(self._postgres.start)

    async def _freeze(self) -> None:
        self._postgres.freeze()
        await asyncio.sleep(random.uniform(1, 6))
        self._postgres.thaw()

    def _slow_down(self) -> None:
        self._proxy.latency = 0.05
