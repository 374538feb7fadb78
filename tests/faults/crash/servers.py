"""Several servers, started again whenever they end."""

import asyncio
import random
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.faults.tools.servers import ServerProcess

RESTART_SECONDS, START_SECONDS = 0.2, 180


class Servers:
    def __init__(self, servers: list[ServerProcess]) -> None:
        self.servers = servers

    @property
    def ports(self) -> list[int]:
        return [server.port for server in self.servers]

    def kill_one(self) -> None:
        random.choice(self.servers).send(signal.SIGKILL)

    def kill_all(self) -> None:
        for server in self.servers:
            server.send(signal.SIGKILL)

    def terminate_one(self) -> None:
        random.choice(self.servers).send(signal.SIGTERM)

    async def are_up(self) -> None:
        await asyncio.gather(*(server.answers("/health/live", seconds=START_SECONDS) for server in self.servers))

    async def is_up(self) -> None:
        """One of them at least."""
        asked = [asyncio.create_task(server.answers("/health/live", seconds=START_SECONDS)) for server in self.servers]
        await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        for each in asked:
            each.cancel()
        await asyncio.gather(*asked, return_exceptions=True)


@asynccontextmanager
async def kept_up(count: int, database_url: str, folder: Path, **environment: str) -> AsyncIterator[Servers]:
    servers = [ServerProcess(database_url, folder / f"server-{number}.log", **environment) for number in range(count)]
    keepers = [asyncio.create_task(_keep(server)) for server in servers]
    try:
        yield Servers(servers)
    finally:
        for keeper in keepers:
            keeper.cancel()
        await asyncio.gather(*keepers, return_exceptions=True)


async def _keep(server: ServerProcess) -> None:
    try:
        while True:
            await server.start()
            assert server.process
            await server.process.wait()
            await asyncio.sleep(RESTART_SECONDS)
    finally:
        if server.runs:
            await server.end(signal.SIGKILL)
