"""The database of the fakes with its units of work, a clock that tests move, and wake-ups inside this process."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from application.ports import Transaction, UnitOfWork, Waiter, Wakeups
from domain.accounts.account import User
from domain.accounts.api_token import ApiToken
from domain.accounts.session import Session
from domain.chat.conversation import Conversation
from domain.chat.turn import Turn
from domain.errors import WriteConflict
from domain.idempotency import Receipt
from domain.oauth.clients import Client
from domain.oauth.codes import AuthorizationCode
from domain.oauth.connections import Connection
from domain.quotas import DEFAULT_QUOTAS
from domain.reminders.notification import Notification
from domain.reminders.push import PushSubscription
from domain.reminders.ring import RingKey, RingState
from domain.reminders.settings import ReminderSettings
from domain.tasks.changes import Event
from domain.tasks.task import Task
from domain.tasks.task_list import TaskList
from domain.tasks.view import View
from domain.webhooks.webhook import Webhook


class FakeClock:
    """Stands still until it is told to move."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass(frozen=True)
class FakeRing:
    state: RingState
    ring_at: datetime
    set_at: datetime | None
    version: int = 0
    snoozes: int = 0
    zones: str | None = None


@dataclass
class Rows:
    users: dict[str, User] = field(default_factory=dict)
    sessions: dict[tuple[str, str], Session] = field(default_factory=dict)
    resets: dict[tuple[str, bytes], datetime] = field(default_factory=dict)
    revisions: dict[str, int] = field(default_factory=dict)
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    tasks: dict[tuple[str, int], Task] = field(default_factory=dict)
    lists: dict[tuple[str, int], TaskList] = field(default_factory=dict)
    views: dict[tuple[str, int], View] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    conversations: dict[tuple[str, str], Conversation] = field(default_factory=dict)
    hidden: dict[tuple[str, str], datetime] = field(default_factory=dict)
    closed: dict[str, datetime] = field(default_factory=dict)
    jobs: dict[str, tuple[datetime, str | None, datetime | None]] = field(default_factory=dict)
    turns: dict[tuple[str, str], Turn] = field(default_factory=dict)
    receipts: dict[tuple[str, str], Receipt] = field(default_factory=dict)
    webhooks: dict[tuple[str, str], Webhook] = field(default_factory=dict)
    api_tokens: dict[tuple[str, str], ApiToken] = field(default_factory=dict)
    oauth_clients: dict[str, Client] = field(default_factory=dict)
    oauth_codes: dict[tuple[str, bytes], AuthorizationCode] = field(default_factory=dict)
    oauth_connections: dict[tuple[str, str], Connection] = field(default_factory=dict)
    rings: dict[RingKey, FakeRing] = field(default_factory=dict)
    notifications: dict[tuple[str, str], tuple[Notification, datetime, datetime | None]] = field(default_factory=dict)
    push_subscriptions: dict[tuple[str, str], PushSubscription] = field(default_factory=dict)
    reminder_settings: dict[str, tuple[ReminderSettings, datetime | None]] = field(default_factory=dict)
    used_actions: dict[tuple[str, int], datetime] = field(default_factory=dict)
    email_links: dict[tuple[str, bytes], tuple[str, datetime]] = field(default_factory=dict)

    def copy(self) -> "Rows":
        return Rows(**{name: table.copy() for name, table in vars(self).items()})


class FakeWork(UnitOfWork):
    def __init__(self) -> None:
        self.committed = False
        self.spoiled = False

    async def commit(self) -> None:
        if self.spoiled:
            raise RuntimeError("a unit of work inside this one was left without commit")
        self.committed = True


class FakeStore(Transaction):
    """The database: all tables, and units of work that put them back when left without commit."""

    def __init__(self) -> None:
        self.rows = Rows()
        self.quotas = DEFAULT_QUOTAS
        self.fault: Exception | None = None
        self.claims: dict[tuple[str, str], FakeWork] = {}
        self._current: ContextVar[FakeWork | None] = ContextVar("fake_work", default=None)

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[FakeWork]:
        self.reached()
        outer, work, before = self._current.get(), FakeWork(), self.rows.copy()
        token = self._current.set(work)
        try:
            yield work
        except WriteConflict as conflict:
            conflict.is_rolled_back = outer is None
            raise
        finally:
            self._current.reset(token)
            self.claims = {claimed: holder for claimed, holder in self.claims.items() if holder is not work}
            if outer:
                outer.spoiled |= not work.committed
            elif not work.committed:
                self.rows = before

    def claim(self, name: tuple[str, str]) -> bool:
        """False where another unit of work holds it; it is free again when that ends."""
        work = self._current.get()
        assert work, "a claim is held by a unit of work"
        return self.claims.setdefault(name, work) is work

    def check_quotas(self, user_id: str) -> None:
        """After a change that adds. The default quotas are more than any test has over fakes."""
        if self.quotas is not DEFAULT_QUOTAS:
            own = [task for task in self.rows.tasks.values() if task.user_id == user_id]
            self.quotas.check_tasks(len([task for task in own if not task.deleted_at]))
            states = [
                state for each in self.rows.events if each.user_id == user_id for state in (each.before, each.after)
            ]
            said = [turn.message for turn in self.rows.turns.values() if turn.user_id == user_id]
            kept = [each.result for each in self.rows.receipts.values() if each.user_id == user_id]
            self.quotas.check_bytes(sum(len(repr(each)) for each in (*own, *states, *said, *kept) if each))
            self.quotas.check_conversations(len([key for key in self.rows.conversations if key[0] == user_id]))

    def reached(self) -> None:
        if self.fault:
            raise self.fault

    def writing(self) -> Rows:
        self.reached()
        if self._current.get() is None:
            raise RuntimeError("a write needs an open unit of work")
        return self.rows


class FakeWaiter(Waiter):
    def __init__(self) -> None:
        self.rung = asyncio.Event()

    async def wait(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.rung.wait()
        rung = self.rung.is_set()
        self.rung.clear()
        return rung


class FakeWakeups(Wakeups):
    """Tells at once, also inside a unit of work: whoever wakes too early looks again."""

    def __init__(self) -> None:
        self._waiters: dict[str, list[FakeWaiter]] = {}

    async def announce(self, topic: str) -> None:
        for waiter in self._waiters.get(topic, []):
            waiter.rung.set()

    def wake_all(self) -> None:
        for waiter in [each for waiters in self._waiters.values() for each in waiters]:
            waiter.rung.set()

    @contextmanager
    def listen(self, topic: str) -> Iterator[Waiter]:
        waiter = FakeWaiter()
        self._waiters.setdefault(topic, []).append(waiter)
        yield waiter
        self._waiters[topic].remove(waiter)
