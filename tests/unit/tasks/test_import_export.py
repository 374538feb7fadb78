from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from application.tasks.files.building.rules import MAX_REFUSED, TOO_MANY_REFUSED
from application.tasks.files.formats.own.shapes import ExportedTask
from application.tasks.files.limits import MAX_IMPORTED_TASKS
from application.tasks.import_export import EXPORT_PAGE
from application.tasks.imports.reading import OnError
from application.tasks.inputs import TaskDraft
from application.tasks.log.recording import RECORDED_AT_ONCE
from domain.accounts.account import Actor, Caller
from domain.errors import Invalid, NotAuthenticated
from domain.tasks.changes import ChangeKind
from domain.tasks.fields import MAX_DESCRIPTION_LENGTH, MAX_TITLE_LENGTH
from domain.tasks.task import Task
from tests.fakes import FakeEntities
from tests.unit.tasks.import_world import ANN, BOB, ImportWorld

LONG_AGO = datetime(2020, 2, 29, 12, 30, 15, 123456, tzinfo=UTC)


@pytest.fixture
async def world() -> ImportWorld:
    return await ImportWorld.with_users()


async def pages(world: ImportWorld, caller: Caller = ANN) -> list[Sequence[Task]]:
    return [page async for page in world.import_export.export(caller, Task)]


async def test_an_export_is_all_the_users_own_tasks_oldest_first_the_trash_included(world: ImportWorld) -> None:
    for title in "abc":
        await world.tasks.add(ANN, TaskDraft(title))
    await world.tasks.add(BOB, TaskDraft("secret"))
    await world.tasks.delete(ANN, 2)
    assert [(task.title, bool(task.deleted_at)) for task in await world.tasks_of()] == [
        ("a", False),
        ("b", True),
        ("c", False),
    ]


async def test_an_export_of_nothing_is_one_empty_page(world: ImportWorld) -> None:
    assert await pages(world) == [[]]


@pytest.mark.parametrize("count", [EXPORT_PAGE - 1, EXPORT_PAGE, EXPORT_PAGE + 1])
async def test_an_export_misses_nothing_where_its_pages_meet(world: ImportWorld, count: int) -> None:
    await world.send_tasks(*[ExportedTask(title="x")] * count)
    found = await pages(world)
    assert [task.id for page in found for task in page] == list(range(1, count + 1))
    assert max(map(len, found)) <= EXPORT_PAGE


async def test_a_task_that_changes_during_an_export_is_in_it_once(world: ImportWorld) -> None:
    await world.send_tasks(*[ExportedTask(title="x")] * (EXPORT_PAGE + 1))
    exported: list[Task] = []
    async for page in world.import_export.export(ANN, Task):
        exported += page
        if len(exported) == EXPORT_PAGE:
            await world.tasks.complete(ANN, 1)
            await world.tasks.complete(ANN, EXPORT_PAGE + 1)
            await world.tasks.add(ANN, TaskDraft("new"))
    assert [task.id for task in exported] == list(range(1, EXPORT_PAGE + 3))
    assert [task.completed for task in exported] == [*[False] * EXPORT_PAGE, True, False]


async def test_an_import_keeps_what_a_task_is_and_gives_it_the_next_number(world: ImportWorld) -> None:
    await world.tasks.add(ANN, TaskDraft("first"))
    given = ExportedTask(
        title=" Pay rent ",
        description="by “transfer”",
        completed=True,
        created_at=LONG_AGO,
        updated_at=LONG_AGO + timedelta(days=1),
        deleted_at=LONG_AGO + timedelta(days=2),
        id=77,
        user_id="somebody",
        revision=99,
    )
    await world.send_tasks(given)
    assert (await world.tasks_of())[1] == Task(
        user_id="ann",
        id=2,
        revision=2,
        title="Pay rent",
        description="by “transfer”",
        completed=True,
        created_at=LONG_AGO,
        updated_at=LONG_AGO + timedelta(days=1),
        completed_at=LONG_AGO + timedelta(days=1),
        deleted_at=LONG_AGO + timedelta(days=2),
    )


async def test_a_title_will_do(world: ImportWorld) -> None:
    await world.send_tasks(ExportedTask(title="a"))
    (task,) = await world.tasks_of()
    assert replace(task, id=0, revision=0) == Task.new("ann", world.clock(), {"title": "a"})


async def test_a_task_that_tells_when_it_was_added_was_not_changed_later(world: ImportWorld) -> None:
    await world.send_tasks(ExportedTask(title="a", created_at=LONG_AGO))
    assert (await world.tasks_of())[0].updated_at == LONG_AGO


async def test_times_are_kept_in_utc_whatever_their_offset(world: ImportWorld) -> None:
    given = LONG_AGO.astimezone(timezone(timedelta(hours=5, minutes=30)))
    await world.send_tasks(ExportedTask(title="a", created_at=given))
    kept = (await world.tasks_of())[0].created_at
    assert (kept, kept.tzinfo) == (LONG_AGO, UTC)


async def test_a_time_that_is_in_no_year_of_utc_is_a_bad_row(world: ImportWorld) -> None:
    first = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1)))
    with pytest.raises(Invalid, match="line 1: deleted_at: must be in the years 1 to 9999"):
        await world.send_tasks(ExportedTask(title="a", deleted_at=first))


async def test_an_import_is_in_the_log_task_by_task_as_done_by_who_did_it(world: ImportWorld) -> None:
    caller = Caller("ann", Actor("token", "t1"))
    await world.send_tasks(*[ExportedTask(title="x")] * (RECORDED_AT_ONCE + 2), caller=caller)
    events = world.store.rows.events
    assert [event.revision for event in events] == list(range(1, RECORDED_AT_ONCE + 3))
    assert {(event.kind, event.actor, event.at) for event in events} == {
        (ChangeKind.CREATED, caller.actor, world.clock())
    }


GOOD = ExportedTask(title="good")
BAD: dict[str, Any] = {
    "title: must not be empty": ExportedTask(title=" "),
    f"title: must be at most {MAX_TITLE_LENGTH} characters": ExportedTask(title="x" * (MAX_TITLE_LENGTH + 1)),
    "title: must not contain NUL characters or lone surrogates": ExportedTask(title="a\x00b"),
    f"description: must be at most {MAX_DESCRIPTION_LENGTH} characters": ExportedTask(
        title="a", description="x" * (MAX_DESCRIPTION_LENGTH + 1)
    ),
    "name: is not a known field": {"title": "a", "name": "b"},
}


@pytest.mark.parametrize("message", BAD)
async def test_one_bad_row_refuses_the_whole_by_line(world: ImportWorld, message: str) -> None:
    with pytest.raises(Invalid) as refusal:
        await world.send_tasks(GOOD, BAD[message], GOOD)
    assert [(each.field, each.message) for each in refusal.value.fields] == [("line 2", message)]
    assert world.store.rows.tasks == {}


async def test_a_refusal_names_the_first_bad_rows_and_how_many_more(world: ImportWorld) -> None:
    with pytest.raises(Invalid) as refusal:
        await world.send_tasks(GOOD, *[ExportedTask(title="")] * 25)
    fields = refusal.value.fields
    assert [each.field for each in fields] == [*[f"line {line}" for line in range(2, 22)], "body"]
    assert fields[-1].message == "5 further rows are bad"


async def test_bad_rows_are_skipped_and_told_where_that_is_asked_for(world: ImportWorld) -> None:
    result = await world.send_tasks(GOOD, *BAD.values(), GOOD, on_error=OnError.SKIP)
    assert result.imported == 2
    assert [(each.line, each.message) for each in result.skipped] == list(enumerate(BAD, 2))
    assert [task.title for task in await world.tasks_of()] == ["good", "good"]


async def test_an_import_that_breaks_in_its_middle_leaves_nothing(
    world: ImportWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, calls = FakeEntities.record, 0

    async def breaks(*arguments: object, **named: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise RuntimeError
        return await record(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(FakeEntities, "record", breaks)
    with pytest.raises(RuntimeError):
        await world.send_tasks(*[GOOD] * (RECORDED_AT_ONCE + 1))
    assert (world.store.rows.tasks, world.store.rows.events) == ({}, [])


async def test_more_tasks_than_one_import_takes_are_refused(world: ImportWorld) -> None:
    with pytest.raises(Invalid, match="at most 10000 tasks: import it in parts"):
        await world.send_tasks(*[GOOD] * (MAX_IMPORTED_TASKS + 1), on_error=OnError.SKIP)
    assert world.store.rows.tasks == {}


async def test_a_user_who_is_gone_imports_nothing(world: ImportWorld) -> None:
    with pytest.raises(NotAuthenticated):
        await world.send_tasks(GOOD, caller=Caller("nobody"), on_error=OnError.SKIP)


async def test_after_very_many_impossible_rules_no_other_is_tried(world: ImportWorld) -> None:
    bad = {"title": "a", "due": "2026-12-01", "recurrence": "FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1"}
    told = await world.send_tasks(*[bad] * (MAX_REFUSED + 1), {"title": "b"}, on_error=OnError.SKIP)
    assert (told.imported, told.skipped_total) == (1, MAX_REFUSED + 1)
    assert told.skipped[-1].message == f"recurrence: {TOO_MANY_REFUSED}"
