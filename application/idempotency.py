"""Changes that a sender may ask for again without knowing whether the first request arrived."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from msgspec import json

from application.ports import Clock, IdempotencyKeys, Transaction
from application.retry import retried
from domain.accounts.account import Caller
from domain.idempotency import FormerAnswer, Key, Receipt

T = TypeVar("T")


@dataclass(slots=True)
class Result(Generic[T]):
    """The result of a change. `is_replay` means that an earlier request made the change."""

    value: T
    is_replay: bool = False


class Once:
    """Key, effect and result are one unit of work: a crash leaves all of them or nothing."""

    def __init__(self, keys: IdempotencyKeys, transaction: Transaction, clock: Clock) -> None:
        self._keys = keys
        self._transaction = transaction
        self._clock = clock

    async def has_run(self, caller: Caller, key: Key | None) -> bool:
        return key is not None and bool(await self._keys.find(caller.user_id, key.text, self._clock()))

    @retried
    async def run(
        self, caller: Caller, key: Key | None, change: Callable[[], Awaitable[T]], of: type[T]
    ) -> Result[T] | FormerAnswer:
        """Returns the result of `change`, or that of the first request with the key, read as the type `of`. A refusal
        is not kept: it changed nothing, so the request may be tried again under the same key. Raises
        `IdempotencyMismatch`, `IdempotencyInFlight`, and what `change` refuses."""
        if key is None:
            return Result(await change())
        now = self._clock()
        if kept := await self._keys.find(caller.user_id, key.text, now):
            return _replay(kept, key, of)
        async with self._transaction() as work:
            await self._keys.claim(caller.user_id, key.text, now)
            value = await change()
            await self._keys.keep(_receipt(caller, key, value, now))
            await work.commit()
        return Result(value)


def _receipt(caller: Caller, key: Key, value: object, now: datetime) -> Receipt:
    return Receipt(
        user_id=caller.user_id,
        key=key.text,
        fingerprint=key.fingerprint,
        result=json.encode(value),
        created_at=now,
    )


def _replay(kept: Receipt, key: Key, of: type[T]) -> Result[T] | FormerAnswer:
    kept.check(key)
    if kept.former:
        return kept.former
    assert kept.result is not None, "a request of the same fingerprint left a result, not a turn"
    return Result(json.decode(kept.result, type=of), is_replay=True)
