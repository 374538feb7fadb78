"""The time of the database, which all servers share, whatever their own clocks show."""

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
"""The quickest answer counts: the time it tells is wrong by half of what it took, at most."""
KEPT_SECONDS = 0.1
"""A smaller difference is left, so that time does not go back and forth with the speed of the network."""
TOLERATED_SECONDS = 5.0
NOW = select(func.clock_timestamp())

log = logging.getLogger(__name__)


def steady() -> float:
    """Returns seconds since some moment, which go on while the machine sleeps, and which nobody can set."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class DatabaseClock:
    """Calling it returns the time, and asks nobody: `run` asks the database from time to time.

    `own` is this machine's clock. It is trusted until `start`, for commands that have no use for `run`.
    """

    def __init__(self, database: Database, own: Callable[[], datetime], steady: Callable[[], float] = steady) -> None:
        self._database = database
        self._own = own
        self._steady = steady
        self._began: float | None = own().timestamp() - steady()
        self._said = 0.0

    def __call__(self) -> datetime:
        """Raises `Unavailable` after `start` until the database has told its time: a guess could empty a trash."""
        if self._began is None:
            raise Unavailable("The database can't be reached right now. Try again in a moment.")
        return datetime.fromtimestamp(self._began + self._steady(), UTC)

    async def start(self) -> None:
        """Waits a second at most; a server starts without its database too."""
        self._began = None
        with suppress(Refusal, TimeoutError):
            async with asyncio.timeout(FIRST_SECONDS):
                await self.ask()

    async def run(self) -> None:
        """Has no end. While the database is away, time goes on from what it told last."""
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
        """Returns how long it took, and the database's time at the zero of `steady`."""
        asked = self._steady()
        [(now,)] = await self._database.run(NOW)
        took = self._steady() - asked
        return took, now.timestamp() - asked - took / 2

    def _compare(self, ahead: float) -> None:
        """Says each difference once."""
        if abs(ahead - self._said) <= TOLERATED_SECONDS:
            return
        self._said = ahead
        way = "ahead of" if ahead > 0 else "behind"
        log.warning("this server's clock is %.0f s %s the database's, which counts here: set it", abs(ahead), way)
