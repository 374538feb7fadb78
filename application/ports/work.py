from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from datetime import datetime
from typing import Protocol, runtime_checkable

Clock = Callable[[], datetime]
"""Returns the time now, in UTC."""


class UnitOfWork(Protocol):
    async def commit(self) -> None: ...


class Transaction(Protocol):
    """Opens a unit of work. What repositories do inside it is kept only if `commit` is reached.

    A unit of work inside another one joins it: the outer commit decides, and is refused if the inner one was left
    without commit. Raises `Unavailable` if the database is away, and `WriteConflict` if two units of work met and this
    one gave way. The outermost unit of work marks that error as `is_rolled_back`, and so does a single statement
    outside of any.
    """

    def __call__(self) -> AbstractAsyncContextManager[UnitOfWork]: ...


class Waiter(Protocol):
    async def wait(self, seconds: float) -> bool:
        """Returns False if nothing was announced in that time. Announcements since the last wait count."""


class Wakeups(Protocol):
    """Wakes waiters on all servers when rows have changed. The change itself is read from the rows."""

    async def announce(self, topic: str) -> None:
        """Announces the topic. Inside a unit of work, that happens at its commit."""

    def listen(self, topic: str) -> AbstractContextManager[Waiter]: ...

    def wake_all(self) -> None:
        """Wakes all waiters on this server, for all topics."""


@runtime_checkable
class Readiness(Protocol):
    async def check(self) -> None:
        """Checks within a second. Raises `Unavailable` with what is missing."""
