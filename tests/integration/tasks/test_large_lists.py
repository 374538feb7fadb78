"""A list of as many tasks as may be, on real PostgreSQL: each statement stays within its timeout."""

import time
from itertools import pairwise

import pytest

from adapters.postgres.accounts.account_repository import PostgresAccounts
from adapters.postgres.driver.database import Database
from adapters.postgres.tasks.entity_repository import PostgresEntities
from adapters.postgres.tasks.event_log import PostgresEventLog
from adapters.postgres.tasks.task_repository import PostgresTasks
from application.tasks.lists.inputs import ListDraft, TagChanges
from application.tasks.lists.lists import Lists
from application.tasks.lists.tags import Tag, Tags
from application.tasks.log.recording import record_all
from application.tasks.log.undo import Undo
from domain.accounts.account import Caller
from domain.tasks.changes import Change
from domain.tasks.task import Task
from domain.tasks.task_list import MAX_TASKS_IN_LIST
from tests.fakes import FakeClock, FakeWakeups, user

ANN = Caller("ann")
SECONDS = 60
"""The most that each of a deletion, a restoration, a renaming and an undo may take. Here they take 3 to 6."""


@pytest.mark.long
async def test_ten_thousand_tasks_go_with_their_list_and_come_back(database: Database) -> None:
    clock = FakeClock()
    tasks, entities = PostgresTasks(database), PostgresEntities(database, FakeWakeups())
    lists = Lists(tasks, entities, database, clock)
    async with database() as work:
        await PostgresAccounts(database).add(user("ann"))
        await work.commit()
    await lists.add(ANN, ListDraft("Home"))
    values = {"title": "a task", "description": "x" * 200, "list_id": 1, "tags": ["home"]}
    async with database() as work:
        new = [Change(None, Task.new("ann", clock(), values)) for _ in range(MAX_TASKS_IN_LIST)]
        await record_all(entities, ANN, clock(), new)
        await work.commit()
    took = [time.monotonic()]
    await lists.delete(ANN, 1)
    took.append(time.monotonic())
    assert (await lists.restore(ANN, 1)).pending == MAX_TASKS_IN_LIST
    took.append(time.monotonic())
    renamed = await Tags(tasks, entities, database, clock).rename(ANN, "HOME", TagChanges("house"))
    assert renamed == Tag("house", MAX_TASKS_IN_LIST)
    took.append(time.monotonic())
    newest = (await PostgresEventLog(database).span("ann")).newest
    undone = await Undo(PostgresEventLog(database), entities, database, clock).event(ANN, newest)
    assert len(undone.entities) == MAX_TASKS_IN_LIST
    took.append(time.monotonic())
    assert max(later - earlier for earlier, later in pairwise(took)) < SECONDS
