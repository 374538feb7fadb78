"""Changes that are asked for twice and made once; for chat turns see `test_chat.py` too."""

import asyncio
from contextvars import Context

import pytest

from application.idempotency import Once, Result
from application.tasks.inputs import TaskDraft
from domain.accounts.account import Caller
from domain.errors import IdempotencyInFlight, IdempotencyMismatch, Invalid
from domain.idempotency import FormerAnswer, Key, Receipt
from domain.tasks.task import Task
from tests.fakes import (
    FakeAccounts,
    FakeClock,
    FakeIdempotencyKeys,
    FakeStore,
    user,
)
from tests.tasks_on import on_fakes

ANN, BOB = Caller("ann"), Caller("bob")
KEY = Key("k", b"one request")


class Desk:
    def __init__(self) -> None:
        self.clock, self.store = FakeClock(), FakeStore()
        self.tasks = on_fakes(self.store, self.clock)
        self.once = Once(FakeIdempotencyKeys(self.store), self.store, self.clock)

    async def add(self, title: str = "Buy milk", key: Key | None = KEY, caller: Caller = ANN) -> Result[Task]:
        result = await self.once.run(caller, key, lambda: self.tasks.add(caller, TaskDraft(title)), Task)
        assert isinstance(result, Result)
        return result

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
    first = await desk.add()
    assert (first.value.id, first.is_replay) == (1, False)
    assert await desk.add() == Result(first.value, is_replay=True)
    assert desk.titles() == ["Buy milk"]


async def test_without_a_key_each_request_counts(desk: Desk) -> None:
    await desk.add(key=None)
    await desk.add(key=None)
    assert len(desk.titles()) == 2
    assert desk.store.rows.receipts == {}


async def test_keys_are_the_users_own(desk: Desk) -> None:
    await desk.add("a")
    assert not (await desk.add("b", caller=BOB)).is_replay
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
    assert not (await desk.add("Buy milk")).is_replay


async def test_where_the_answer_can_not_be_kept_nothing_is_changed(desk: Desk) -> None:
    class FullKeys(FakeIdempotencyKeys):
        async def keep(self, *_: object) -> None:
            raise IdempotencyInFlight

    desk.once = Once(FullKeys(desk.store), desk.store, desk.clock)
    with pytest.raises(IdempotencyInFlight):
        await desk.add()
    assert desk.titles() == []


async def test_a_request_under_way_is_in_flight(desk: Desk) -> None:
    async def change() -> int:
        with pytest.raises(IdempotencyInFlight):
            await asyncio.get_running_loop().create_task(desk.add(), context=Context())
        return 7

    assert await desk.once.run(ANN, KEY, change, int) == Result(7)
    assert desk.titles() == []


async def test_after_a_day_a_key_is_forgotten(desk: Desk) -> None:
    await desk.add()
    desk.clock.forward(hours=23, minutes=59)
    assert (await desk.add()).is_replay
    desk.clock.forward(minutes=1)
    assert (await desk.add()).value.id == 2


async def test_what_the_version_before_has_kept_is_its_answer(desk: Desk) -> None:
    former = FormerAnswer(201, b'{"id":1}')
    kept = Receipt(user_id="ann", key="k", fingerprint=KEY.fingerprint, former=former, created_at=desk.clock())
    async with desk.store() as work:
        await desk.once._keys.keep(kept)
        await work.commit()
    result = await desk.once.run(ANN, KEY, lambda: desk.tasks.add(ANN, TaskDraft("a")), Task)
    assert (result, desk.titles()) == (former, [])
    with pytest.raises(IdempotencyMismatch):
        await desk.add(key=Key("k", b"another request"))
