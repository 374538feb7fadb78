"""Units of work, and who is told when they are done."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from datetime import datetime
from typing import Protocol, runtime_checkable

Clock = Callable[[], datetime]
"""Now, in UTC."""


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
        """False where nothing was announced in that time. What was announced before, since the last wait, counts."""


class Wakeups(Protocol):
    """Tells whoever waits, on any server, that rows changed; what changed is read from the rows."""

    async def announce(self, topic: str) -> None:
        """Inside a unit of work, it is told when that is committed."""

    def listen(self, topic: str) -> AbstractContextManager[Waiter]: ...

    def wake_all(self) -> None:
        """Whoever waits on this server, whatever for."""


@runtime_checkable
class Readiness(Protocol):
    async def check(self) -> None:
        """Within a second; raises `Unavailable` with what is missing."""
