"""Use-cases of exporting all tasks, and of importing tasks from files that adapters read."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from application.ports import Clock, EntityRepository, TaskRepository, Transaction
from application.retry import retried
from application.tasks.files.limits import check_count
from application.tasks.inputs import TaskDraft
from application.tasks.recording import record_all
from domain.accounts.account import Caller
from domain.errors import FieldError, Invalid
from domain.tasks.changes import Change
from domain.tasks.named import N
from domain.tasks.task import Task

VERSION = 2
"""The version of the export format. A format that older servers can't import gets the next one."""
EXPORT_PAGE = 100
"""Tasks that an export holds in memory at once."""
REFUSED_SHOWN = 20

Time = Annotated[datetime, Meta(tz=True)]
NotKept = Meta(description="Not kept: an imported task gets the next number and revision of its new owner.")


class OnError(StrEnum):
    REFUSE = "refuse"
    SKIP = "skip"


class ExportedTask(TaskDraft, forbid_unknown_fields=True, kw_only=True):
    """A task in an export or import. Only the title is required. Given times are kept."""

    completed: bool = False
    created_at: Annotated[Time | None, Meta(description="Without one, now.")] = None
    updated_at: Annotated[Time | None, Meta(description="Without one, `created_at`.")] = None
    deleted_at: Annotated[Time | None, Meta(description="Since when it is in the trash.")] = None
    completed_at: Annotated[Time | None, Meta(description="Without one, `updated_at`.")] = None
    position: Annotated[str | None, NotKept] = None
    occurrence_of: Annotated[int | None, NotKept] = None
    subtasks: Annotated[dict[str, int] | None, NotKept] = None
    id: Annotated[int | None, NotKept] = None
    user_id: Annotated[str | None, NotKept] = None
    revision: Annotated[int | None, NotKept] = None

    def task(self, user_id: str, now: datetime) -> Task:
        """Returns the task of its new owner. Raises `Invalid` if a value breaks its rule."""
        values = self.given() | {"completed": self.completed}
        created = _utc("created_at", self.created_at) or now
        updated = _utc("updated_at", self.updated_at) or created
        new = Task.new(user_id, created, values)
        deleted = _utc("deleted_at", self.deleted_at)
        completed = _utc("completed_at", self.completed_at) or updated if self.completed else None
        moved = replace(new, list_id=None, parent_id=None)  # the numbers are those of another account
        return replace(moved, updated_at=updated, completed_at=completed, deleted_at=deleted and min(deleted, now))


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A place in a file, counted from 1, with its task or the reason why there is none."""

    line: int
    task: ExportedTask | Invalid


@dataclass(frozen=True, slots=True)
class RowProblem:
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class ImportBatch:
    """The tasks to store from a file, and the rows that are left out."""

    tasks: Sequence[Task]
    skipped: Sequence[RowProblem]


class ImportExport:
    def __init__(
        self, tasks: TaskRepository, entities: EntityRepository, transaction: Transaction, clock: Clock
    ) -> None:
        self._tasks = tasks
        self._entities = entities
        self._transaction = transaction
        self._clock = clock

    async def export(self, caller: Caller) -> AsyncIterator[Sequence[Task]]:
        """Yields pages of all tasks, oldest first, including the trash. There is at least one page, which may be empty.

        This is no snapshot, since that would hold a connection during the whole download. Each task is yielded once, as
        it was when its page was read, since its number never changes. Changes during the export may or may not be
        included.
        """
        after: int | None = 0
        while after is not None:
            page = await self._tasks.following(caller.user_id, EXPORT_PAGE, after=after)
            yield page
            after = page[-1].id if len(page) == EXPORT_PAGE else None

    async def all_of(self, caller: Caller, of: type[N]) -> Sequence[N]:
        """Returns all lists, or all views, those in the trash too. Filters of views name lists by their numbers."""
        live = await self._entities.all(caller.user_id, of)
        return [*live, *await self._entities.trashed(caller.user_id, of, of.MOST)]

    def checked(self, caller: Caller, on_error: OnError, rows: Sequence[ImportRow]) -> ImportBatch:
        """Checks the rows. It is to be called in a thread, since thousands of rows would block other requests.

        Raises `Invalid` for too many rows, and for bad ones if `on_error` refuses them.
        """
        check_count(len(rows))
        now = self._clock()
        read = [_read_row(row, caller.user_id, now) for row in rows]
        problems = [each for each in read if isinstance(each, RowProblem)]
        if problems and on_error is OnError.REFUSE:
            raise _refusal(problems)
        return ImportBatch([each for each in read if isinstance(each, Task)], problems)

    @retried
    async def import_tasks(self, caller: Caller, batch: ImportBatch) -> None:
        """Stores all of the tasks or none."""
        now = self._clock()
        async with self._transaction() as work:
            await record_all(self._entities, caller, now, [Change(None, task) for task in batch.tasks])
            await work.commit()


def _read_row(row: ImportRow, user_id: str, now: datetime) -> Task | RowProblem:
    try:
        if isinstance(row.task, Invalid):
            raise row.task
        return row.task.task(user_id, now)
    except Invalid as refusal:
        return RowProblem(row.line, refusal.message)


def _refusal(problems: Sequence[RowProblem]) -> Invalid:
    shown = [FieldError(f"line {each.line}", each.message) for each in problems[:REFUSED_SHOWN]]
    further = len(problems) - len(shown)
    return Invalid(*shown, *([FieldError("body", f"{further} further rows are bad")] if further else []))


def _utc(field: str, value: datetime | None) -> datetime | None:
    """Returns the time in UTC. Raises `Invalid` if that is outside of the years 1 to 9999."""
    try:
        return value and value.astimezone(UTC)
    except OverflowError:
        raise Invalid.field(field, "must be in the years 1 to 9999 in UTC") from None
