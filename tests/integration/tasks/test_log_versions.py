"""The log read by this version where others wrote it: the one before it, and the one after it."""

import json
from typing import Any

import pytest
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from adapters.postgres.accounts.account_repository import PostgresAccounts
from adapters.postgres.driver.database import Database
from adapters.postgres.tasks.entity_repository import PostgresEntities
from adapters.postgres.tasks.event_log import PostgresEventLog
from adapters.postgres.tasks.task_repository import PostgresTasks
from application.tasks.inputs import TaskDraft
from application.tasks.log.change_log import ChangeLog
from application.tasks.log.undo import Undo
from domain.accounts.account import Caller
from domain.errors import Conflict
from domain.tasks.entities import BY_NAME, EntityType
from domain.tasks.task import Task
from tests.fakes import FakeClock, FakeWakeups, user
from tests.logged import only_task, title_of, titles_after
from tests.tasks_on import on_postgres

ANN = Caller("ann")
STATE = {
    "title": "Buy milk",
    "description": None,
    "completed": False,
    "created_at": "2026-11-01T09:00:00+00:00",
    "updated_at": "2026-11-01T09:00:00+00:00",
    "deleted_at": None,
}
BY_THE_VERSION_BEFORE = text("""
    WITH counter AS (
        UPDATE counters SET revision = revision + 1, last_task_id = 1, pending = 1 WHERE user_id = 'ann'
        RETURNING revision
    ), task AS (
        INSERT INTO tasks (user_id, id, revision, title, created_at, updated_at)
        SELECT 'ann', 1, revision, :after ->> 'title', (:after ->> 'created_at')::timestamptz,
               (:after ->> 'updated_at')::timestamptz
        FROM counter
        ON CONFLICT (user_id, id) DO UPDATE SET title = excluded.title, revision = excluded.revision
    )
    INSERT INTO events (user_id, revision, task_id, kind, before, after, actor_kind, at)
    SELECT 'ann', revision, 1, :kind, :before, :after, 'user', now() FROM counter
""").bindparams(bindparam("before", type_=JSONB(none_as_null=True)), bindparam("after", type_=JSONB))
BY_THE_VERSION_AFTER = text("""
    WITH counter AS (UPDATE counters SET revision = revision + 1 WHERE user_id = 'ann' RETURNING revision)
    INSERT INTO events (user_id, revision, entity, entity_id, change_set, kind, after, actor_kind, at)
    SELECT 'ann', revision, 'galaxy', 1, coalesce(:change_set, revision), 'created', '{"stars": 7, "_v": 3}', 'user',
           now()
    FROM counter
""").bindparams(bindparam("change_set", None))


class World:
    def __init__(self, database: Database) -> None:
        self.database = database
        entities, log = PostgresEntities(database, FakeWakeups()), PostgresEventLog(database)
        repository = PostgresTasks(database)
        self.tasks = on_postgres(database, FakeClock())
        self.undo = Undo(log, entities, database, FakeClock())
        self.change_log = ChangeLog(log, repository, entities, FakeWakeups())

    async def write_before(self, kind: str, before: Any, after: Any) -> None:
        await self.run(BY_THE_VERSION_BEFORE, {"kind": kind, "before": before, "after": after})

    async def write_after(self, change_set: int | None = None) -> None:
        await self.run(BY_THE_VERSION_AFTER, {"change_set": change_set})

    async def run(self, statement: Any, given: dict[str, Any]) -> None:
        async with self.database() as work:
            await self.database.write(statement, given)
            await work.commit()


@pytest.fixture
async def world(database: Database) -> World:
    async with database() as work:
        await PostgresAccounts(database).add(user("ann"))
        await work.commit()
    return World(database)


async def test_what_the_version_before_wrote_is_read_synced_and_undone(world: World) -> None:
    token = (await world.change_log.sync(ANN, None, 10)).next_token
    await world.write_before("created", None, STATE)
    await world.write_before("updated", STATE, STATE | {"title": "Buy bread"})
    events = (await world.change_log.page(ANN, 10)).events
    assert [(each.entity, each.entity_id, each.change_set) for each in events] == [("task", 1, 1), ("task", 1, 2)]
    assert titles_after(events) == ["Buy milk", "Buy bread"]
    assert [each.id for each in (await world.change_log.sync(ANN, token, 10)).entities] == [1]
    assert len((await world.change_log.of_entity(ANN, Task, 1, 10)).events) == 2
    back = only_task((await world.undo.event(ANN, 2)).entities)
    assert (back.title, back.revision) == ("Buy milk", 3)


async def test_entities_that_only_the_version_after_knows_are_left_out(world: World) -> None:
    token = (await world.change_log.sync(ANN, None, 10)).next_token
    await world.write_after()
    await world.tasks.add(ANN, TaskDraft("Buy milk"))
    await world.write_after()
    assert [each.revision for each in (await world.change_log.page(ANN, 10)).events] == [2]
    delta = await world.change_log.sync(ANN, token, 10)
    assert ([title_of(each) for each in delta.entities], delta.deleted, delta.has_more) == (["Buy milk"], [], False)
    assert (await world.change_log.sync(ANN, delta.next_token, 10)).entities == []
    feed = world.change_log.follow(ANN, 0)
    assert titles_after(await anext(feed)) == ["Buy milk"]
    await feed.aclose()


async def test_a_set_with_one_of_them_is_not_undone_by_halves(world: World) -> None:
    await world.tasks.add(ANN, TaskDraft("Buy milk"))
    await world.write_after(change_set=1)
    with pytest.raises(Conflict, match="newer version"):
        await world.undo.event(ANN, 1)


def test_states_of_older_forms_are_upgraded_step_by_step() -> None:
    third = EntityType(
        "task", Task, upgrades=(lambda old: old | {"title": old["name"]}, lambda old: old | {"description": "?"})
    )
    assert third.version == 3
    assert third.upgraded({"name": "a"}, 1) == {"name": "a", "title": "a", "description": "?"}
    assert third.upgraded({"title": "b"}, 2) == {"title": "b", "description": "?"}
    assert third.upgraded({"title": "c"}, 3) == {"title": "c"}


async def test_a_state_names_the_version_of_its_form(world: World) -> None:
    await world.tasks.add(ANN, TaskDraft("Buy milk"))
    [(after,)] = await world.database.run(text("SELECT after FROM events"))
    state = json.loads(after) if isinstance(after, str) else after
    assert state["_v"] == BY_NAME["task"].version
