"""Changes that a sender may ask for again without knowing whether the first request arrived."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from application.ports import Clock, IdempotencyKeys, Transaction
from application.retry import retried
from domain.accounts.account import Caller
from domain.idempotency import Key, Receipt


@dataclass(frozen=True, slots=True)
class Served:
    """An answer as it was sent, so that it can be sent again to the letter."""

    status: int
    body: bytes
    replayed: bool = False


class Once:
    """Key, effect and answer are one unit of work: a crash leaves all of them or nothing."""

    def __init__(self, keys: IdempotencyKeys, transaction: Transaction, clock: Clock) -> None:
        self._keys = keys
        self._transaction = transaction
        self._clock = clock

    @retried
    async def serve(self, caller: Caller, key: Key | None, change: Callable[[], Awaitable[Served]]) -> Served:
        """Raises `IdempotencyMismatch`, `IdempotencyInFlight`, and what `change` refuses.

        A refusal is not kept: it changed nothing, so the request may be tried again under the same key.
        """
        if key is None:
            return await change()
        now = self._clock()
        if kept := await self._keys.find(caller.user_id, key.text, now):
            return _again(kept, key)
        async with self._transaction() as work:
            await self._keys.claim(caller.user_id, key.text, now)
            served = await change()
            await self._keys.keep(_receipt(caller, key, served, now))
            await work.commit()
        return served


def _receipt(caller: Caller, key: Key, served: Served, now: datetime) -> Receipt:
    return Receipt(
        user_id=caller.user_id,
        key=key.text,
        fingerprint=key.fingerprint,
        status=served.status,
        body=served.body,
        created_at=now,
    )


def _again(kept: Receipt, key: Key) -> Served:
    kept.check(key)
    assert kept.status is not None, "a request of the same fingerprint left an answer, not a turn"
    assert kept.body is not None
    return Served(kept.status, kept.body, replayed=True)
