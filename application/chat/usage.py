"""The usage of the language model by turns, and the quota of a user in a day (UTC)."""

import asyncio
import math
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from application.chat.model.accumulator import Accumulator
from application.ports import Clock, LanguageModel, Transaction, TurnRepository
from application.retry import retried
from domain.accounts.account import Caller
from domain.chat.turn import DayUsage, Turn
from domain.errors import ModelUnavailable, QuotaExceeded, Unavailable


@dataclass(frozen=True, slots=True)
class TotalUsage:
    turns: int
    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int
    model_milliseconds: int


@dataclass(frozen=True, slots=True)
class UsageReport:
    """`daily_tokens` is the user's quota, or None without a limit."""

    days: Sequence[DayUsage]
    total: TotalUsage
    daily_tokens: int | None


class UsageQuota:
    """`daily_tokens` limits the tokens of prompts and answers together. 0 means no limit."""

    def __init__(self, turns: TurnRepository, clock: Clock, daily_tokens: int) -> None:
        self._turns = turns
        self._clock = clock
        self._daily_tokens = daily_tokens

    async def report(self, caller: Caller, days: int) -> UsageReport:
        """Returns the usage of today and the days before, newest first. Days without a turn are left out."""
        since = _midnight(self._clock()) - timedelta(days=days - 1)
        used = await self._turns.usage(caller.user_id, since)
        total = TotalUsage(*(sum(getattr(each, field.name) for each in used) for field in fields(TotalUsage)))
        return UsageReport(used, total, self._daily_tokens or None)

    async def check_quota(self, caller: Caller) -> None:
        """Raises `QuotaExceeded` if today's turns have used all tokens of the quota. A user with one token left may
        begin a turn, and that turn may run to its end."""
        if not self._daily_tokens:
            return
        now = self._clock()
        today = await self._turns.usage(caller.user_id, _midnight(now))
        if sum(each.prompt_tokens + each.completion_tokens for each in today) >= self._daily_tokens:
            tomorrow = _midnight(now) + timedelta(days=1)
            raise QuotaExceeded(self._daily_tokens, math.ceil((tomorrow - now).total_seconds()))


class UsageMeter:
    """Counts answers that ended with an error too, since they cost something once they reached the provider."""

    def __init__(self, turns: TurnRepository, model: LanguageModel, transaction: Transaction) -> None:
        self._turns = turns
        self._model = model
        self._transaction = transaction

    @asynccontextmanager
    async def counting(self, turn: Turn, accumulator: Accumulator) -> AsyncIterator[None]:
        """Charges the turn if the block fails, unless the provider could not be reached or refused the request."""
        try:
            yield
        except (Unavailable, TimeoutError, asyncio.CancelledError) as error:
            if not (isinstance(error, ModelUnavailable) and accumulator.is_silent()):
                await self.charge(accumulator.with_usage(turn, self._model.name))
            raise

    @retried
    async def charge(self, turn: Turn) -> None:
        with suppress(Unavailable, TimeoutError):
            async with self._transaction() as work:
                await self._turns.charge(turn)
                await work.commit()


def _midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)
