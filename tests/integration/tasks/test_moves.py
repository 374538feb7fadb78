"""Moves by hand on PostgreSQL, by two clients at once."""

import asyncio
import random

from adapters.postgres.accounts.account_repository import PostgresAccounts
from adapters.postgres.driver.database import Database
from application.tasks.inputs import TaskChanges, TaskDraft
from application.tasks.use_cases import Tasks
from domain.accounts.account import Caller
from domain.tasks.ordering.sibling_keys import MAX_KEY_LENGTH
from domain.tasks.ordering.siblings import Place
from domain.tasks.task import Status, Task
from tests.fakes import FakeClock, user
from tests.tasks_on import on_postgres

ANN = Caller("ann")
TASKS, MOVES = 8, 120


async def all_of(tasks: Tasks) -> list[Task]:
    return list((await tasks.page(ANN, Status.ALL, 100)).tasks)


async def moving(tasks: Tasks, seed: int) -> None:
    """Moves between the same few tasks again and again, which makes their keys long."""
    chance = random.Random(seed)
    for _ in range(MOVES):
        task, anchor = chance.sample(range(1, 4) if chance.random() < 0.9 else range(1, TASKS + 1), 2)
        side = chance.choice(["before_id", "after_id"])
        await tasks.update(ANN, task, TaskChanges(**{side: anchor}))  # type: ignore[arg-type]


async def test_two_clients_that_move_at_once_come_to_one_order(database: Database) -> None:
    async with database() as work:
        await PostgresAccounts(database).add(user("ann"))
        await work.commit()
    one, other = on_postgres(database, FakeClock()), on_postgres(database, FakeClock())
    for number in range(TASKS):
        await one.add(ANN, TaskDraft(f"Task {number}"))
    await asyncio.gather(moving(one, 1), moving(other, 2))
    found = await all_of(one)
    positions = [task.position for task in found]
    assert len({*positions}) == TASKS
    assert max(map(len, positions)) <= MAX_KEY_LENGTH
    order = [place.id for place in sorted(Place(task.position, task.id) for task in found)]
    last, first = order[-1], order[0]
    await other.update(ANN, last, TaskChanges(before_id=first))
    await one.add(ANN, TaskDraft("The newest"))
    after = sorted(Place(task.position, task.id) for task in await all_of(other))
    assert [place.id for place in after] == [last, *order[:-1], TASKS + 1]
