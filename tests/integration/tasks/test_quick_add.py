"""Quick add on real PostgreSQL: a new list is made once, however many name it at once, and a preview leaves nothing."""

import asyncio
from datetime import UTC, datetime

import pytest

from adapters.postgres.accounts.account_repository import PostgresAccounts
from adapters.postgres.driver.database import Database
from adapters.postgres.tasks.entity_repository import PostgresEntities
from adapters.postgres.tasks.event_log import PostgresEventLog
from application.accounts.calendars import Calendars
from application.tasks.log.undo import Undo
from application.tasks.quick_add import QuickAddLine, QuickAddTasks
from domain.accounts.account import Caller
from domain.errors import Invalid
from domain.tasks.task import Status
from domain.tasks.task_list import TaskList
from tests.fakes import FakeWakeups, user
from tests.tasks_on import on_postgres

ANN = Caller("ann")
LINE = "Pay rent #Home @money p1 every 1st at 9 {15 dec} ~20m // from the joint account"


def now() -> datetime:
    return datetime(2026, 11, 23, 9, tzinfo=UTC)


class World:
    def __init__(self, database: Database) -> None:
        self.entities = PostgresEntities(database, FakeWakeups())
        self.tasks = on_postgres(database, now)
        self.log = PostgresEventLog(database)
        self.undo = Undo(self.log, self.entities, database, now)
        calendars = Calendars(PostgresAccounts(database), now)
        self.quick_add = QuickAddTasks(self.tasks, self.entities, database, calendars)


@pytest.fixture
async def world(database: Database) -> World:
    async with database() as work:
        await PostgresAccounts(database).add(user("ann"))
        await work.commit()
    return World(database)


async def test_a_list_that_many_name_at_once_is_made_once(world: World) -> None:
    lines = [QuickAddLine(f"task {number} #Home") for number in range(8)]
    added = await asyncio.gather(*(world.quick_add.add(ANN, line) for line in lines))
    [made] = await world.entities.all("ann", TaskList)
    assert {each.task.list_id for each in added} == {made.id}
    assert sorted(each.task.id for each in added) == list(range(1, 9))


async def test_a_preview_leaves_nothing_and_takes_no_number(world: World) -> None:
    preview = await world.quick_add.add(ANN, QuickAddLine(LINE, dry_run=True))
    assert (preview.task.id, preview.task.list_id, preview.understood[0].is_new) == (0, None, True)
    with pytest.raises(Invalid, match=r"^start: "):
        await world.quick_add.add(ANN, QuickAddLine("Milk #New today {start: 24 dec}"))
    assert list(await world.entities.all("ann", TaskList)) == []
    assert (await world.tasks.page(ANN, Status.ALL, 10)).total.count == 0
    added = await world.quick_add.add(ANN, QuickAddLine(LINE))
    assert (added.task.id, added.task.list_id, added.task.revision) == (1, 1, 2)
    assert added.understood == preview.understood


async def test_one_undo_takes_the_list_and_the_task(world: World) -> None:
    added = await world.quick_add.add(ANN, QuickAddLine(LINE))
    undone = await world.undo.event(ANN, added.task.revision)
    assert [each.deleted_at is not None for each in undone.entities] == [True, True]
    assert list(await world.entities.all("ann", TaskList)) == []
