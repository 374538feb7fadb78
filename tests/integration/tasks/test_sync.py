"""Clients that fold what sync gives them, while many write at once, on real PostgreSQL."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.postgres.accounts.account_repository import PostgresAccounts
from adapters.postgres.driver.database import Database
from adapters.postgres.tasks.entity_repository import PostgresEntities
from adapters.postgres.tasks.event_log import PostgresEventLog
from adapters.postgres.tasks.task_repository import PostgresTasks
from adapters.postgres.tasks.trash_repository import PostgresTrash
from application.accounts.calendars import Calendars
from application.tasks.inputs import TaskChanges, TaskDraft
from application.tasks.lists.inputs import ListChanges, ListDraft, TagChanges, ViewDraft
from application.tasks.lists.lists import Lists
from application.tasks.lists.tags import Tags
from application.tasks.lists.views import Views
from application.tasks.log.change_log import ChangeLog
from application.tasks.log.trash import Trash
from application.tasks.log.undo import Undo
from domain.accounts.account import Caller
from domain.errors import Conflict, Invalid, NotFound, Stale
from domain.tasks.changes import Entity
from domain.tasks.entities import BY_TYPE
from domain.tasks.task import Status
from domain.tasks.task_list import TaskList
from domain.tasks.view import View
from tests.fakes import FakeWakeups, user
from tests.tasks_on import on_postgres

WRITERS = 8
KINDS = ("add", "rename", "complete", "uncomplete", "delete", "restore", "undo", "purge")

users = itertools.count(1)
Write = tuple[str, int]


class Household:
    """One user's tasks, written to by many."""

    def __init__(self, database: Database, caller: Caller) -> None:
        self.caller = caller
        repository, log = PostgresTasks(database), PostgresEventLog(database)
        entities = PostgresEntities(database, FakeWakeups())
        self.tasks = on_postgres(database, now)
        self.lists = Lists(repository, entities, database, now)
        calendars = Calendars(PostgresAccounts(database), now)
        self.views = Views(entities, database, now, calendars)
        self.task_tags = Tags(repository, entities, database, now)
        self.entities = entities
        self.undo = Undo(log, entities, database, now)
        self.change_log = ChangeLog(log, repository, entities, FakeWakeups())
        long_after = Trash(PostgresTrash(database, FakeWakeups()), database, lambda: now() + timedelta(days=1), days=0)
        self.purge: Callable[[], Awaitable[object]] = long_after.empty

    async def write(self, writes: list[Write]) -> None:
        for kind, number in writes:
            with suppress(NotFound, Conflict, Invalid):
                await self._write(kind, number)

    async def _write(self, kind: str, number: int) -> object:
        match kind:
            case kind if kind in LIST_KINDS:
                return await LIST_KINDS[kind](self, number)
            case "add":
                return await self.tasks.add(self.caller, TaskDraft(f"task {number}"))
            case "rename":
                return await self.tasks.update(self.caller, number, TaskChanges(title=f"renamed {number}"))
            case "undo":
                return await self.undo.event(self.caller, number)
            case "purge":
                return await self.purge()
        return await getattr(self.tasks, kind)(self.caller, number)


LIST_KINDS: dict[str, Callable[[Household, int], Awaitable[object]]] = {
    "add list": lambda own, number: own.lists.add(own.caller, ListDraft(f"list {number}")),
    "rename list": lambda own, number: own.lists.update(own.caller, number, ListChanges(name=f"renamed {number}")),
    "delete list": lambda own, number: own.lists.delete(own.caller, number),
    "restore list": lambda own, number: own.lists.restore(own.caller, number),
    "move": lambda own, number: own.tasks.update(own.caller, number, TaskChanges(list_id=1 + number % 3, tags=["x"])),
    "tag": lambda own, _: own.task_tags.rename(own.caller, "x", TagChanges("X")),
    "add view": lambda own, number: own.views.add(own.caller, ViewDraft(f"view {number}", "@x")),
    "delete view": lambda own, number: own.views.delete(own.caller, number),
}


class Client:
    def __init__(self, household: Household, limit: int) -> None:
        self.household, self.limit = household, limit
        self.token: str | None = None
        self.entities: dict[tuple[str, int], Entity] = {}

    async def sync(self) -> None:
        has_more = True
        while has_more:
            delta = await self.household.change_log.sync(self.household.caller, self.token, self.limit)
            self.entities |= by_number(delta.entities)
            for each in delta.deleted:
                self.entities.pop((each.entity, each.id), None)
            self.token, has_more = delta.next_token, delta.has_more

    async def sync_while(self, writing: "asyncio.Future[list[None]]") -> None:
        while not writing.done():
            await self.sync()
        await self.sync()


def by_number(entities: Iterable[Entity]) -> dict[tuple[str, int], Entity]:
    return {(BY_TYPE[type(each)].name, each.id): each for each in entities}


def now() -> datetime:
    return datetime.now(UTC)


async def new_household(database: Database) -> Household:
    caller = Caller(f"user-{next(users)}")
    async with database() as work:
        await PostgresAccounts(database).add(user(caller.user_id))
        await work.commit()
    return Household(database, caller)


writes = st.lists(st.tuples(st.sampled_from([*KINDS, *LIST_KINDS]), st.integers(1, 12)), max_size=8)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(writes, min_size=WRITERS, max_size=WRITERS), st.lists(st.integers(1, 7), min_size=2, max_size=2))
async def test_what_is_folded_from_deltas_is_the_full_state_however_many_write(
    database: Database, of_each: list[list[Write]], limits: list[int]
) -> None:
    household = await new_household(database)
    await household.write([(kind, number) for number in range(1, 5) for kind in ("add", "add list", "move")])
    clients = [Client(household, limit) for limit in limits]
    await clients[0].sync()
    writing = asyncio.gather(*(household.write(each) for each in of_each))
    await asyncio.gather(writing, *(client.sync_while(writing) for client in clients))
    page = await household.tasks.page(household.caller, Status.ALL, 1000)
    others = [each for of in (TaskList, View) for each in await household.entities.all(household.caller.user_id, of)]
    full = by_number([*page.tasks, *others])
    assert [client.entities for client in clients] == [full, full]
    assert page.total.count == len(page.tasks)
    assert {task.list_id for task in page.tasks} <= {None, *(each.id for each in others if isinstance(each, TaskList))}
    await revisions_have_no_gap(household)


async def revisions_have_no_gap(household: Household) -> None:
    events = (await household.change_log.page(household.caller, 1000)).events
    assert [event.revision for event in events] == list(range(1, len(events) + 1))


async def test_of_twenty_writers_with_the_same_tag_exactly_one_wins(database: Database) -> None:
    household = await new_household(database)
    task = await household.tasks.add(household.caller, TaskDraft("a"))

    async def write(number: int) -> bool:
        with suppress(Stale):
            await household.tasks.update(household.caller, 1, TaskChanges(title=str(number)), {task.revision})
            return True
        return False

    assert sum(await asyncio.gather(*(write(number) for number in range(20)))) == 1
    assert (await household.tasks.get(household.caller, 1)).revision == 2
