"""The database's time, which all servers share."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from sqlalchemy import func, select

from adapters.postgres.driver.database import Database
from domain.errors import Refusal, Unavailable

EVERY_SECONDS, UNKNOWN_EVERY_SECONDS = 10.0, 1.0
FIRST_SECONDS = 1.0
TRIES = 3
"""The quickest answer is used. Its time is wrong by at most half of the time it took."""
KEPT_SECONDS = 0.1
"""A smaller difference is ignored, so that the time does not jump with the speed of the network."""
TOLERATED_SECONDS = 5.0
NOW = select(func.clock_timestamp())

log = logging.getLogger(__name__)


def steady() -> float:
    """Returns seconds that run on while the machine sleeps, and do not jump when the system's time is set."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class DatabaseClock:
    """Returns the time without a query; `run` queries the database from time to time. `own` is this machine's clock. It
    is used until `start`, for commands that do not call `run`."""

    def __init__(self, database: Database, own: Callable[[], datetime], steady: Callable[[], float] = steady) -> None:
        self._database = database
        self._own = own
        self._steady = steady
        self._began: float | None = own().timestamp() - steady()
        self._said = 0.0

    def __call__(self) -> datetime:
        """Raises `Unavailable` until the database has answered, since a wrong time could purge the trash."""
        if self._began is None:
            raise Unavailable("The database can't be reached right now. Try again in a moment.")
        return datetime.fromtimestamp(self._began + self._steady(), UTC)

    async def start(self) -> None:
        """Waits at most one second, since a server may start without its database."""
        self._began = None
        with suppress(Refusal, TimeoutError):
            async with asyncio.timeout(FIRST_SECONDS):
                await self.ask()

    async def run(self) -> None:
        """Never returns. While the database can't be reached, the time continues from its last answer."""
        while True:
            await asyncio.sleep(UNKNOWN_EVERY_SECONDS if self._began is None else EVERY_SECONDS)
            with suppress(Refusal):
                await self.ask()

    async def ask(self) -> None:
        """Raises `Unavailable`."""
        took, began = min([await self._answer() for _ in range(TRIES)])
        if self._began is None or abs(began - self._began) > max(took / 2, KEPT_SECONDS):
            self._began = began
        self._compare(self._own().timestamp() - self._steady() - self._began)

    async def _answer(self) -> tuple[float, float]:
        """Returns the seconds that the query took, and the database's time when `steady` was 0."""
        asked = self._steady()
        [(now,)] = await self._database.run(NOW)
        took = self._steady() - asked
        return took, now.timestamp() - asked - took / 2

    def _compare(self, ahead: float) -> None:
        """Logs each difference once."""
        if abs(ahead - self._said) <= TOLERATED_SECONDS:
            return
        self._said = ahead
        way = "ahead of" if ahead > 0 else "behind"
        log.warning(
            "this server's clock is %.0f s %s the database's, which is used instead: correct it", abs(ahead), way
        )
