"""Changes that are asked for twice and made once; for chat turns see `test_chat.py` too."""

import asyncio
from contextvars import Context

import pytest

from application.idempotency import Once, Served
from application.tasks.commands import TaskDraft
from application.tasks.use_cases import Tasks
from domain.accounts.account import Caller
from domain.errors import IdempotencyInFlight, IdempotencyMismatch, Invalid
from domain.idempotency import Key
from tests.fakes import FakeAccounts, FakeClock, FakeEntities, FakeIdempotencyKeys, FakeStore, FakeTasks, user

ANN, BOB = Caller("ann"), Caller("bob")
KEY = Key("k", b"one request")


class Desk:
    def __init__(self) -> None:
        self.clock, self.store = FakeClock(), FakeStore()
        self.tasks = Tasks(FakeTasks(self.store), FakeEntities(self.store), self.store, self.clock)
        self.once = Once(FakeIdempotencyKeys(self.store), self.store, self.clock)

    async def add(self, title: str = "Buy milk", key: Key | None = KEY, caller: Caller = ANN) -> Served:
        async def change() -> Served:
            task = await self.tasks.add(caller, TaskDraft(title))
            return Served(201, f"task {task.id}".encode())

        return await self.once.serve(caller, key, change)

    def titles(self) -> list[str]:
        return [task.title for task in self.store.rows.tasks.values()]


@pytest.fixture
async def desk() -> Desk:
    desk = Desk()
    async with desk.store() as work:
        for name in ("ann", "bob"):
            await FakeAccounts(desk.store).add(user(name))
        await work.commit()
    return desk


async def test_the_second_request_gets_the_answer_of_the_first_and_changes_nothing(desk: Desk) -> None:
    assert await desk.add() == Served(201, b"task 1")
    assert await desk.add() == Served(201, b"task 1", replayed=True)
    assert desk.titles() == ["Buy milk"]


async def test_without_a_key_each_request_counts(desk: Desk) -> None:
    await desk.add(key=None)
    await desk.add(key=None)
    assert len(desk.titles()) == 2
    assert desk.store.rows.receipts == {}


async def test_keys_are_the_users_own(desk: Desk) -> None:
    await desk.add("a")
    assert not (await desk.add("b", caller=BOB)).replayed
    assert desk.titles() == ["a", "b"]


async def test_a_key_of_another_request_is_refused(desk: Desk) -> None:
    await desk.add()
    with pytest.raises(IdempotencyMismatch):
        await desk.add("else", Key("k", b"another request"))
    assert desk.titles() == ["Buy milk"]


async def test_a_refusal_is_not_kept_so_the_request_may_be_tried_again(desk: Desk) -> None:
    with pytest.raises(Invalid):
        await desk.add("")
    assert desk.store.rows.receipts == {}
    assert (await desk.add("Buy milk")).status == 201


async def test_where_the_answer_can_not_be_kept_nothing_is_changed(desk: Desk) -> None:
    class FullKeys(FakeIdempotencyKeys):
        async def keep(self, *_: object) -> None:
            raise IdempotencyInFlight

    desk.once = Once(FullKeys(desk.store), desk.store, desk.clock)
    with pytest.raises(IdempotencyInFlight):
        await desk.add()
    assert desk.titles() == []


async def test_a_request_under_way_is_in_flight(desk: Desk) -> None:
    async def change() -> Served:
        with pytest.raises(IdempotencyInFlight):
            await asyncio.get_running_loop().create_task(desk.add(), context=Context())
        return Served(200, b"")

    assert await desk.once.serve(ANN, KEY, change) == Served(200, b"")
    assert desk.titles() == []


async def test_after_a_day_a_key_is_forgotten(desk: Desk) -> None:
    await desk.add()
    desk.clock.forward(hours=23, minutes=59)
    assert (await desk.add()).replayed
    desk.clock.forward(minutes=1)
    assert await desk.add() == Served(201, b"task 2")
