"""Tasks that contract tests record, and when."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain.accounts.account import Caller
from domain.tasks.changes import Change, Event
from domain.tasks.task import Task
from tests.contract.conftest import Store

NOW = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
ANN, BOB = Caller("ann"), Caller("bob")


def task(title: str = "Buy milk", user_id: str = "ann") -> Task:
    return Task.new(user_id, NOW, {"title": title})


async def recorded(store: Store, *changes: Change[Task], caller: Caller = ANN) -> Sequence[Task]:
    tasks: Sequence[Task] = await store.do(store.entities.record(caller, NOW, changes))
    return tasks


async def added(store: Store, *titles: str, user_id: str = "ann") -> list[Task]:
    caller = Caller(user_id)
    return [(await recorded(store, Change(None, task(title, user_id)), caller=caller))[0] for title in titles]


async def changed(store: Store, before: Task, caller: Caller = ANN, **values: object) -> Task:
    after = replace(before, **values)  # type: ignore[arg-type]
    return (await recorded(store, Change(before, after), caller=caller))[0]


async def log(store: Store, user_id: str = "ann") -> list[Event]:
    return list(await store.events.page(user_id, 1000))
