from collections.abc import AsyncIterator, Sequence

from application.accounts.calendars import Calendars
from application.ports import Clock, EntityRepository, TaskRepository, Transaction
from application.retry import retried
from application.tasks.imports.arrival import Account, Arrival
from application.tasks.imports.content import Content
from application.tasks.imports.reading import Reader
from application.tasks.imports.result import ImportResult, import_result
from application.tasks.log.recording import RECORDED_AT_ONCE, ChangeSet
from domain.accounts.account import Caller
from domain.errors import Invalid
from domain.tasks.changes import Change, E
from domain.tasks.task import Task
from domain.tasks.task_list import MAX_TASKS_IN_LIST, TaskList
from domain.tasks.view import View

EXPORT_PAGE = 100
"""Tasks, lists or views that an export holds in memory at once."""


class ImportExport:
    def __init__(
        self,
        tasks: TaskRepository,
        entities: EntityRepository,
        transaction: Transaction,
        clock: Clock,
        calendars: Calendars,
    ) -> None:
        self._tasks = tasks
        self._entities = entities
        self._transaction = transaction
        self._clock = clock
        self._calendars = calendars

    async def export(self, caller: Caller, of: type[E]) -> AsyncIterator[Sequence[E]]:
        """Yields pages of all entities of the type, oldest first, including the trash. There is at least one page,
        which may be empty.

        This is no snapshot, since that would hold a connection during the whole download. Each entity is yielded once,
        as it was when its page was read, since its number never changes. Changes during the export may or may not be
        included.
        """
        after: int | None = 0
        while after is not None:
            page = await self._entities.following(caller.user_id, of, EXPORT_PAGE, after=after)
            yield page
            after = page[-1].id if len(page) == EXPORT_PAGE else None

    async def reader(self, caller: Caller) -> Reader:
        """Returns how the user reads the dates of a file. Raises `Unavailable`."""
        return Reader(caller.user_id, self._clock(), await self._calendars.of(caller.user_id))

    @retried
    async def import_content(self, caller: Caller, content: Content, *, dry_run: bool = False) -> ImportResult:
        """Stores all of a file or nothing, as one change set. A dry run leaves everything as it is. Raises `Invalid` if
        lists would have too many tasks, or if there would be too many lists or views."""
        async with self._transaction() as work:
            arrival = await self._arrival(caller, content)
            revision = await self._record(caller, arrival)
            if not dry_run:
                await work.commit()
        return import_result(content, arrival, revision, dry_run=dry_run)

    async def _record(self, caller: Caller, arrival: Arrival) -> int | None:
        """Returns a revision by which all of it can be undone, or None if there was nothing to record."""
        change_set = ChangeSet(self._entities, caller, self._clock())
        await change_set.record([Change(None, each) for each in arrival.new_lists])
        await change_set.record([Change(None, each) for each in arrival.new_views])
        for part in arrival.parts(RECORDED_AT_ONCE):
            await change_set.record(part)
        return change_set.revision

    async def _arrival(self, caller: Caller, content: Content) -> Arrival:
        """Fits the file into the account, whose other changes wait until the unit of work ends."""
        user_id, entities = caller.user_id, self._entities
        await entities.get_to_change(user_id, Task, [])
        account = Account(
            lists=await entities.all(user_id, TaskList),
            views=await entities.all(user_id, View),
            last_task=await entities.last_number(user_id, Task),
            last_list=await entities.last_number(user_id, TaskList),
            last_view=await entities.last_number(user_id, View),
        )
        arrival = Arrival(content, account)
        for list_id, growth in arrival.growth().items():
            await self._check_list(user_id, arrival.lists[list_id], growth, is_new=list_id > account.last_list)
        return arrival

    async def _check_list(self, user_id: str, each: TaskList, growth: int, *, is_new: bool) -> None:
        size = growth if is_new else growth + await self._tasks.list_size(user_id, each.id)
        if size > MAX_TASKS_IN_LIST:
            message = f"list {each.name} would have {size:,} tasks, and it may have {MAX_TASKS_IN_LIST:,}"
            raise Invalid.field("body", f"{message}. Rename it, and import the file again")
