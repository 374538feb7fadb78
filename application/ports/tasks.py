"""Tasks and the log of their changes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.account import Caller
from domain.task import Change, Event, Status, Task


def changes_topic(user_id: str) -> str:
    return f"changes {user_id}"


class TaskRepository(Protocol):
    """Tasks, those in the trash included where it is not said otherwise."""

    async def get(self, user_id: str, task_id: int) -> Task | None: ...

    async def get_all(self, user_id: str, task_ids: Sequence[int]) -> Sequence[Task]:
        """Those that there are, in no order."""

    async def get_to_change(self, user_id: str, task_ids: Sequence[int]) -> Sequence[Task]:
        """As `get_all`, in their newest state, and the user's other changes wait until this unit of work ends."""

    async def newest(
        self, user_id: str, status: Status, limit: int, *, offset: int = 0, before: int | None = None
    ) -> Sequence[Task]:
        """Newest first; `before` is a keyset: only tasks with a smaller id. All are those not in the trash."""

    async def following(self, user_id: str, limit: int, *, after: int) -> Sequence[Task]:
        """Oldest first, those in the trash too: only greater ids."""

    async def count(self, user_id: str, status: Status) -> int: ...

    async def record(self, caller: Caller, at: datetime, changes: Sequence[Change]) -> Sequence[Task]:
        """Store each task as its last change has it, and for each change an event and the user's next revision.

        Gives the tasks after each change, with their numbers and revisions, and wakes whoever listens to
        `changes_topic`. Outside of a unit of work it is one of its own. Raises `NotAuthenticated` where the user is
        gone.
        """

    async def trash_before(
        self, deleted_before: datetime, limit: int, but: Collection[str] = ()
    ) -> Mapping[str, Sequence[int]]:
        """Returns at most `limit` tasks of all users `but` these that are in the trash since then, by user."""

    async def erase(self, user_id: str, task_ids: Sequence[int], deleted_before: datetime, limit: int) -> int:
        """Forget what the log has of those in the trash since then, of at most `limit` events. Gives how many."""

    async def purge(self, user_id: str, task_ids: Sequence[int], deleted_before: datetime, at: datetime) -> int:
        """Forget those in the trash since then, in the log too, which keeps the bare fact. Gives how many."""


@dataclass(frozen=True, slots=True)
class Span:
    """What the log has of a user: from revision `oldest` to `newest`, which is 0 before the first change.

    An empty log begins behind its end.
    """

    oldest: int
    newest: int


class EventLog(Protocol):
    """The changes that `TaskRepository.record` stored."""

    async def span(self, user_id: str) -> Span: ...

    async def page(
        self, user_id: str, limit: int, *, after: int = 0, before: int | None = None, newest_first: bool = False
    ) -> Sequence[Event]:
        """Between the revisions `after` and `before`."""

    async def of_task(
        self, user_id: str, task_id: int, limit: int, *, after: int = 0, before: int | None = None
    ) -> Sequence[Event]:
        """Oldest first."""

    async def of_turn(self, user_id: str, turn_id: str) -> Sequence[Event]:
        """All that a chat turn changed, oldest first."""

    async def last_turn_before(self, user_id: str, turn_id: str) -> str | None:
        """The newest turn before this one, in the same conversation, that changed something."""

    async def forget(self, before: datetime, limit: int) -> int:
        """Drop what is older from the beginnings of the users' logs, about `limit` events. Gives how many."""
