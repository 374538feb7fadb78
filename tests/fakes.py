"""Fakes of the ports: in memory, as strict as the real adapters, held to the same contract suites."""

import asyncio
import math
import operator
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from operator import attrgetter
from typing import Any

from application.ports import (
    AccessTokens,
    AccountRepository,
    ApiTokenRepository,
    ClaimedJob,
    ConversationCursor,
    ConversationRepository,
    EmailAddresses,
    EntityRepository,
    EventLog,
    Finished,
    IdempotencyKeys,
    JobRepository,
    LanguageModel,
    Mailer,
    Part,
    PasswordHasher,
    PasswordMatch,
    Prompt,
    RateLimiter,
    SessionRepository,
    Span,
    TaskRepository,
    TextDelta,
    TokenClaims,
    Transaction,
    TurnRepository,
    UnitOfWork,
    Usage,
    Waiter,
    Wakeups,
    WebhookRepository,
    WebhookSender,
)
from application.ports.topics import WEBHOOKS_TOPIC, changes_topic
from application.tasks.query import And, Compare, Filter, IsSet, IsTrue, Not, Or, Sort, TaskQuery, Total
from domain.accounts.account import Actor, Caller, User, email_key, password_forms
from domain.accounts.api_token import USE_NOTED_EVERY, ApiToken
from domain.accounts.session import Session
from domain.chat.conversation import (
    Conversation,
    DayUsage,
    Feedback,
    Message,
    Step,
    ToolCall,
    Turn,
    TurnState,
    UserMessage,
)
from domain.errors import (
    Conflict,
    EmailTaken,
    IdempotencyInFlight,
    Invalid,
    NotAuthenticated,
    QuotaReached,
    RateLimited,
    TurnTaken,
    WriteConflict,
)
from domain.idempotency import LIFETIME, Receipt
from domain.quotas import DEFAULT_QUOTAS
from domain.tasks.changes import Change, ChangeKind, E, Entity, Event
from domain.tasks.entities import BY_TYPE
from domain.tasks.task import Task
from domain.webhooks.webhook import Webhook, WebhookState

USED = ("prompt_tokens", "completion_tokens", "cached_tokens", "model_milliseconds")


class FakeClock:
    """Stands still until it is told to move."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class Rows:
    users: dict[str, User] = field(default_factory=dict)
    sessions: dict[tuple[str, str], Session] = field(default_factory=dict)
    resets: dict[tuple[str, bytes], datetime] = field(default_factory=dict)
    revisions: dict[str, int] = field(default_factory=dict)
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    tasks: dict[tuple[str, int], Task] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    conversations: dict[tuple[str, str], Conversation] = field(default_factory=dict)
    hidden: dict[tuple[str, str], datetime] = field(default_factory=dict)
    closed: dict[str, datetime] = field(default_factory=dict)
    jobs: dict[str, tuple[datetime, str | None, datetime | None]] = field(default_factory=dict)
    turns: dict[tuple[str, str], Turn] = field(default_factory=dict)
    receipts: dict[tuple[str, str], Receipt] = field(default_factory=dict)
    webhooks: dict[tuple[str, str], Webhook] = field(default_factory=dict)
    api_tokens: dict[tuple[str, str], ApiToken] = field(default_factory=dict)

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


class FakeAccounts(AccountRepository):
    def __init__(self, store: FakeStore) -> None:
        self._store = store

    async def add(self, user: User) -> None:
        if (user.email and await self.by_email(user.email)) or self._is_known(user.id):
            raise EmailTaken("An account with this email exists already.")
        self._store.writing().users[user.id] = user
        self._store.writing().revisions[user.id] = 0

    async def get(self, user_id: str) -> User | None:
        return self._store.rows.users.get(user_id)

    async def get_to_change(self, user_id: str) -> User | None:
        return self._store.writing().users.get(user_id)

    def _is_known(self, user_id: str) -> bool:
        return user_id in self._store.rows.users or user_id in self._store.rows.closed

    async def by_email(self, email: str) -> User | None:
        users = self._store.rows.users.values()
        return next((user for user in users if user.email and email_key(user.email) == email_key(email)), None)

    async def set_password(self, user_id: str, password_hash: str) -> None:
        users = self._store.writing().users
        users[user_id] = replace(users[user_id], password_hash=password_hash)

    async def confirm_email(self, user_id: str, at: datetime) -> None:
        users = self._store.writing().users
        if user_id in users and not users[user_id].email_confirmed:
            users[user_id] = replace(users[user_id], email_confirmed_at=at)

    async def change(self, user_id: str, values: Mapping[str, Any]) -> User:
        users = self._store.writing().users
        if user_id not in users:
            raise NotAuthenticated("This account no longer exists.")
        users[user_id] = replace(users[user_id], **values)
        return users[user_id]

    async def close(self, user_id: str, now: datetime) -> None:
        rows = self._store.writing()
        del rows.users[user_id], rows.revisions[user_id]
        for table in (rows.resets, rows.webhooks, rows.api_tokens):
            _drop(table, user_id)
        rows.closed[user_id] = now

    async def closed(self, limit: int) -> Sequence[str]:
        self._store.reached()
        closed = self._store.rows.closed
        return sorted(closed, key=lambda user_id: closed[user_id])[:limit]

    async def erase(self, user_id: str, limit: int) -> bool:
        self._store.reached()
        rows = self._store.rows
        left = limit
        for table in (rows.turns, rows.conversations, rows.tasks, rows.receipts, rows.sessions):
            if (left := left - _drop(table, user_id, left)) <= 0:
                return True
        rows.events = [each for each in rows.events if each.user_id != user_id]
        rows.closed.pop(user_id, None)
        return False

    async def add_reset(self, user_id: str, token_hash: bytes, expires_at: datetime) -> None:
        self._store.writing().resets[user_id, token_hash] = expires_at

    async def cancel_resets(self, user_id: str) -> None:
        resets = self._store.writing().resets
        for key in [key for key in resets if key[0] == user_id]:
            del resets[key]

    async def use_reset(self, user_id: str, token_hash: bytes, now: datetime) -> bool:
        resets = self._store.writing().resets
        if resets.get((user_id, token_hash), now) <= now:
            return False
        await self.cancel_resets(user_id)
        return True


class FakeApiTokens(ApiTokenRepository):
    """`asked` counts what was looked for."""

    def __init__(self, store: FakeStore) -> None:
        self._store = store
        self.asked = 0

    async def live(self, user_id: str, now: datetime) -> Sequence[ApiToken]:
        live = [each for each in self._own(user_id) if each.is_live(now)]
        return sorted(live, key=lambda each: (each.created_at, each.id))

    async def live_to_add(self, user_id: str, now: datetime) -> Sequence[ApiToken]:
        if user_id not in self._store.writing().users:
            raise NotAuthenticated("This account no longer exists.")
        return await self.live(user_id, now)

    async def find(self, user_id: str, token_hash: bytes) -> ApiToken | None:
        self.asked += 1
        return next((each for each in self._own(user_id) if each.hash == token_hash), None)

    async def add(self, token: ApiToken) -> None:
        self._store.writing().api_tokens[token.user_id, token.id] = token

    async def revoke(self, user_id: str, token_id: str, now: datetime) -> bool:
        tokens = self._store.writing().api_tokens
        token = tokens.get((user_id, token_id))
        if token is None or token.revoked_at:
            return False
        tokens[user_id, token_id] = replace(token, revoked_at=now)
        return True

    async def revoke_all(self, user_id: str, now: datetime) -> int:
        live = await self.live(user_id, now)
        for token in self._own(user_id):
            await self.revoke(user_id, token.id, now)
        return len(live)

    async def note_use(self, user_id: str, token_id: str, at: datetime) -> None:
        for token in self._own(user_id):
            is_due = token.last_used_at is None or token.last_used_at <= at - USE_NOTED_EVERY
            if token.id == token_id and is_due:
                self._store.rows.api_tokens[user_id, token_id] = replace(token, last_used_at=at)

    def _own(self, user_id: str) -> list[ApiToken]:
        self._store.reached()
        return [each for each in self._store.rows.api_tokens.values() if each.user_id == user_id]


class FakeSessions(SessionRepository):
    def __init__(self, store: FakeStore) -> None:
        self._store = store

    async def add(self, session: Session) -> None:
        self._store.writing().sessions[session.user_id, session.id] = session

    async def get_to_change(self, user_id: str, session_id: str) -> Session | None:
        return self._store.writing().sessions.get((user_id, session_id))

    async def store(self, session: Session) -> None:
        self._store.writing().sessions[session.user_id, session.id] = session

    async def end(
        self, user_id: str, now: datetime, *, only: str | None = None, except_id: str | None = None
    ) -> Sequence[Session]:
        own = [each for each in self._store.writing().sessions.values() if each.user_id == user_id]
        which = [each for each in own if not each.ended_at and only in (None, each.id) and each.id != except_id]
        ended = [replace(each, ended_at=now) for each in which]
        self._store.rows.sessions |= {(each.user_id, each.id): each for each in ended}
        return ended

    async def ended_since(self, since: datetime) -> Sequence[Session]:
        self._store.reached()
        return [each for each in self._store.rows.sessions.values() if each.ended_at and each.ended_at > since]

    async def forget(self, user_id: str, before: datetime) -> None:
        sessions = self._store.writing().sessions
        for key in [key for key in sessions if key[0] == user_id]:
            if (sessions[key].ended_at or sessions[key].expires_at) < before:
                del sessions[key]


class FakeEntities(EntityRepository):
    def __init__(self, store: FakeStore, wakeups: Wakeups | None = None) -> None:
        self._store = store
        self._wakeups = wakeups or FakeWakeups()

    async def get_all(self, user_id: str, of: type[E], ids: Collection[int]) -> Sequence[E]:
        self._store.reached()
        table = self._table(of)
        return [entity for each in {*ids} if (entity := table.get((user_id, each)))]

    async def all(self, user_id: str, of: type[E]) -> Sequence[E]:
        self._store.reached()
        own = [each for (owner, _), each in self._table(of).items() if owner == user_id and not each.deleted_at]
        return sorted(own, key=lambda each: each.id)

    async def get_to_change(self, user_id: str, of: type[E], ids: Collection[int]) -> Sequence[E]:
        self._store.writing()
        return await self.get_all(user_id, of, ids)

    async def record(
        self, caller: Caller, at: datetime, *sets: Sequence[Change[E]], change_set: int | None = None
    ) -> Sequence[E]:
        self._store.reached()
        if caller.user_id not in self._store.rows.revisions:
            raise NotAuthenticated("This account no longer exists.")
        before = self._store.rows.copy()
        recorded: list[E] = []
        for changes in sets:
            first = change_set or self._store.rows.revisions[caller.user_id] + 1
            recorded += [self._record(caller, at, change, first) for change in changes]
        if not all(each.deleted_at for each in recorded):
            try:
                self._store.check_quotas(caller.user_id)
            except QuotaReached:
                self._store.rows = before
                raise
        await announce_changes(self._store, self._wakeups, caller.user_id)
        return recorded

    def _record(self, caller: Caller, at: datetime, change: Change[E], change_set: int) -> E:
        rows, key = self._store.rows, (caller.user_id, BY_TYPE[type(change.after)].name)
        rows.numbers[key] = max(rows.numbers.get(key, 0) + (change.before is None), change.after.id)
        revision = rows.revisions[caller.user_id] + 1
        entity = changed(change.after, id=change.after.id or rows.numbers[key], revision=revision)
        before = change.before and changed(change.before, revision=0)
        event = log_event(self._store, caller, at, key[1], entity.id, change.kind, before, entity)
        rows.events[-1] = replace(event, change_set=change_set)
        self._table(type(change.after))[caller.user_id, entity.id] = entity
        recorded: E = entity
        return recorded

    def _table(self, of: type[E]) -> dict[tuple[str, int], E]:
        """`Rows` has one for each type of entity, under its plural name."""
        table: dict[tuple[str, int], E] = getattr(self._store.rows, f"{BY_TYPE[of].name}s")
        return table


def changed(entity: Any, **values: Any) -> Any:
    return replace(entity, **values)


def log_event(
    store: "FakeStore",
    caller: Caller,
    at: datetime,
    entity: str,
    entity_id: int,
    kind: ChangeKind,
    before: Entity | None = None,
    after: Entity | None = None,
) -> Event:
    revision = store.rows.revisions[caller.user_id] = store.rows.revisions[caller.user_id] + 1
    event = Event(
        user_id=caller.user_id,
        revision=revision,
        entity=entity,
        entity_id=entity_id,
        change_set=revision,
        kind=kind,
        before=before,
        after=after,
        actor=caller.actor,
        at=at,
    )
    store.rows.events.append(event)
    return event


async def announce_changes(store: "FakeStore", wakeups: Wakeups, user_id: str) -> None:
    await wakeups.announce(changes_topic(user_id))
    if any(owner == user_id for owner, _ in store.rows.webhooks):
        await wakeups.announce(WEBHOOKS_TOPIC)


def matches(which: Filter, task: Task) -> bool:
    """A filter by plain Python, beside which its SQL is held."""
    match which:
        case IsTrue(name):
            return bool(getattr(task, name))
        case IsSet(name):
            return getattr(task, name) is not None
        case Compare(name, operator, value):
            found = getattr(task, name)
            return found is not None and bool(COMPARISONS[operator](found, value))
        case Not(term):
            return not matches(term, task)
        case And(terms):
            return all(matches(term, task) for term in terms)
        case Or(terms):
            return any(matches(term, task) for term in terms)


COMPARISONS = {"<": operator.lt, "<=": operator.le, "=": operator.eq, ">=": operator.ge, ">": operator.gt}


def in_order(tasks: Iterable[Task], sort: Sort) -> list[Task]:
    """Nulls last, both ways."""
    found = list(tasks)
    for key in reversed(sort):
        nulls = [task for task in found if getattr(task, key.field) is None]
        rest = [task for task in found if getattr(task, key.field) is not None]
        found = sorted(rest, key=attrgetter(key.field), reverse=key.descending) + nulls
    return found


def is_beyond(task: Task, after: tuple[Any, ...], sort: Sort) -> bool:
    """Whether the task comes after that place."""
    for key, value in zip(sort, after, strict=True):
        found = getattr(task, key.field)
        if found != value:
            return value is not None and (found is None or (found < value) == key.descending)
    return False


class FakeTasks(TaskRepository):
    def __init__(self, store: FakeStore, wakeups: Wakeups | None = None) -> None:
        self._store = store
        self._wakeups = wakeups or FakeWakeups()

    async def get(self, user_id: str, task_id: int) -> Task | None:
        self._store.reached()
        return self._store.rows.tasks.get((user_id, task_id))

    async def find(self, user_id: str, query: TaskQuery) -> Sequence[Task]:
        found = in_order(self._of(user_id, query.filter), query.sort)
        behind = [task for task in found if query.after is None or is_beyond(task, query.after, query.sort)]
        return behind[query.offset : query.offset + query.limit]

    async def count(self, user_id: str, which: Filter) -> Total:
        return Total(len(self._of(user_id, which)))

    async def following(self, user_id: str, limit: int, *, after: int) -> Sequence[Task]:
        self._store.reached()
        own = [task for task in self._store.rows.tasks.values() if task.user_id == user_id and task.id > after]
        return sorted(own, key=lambda task: task.id)[:limit]

    async def trash_before(
        self, deleted_before: datetime, limit: int, except_users: Collection[str] = ()
    ) -> Mapping[str, Sequence[int]]:
        self._store.reached()
        due: dict[str, list[int]] = {}
        for task in self._store.rows.tasks.values():
            if task.user_id in except_users:
                continue
            if task.deleted_at and task.deleted_at < deleted_before and sum(map(len, due.values())) < limit:
                due.setdefault(task.user_id, []).append(task.id)
        return due

    async def erase(self, user_id: str, task_ids: Sequence[int], deleted_before: datetime, limit: int) -> int:
        events = self._store.rows.events
        due = {task.id for task in self._trash(user_id, task_ids, deleted_before)}
        kept = [each for each in events if each.user_id == user_id and each.entity_id in due and each.after][:limit]
        for event in kept:
            events[events.index(event)] = replace(event, before=None, after=None)
        return len(kept)

    async def purge(self, user_id: str, task_ids: Sequence[int], deleted_before: datetime, at: datetime) -> int:
        rows = self._store.writing()
        due = self._trash(user_id, task_ids, deleted_before)
        for task in due:
            del rows.tasks[user_id, task.id]
            own = [each for each in rows.events if (each.user_id, each.entity_id) == (user_id, task.id)]
            for event in own:
                rows.events[rows.events.index(event)] = replace(event, before=None, after=None)
            log_event(self._store, Caller(user_id, Actor("system")), at, "task", task.id, ChangeKind.PURGED)
        await announce_changes(self._store, self._wakeups, user_id)
        return len(due)

    def _trash(self, user_id: str, task_ids: Sequence[int], deleted_before: datetime) -> list[Task]:
        self._store.reached()
        found = [self._store.rows.tasks.get((user_id, each)) for each in task_ids]
        return [task for task in found if task and task.deleted_at and task.deleted_at < deleted_before]

    def _of(self, user_id: str, which: Filter) -> list[Task]:
        self._store.reached()
        return [each for each in self._store.rows.tasks.values() if each.user_id == user_id and matches(which, each)]


class FakeEventLog(EventLog):
    def __init__(self, store: FakeStore) -> None:
        self._store = store

    async def span(self, user_id: str) -> Span:
        newest = self._store.rows.revisions.get(user_id, 0)
        return Span(min((event.revision for event in self._of(user_id)), default=newest + 1), newest)

    async def page(
        self, user_id: str, limit: int, *, after: int = 0, before: int | None = None, newest_first: bool = False
    ) -> Sequence[Event]:
        found = [each for each in self._of(user_id) if after < each.revision < (before or math.inf)]
        return (found[::-1] if newest_first else found)[:limit]

    async def of_task(
        self, user_id: str, task_id: int, limit: int, *, after: int = 0, before: int | None = None
    ) -> Sequence[Event]:
        found = await self.page(user_id, 2**31, after=after, before=before)
        return [each for each in found if (each.entity, each.entity_id) == ("task", task_id)][:limit]

    async def of_set(self, user_id: str, change_set: int) -> Sequence[Event]:
        return [each for each in self._of(user_id) if each.change_set == change_set]

    async def of_turn(self, user_id: str, turn_id: str) -> Sequence[Event]:
        return [each for each in self._of(user_id) if each.actor == Actor("turn", turn_id)]

    async def last_turn_before(self, user_id: str, turn_id: str) -> str | None:
        turns = self._store.rows.turns
        here = turns[user_id, turn_id]
        own = [turn for turn in turns.values() if turn.user_id == user_id and turn.number < here.number]
        for turn in sorted(own, key=lambda turn: -turn.number):
            if turn.conversation_id == here.conversation_id and await self.of_turn(user_id, turn.id):
                return turn.id
        return None

    async def forget(self, before: datetime, limit: int) -> int:
        events = self._store.rows.events
        last = {each.user_id: each.revision for each in [each for each in events if each.at < before][:limit]}
        gone = [each for each in events if each.revision <= last.get(each.user_id, 0)]
        self._store.rows.events = [each for each in events if each not in gone]
        return len(gone)

    def _of(self, user_id: str) -> list[Event]:
        self._store.reached()
        return [self._described(each) for each in self._store.rows.events if each.user_id == user_id]

    def _described(self, event: Event) -> Event:
        rows, key = self._store.rows, (event.user_id, event.actor.id or "")
        if event.actor.kind == "turn" and (turn := rows.turns.get(key)):
            return replace(event, conversation_id=turn.conversation_id)
        if event.actor.kind == "token" and (token := rows.api_tokens.get(key)):
            return replace(event, actor_name=token.name)
        return event


class FakeConversations(ConversationRepository):
    def __init__(self, store: FakeStore) -> None:
        self._store = store

    async def get(self, user_id: str, conversation_id: str) -> Conversation | None:
        self._store.reached()
        return self._live(self._store.rows, user_id, conversation_id)

    async def add(self, conversation: Conversation) -> None:
        rows, key = self._store.writing(), (conversation.user_id, conversation.id)
        if conversation.user_id not in rows.users:
            raise NotAuthenticated("This account no longer exists.")
        if self._live(rows, *key):
            raise Conflict("There is such a conversation already.")
        turns = [turn.number for turn in rows.turns.values() if (turn.user_id, turn.conversation_id) == key]
        rows.conversations[key] = replace(conversation, summarized_until=max(turns, default=0))
        self._store.check_quotas(conversation.user_id)

    async def open(self, user_id: str, conversation_id: str, now: datetime) -> Conversation:
        new = Conversation(user_id=user_id, id=conversation_id, title=None, created_at=now, updated_at=now)
        with suppress(Conflict):
            await self.add(new)
        rows, key = self._store.writing(), (user_id, conversation_id)
        opened = rows.conversations[key] = replace(rows.conversations[key], updated_at=now)
        return opened

    async def lock(self, user_id: str, conversation_id: str) -> Conversation | None:
        return self._live(self._store.writing(), user_id, conversation_id)

    async def newest(
        self, user_id: str, limit: int, *, before: ConversationCursor | None = None, include_deleted: bool = False
    ) -> Sequence[Conversation]:
        self._store.reached()
        own = [each for each in self._store.rows.conversations.values() if each.user_id == user_id]
        live = [each for each in own if include_deleted or not each.deleted_at]
        found = [each for each in live if before is None or (each.updated_at, each.id) < before]
        return sorted(found, key=lambda each: (each.updated_at, each.id), reverse=True)[:limit]

    async def rename(self, user_id: str, conversation_id: str, title: str) -> None:
        rows, key = self._store.writing(), (user_id, conversation_id)
        if self._live(rows, *key):
            rows.conversations[key] = replace(rows.conversations[key], title=title)

    async def delete(self, user_id: str, conversation_id: str, now: datetime) -> None:
        rows, key = self._store.writing(), (user_id, conversation_id)
        if self._live(rows, *key):
            rows.conversations[key] = replace(rows.conversations[key], deleted_at=now)

    async def purge(self, deleted_before: datetime, limit: int) -> int:
        self._store.reached()
        rows = self._store.rows
        due = [key for key, each in rows.conversations.items() if each.deleted_at and each.deleted_at < deleted_before]
        kept = {(turn.user_id, turn.conversation_id) for turn in rows.turns.values()}
        old = [key for key, at in rows.hidden.items() if at < deleted_before and key in rows.turns][:limit]
        for key in old:
            del rows.turns[key], rows.hidden[key]
        empty = [key for key in due if key not in kept]
        for key in empty:
            del rows.conversations[key]
        return len(old) + len(empty)

    async def summarize(self, conversation: Conversation, summary: str, until: int) -> None:
        rows, key = self._store.writing(), (conversation.user_id, conversation.id)
        stored = self._live(rows, *key)
        if stored and stored.summarized_until == conversation.summarized_until:
            rows.conversations[key] = replace(stored, summary=summary, summarized_until=until)

    def _live(self, rows: Rows, user_id: str, conversation_id: str) -> Conversation | None:
        found = rows.conversations.get((user_id, conversation_id))
        return None if found and found.deleted_at else found


class FakeTurns(TurnRepository):
    def __init__(self, store: FakeStore) -> None:
        self._store = store

    async def add(self, turn: Turn) -> Turn | None:
        rows = self._store.writing()
        if await self.running(turn.user_id, turn.conversation_id):
            return None
        numbered = replace(turn, number=len(self._of(turn.user_id, turn.conversation_id)) + 1)
        rows.turns[turn.user_id, turn.id] = numbered
        self._store.check_quotas(turn.user_id)
        key = (turn.user_id, turn.conversation_id)
        rows.conversations[key] = replace(rows.conversations[key], updated_at=turn.created_at)
        return numbered

    async def get(self, user_id: str, turn_id: str) -> Turn | None:
        self._store.reached()
        return self._store.rows.turns.get((user_id, turn_id))

    async def running(self, user_id: str, conversation_id: str) -> Turn | None:
        own = self._of(user_id, conversation_id)
        return next((turn for turn in own if turn.state is TurnState.RUNNING), None)

    async def claim(self, turn: Turn, lease: str, until: datetime) -> Turn:
        rows = self._store.writing()
        self._held(rows, turn)
        fresh = replace(turn, state=TurnState.RUNNING, lease=lease, lease_until=until, stop_requested=False)
        rows.turns[turn.user_id, turn.id] = claimed = replace(fresh, draft="", error=None)
        return claimed

    async def renew(self, turn: Turn, until: datetime, said: str = "") -> bool:
        self._store.reached()
        rows = self._store.rows
        draft = self._held(rows, turn).draft + said
        return self._change(rows, turn, True, lease_until=until, draft=draft).stop_requested

    async def add_step(self, turn: Turn, step: Step, now: datetime, until: datetime | None) -> Turn:
        self._store.reached()
        rows = self._store.rows
        stored = self._held(rows, turn)
        assert len(turn.steps) == len(stored.steps), "steps are numbered from 1, without a gap"
        steps = (*stored.steps, step)
        used = {name: getattr(turn, name) for name in ("model", *USED)}
        state = TurnState.DONE if until is None else turn.state
        return self._change(rows, turn, True, steps=steps, draft="", lease_until=until, state=state, **used)

    async def end(self, turn: Turn, state: TurnState, now: datetime, error: str | None = None) -> Turn:
        return self._change(self._store.writing(), turn, True, state=state, error=error, lease_until=None)

    async def interrupt(self, turn: Turn, now: datetime) -> None:
        self._change(self._store.writing(), turn, state=TurnState.INTERRUPTED, lease=None)

    async def request_stop(self, user_id: str, turn_id: str) -> None:
        turns = self._store.writing().turns
        turns[user_id, turn_id] = replace(turns[user_id, turn_id], stop_requested=True)

    async def newest(
        self, user_id: str, conversation_id: str, limit: int, *, before: int | None = None, after: int = 0
    ) -> Sequence[Turn]:
        turns = [turn for turn in self._shown(user_id, conversation_id) if before is None or turn.number < before]
        return [turn for turn in turns if turn.number > after][::-1][:limit]

    async def prior_to(self, turn: Turn, limit: int) -> tuple[str, Sequence[Turn]]:
        self._store.reached()
        where = (turn.user_id, turn.conversation_id)
        conversation = self._store.rows.conversations.get(where)
        if conversation is None or conversation.deleted_at:
            return "", []
        after = conversation.summarized_until
        return conversation.summary, await self.newest(*where, limit, before=turn.number, after=after)

    async def following(
        self, user_id: str, conversation_id: str, limit: int, *, after: int, hidden: bool = False
    ) -> Sequence[Turn]:
        own = sorted(self._of(user_id, conversation_id), key=lambda turn: turn.number)
        return [turn for turn in own if turn.hidden == hidden and turn.number > after][:limit]

    async def of_client_message(self, user_id: str, conversation_id: str, client_message_id: str) -> Turn | None:
        found = [each for each in self._shown(user_id, conversation_id) if each.client_message_id == client_message_id]
        return found[-1] if found else None

    async def hide_between(self, user_id: str, conversation_id: str, first: int, before: int, now: datetime) -> None:
        turns = self._store.writing().turns
        for turn in self._of(user_id, conversation_id):
            if first <= turn.number < before:
                turns[user_id, turn.id] = replace(turn, hidden=True)

    async def hide(self, user_id: str, conversation_id: str, now: datetime, turn_id: str | None = None) -> None:
        rows = self._store.writing()
        for turn in self._of(user_id, conversation_id):
            if turn_id in (None, turn.id) and not turn.hidden:
                rows.turns[user_id, turn.id] = replace(turn, hidden=True)
                rows.hidden[user_id, turn.id] = now

    async def set_feedback(self, user_id: str, turn_id: str, feedback: Feedback | None, comment: str | None) -> None:
        turns = self._store.writing().turns
        turns[user_id, turn_id] = replace(turns[user_id, turn_id], feedback=feedback, feedback_comment=comment)

    async def charge(self, turn: Turn) -> None:
        used = {name: getattr(turn, name) for name in ("model", *USED)}
        turns = self._store.writing().turns
        turns[turn.user_id, turn.id] = replace(turns[turn.user_id, turn.id], **used)

    async def usage(self, user_id: str, since: datetime) -> Sequence[DayUsage]:
        self._store.reached()
        turns = self._store.rows.turns.values()
        own = [turn for turn in turns if turn.user_id == user_id and turn.created_at >= since]
        groups: dict[tuple[date, str | None], list[Turn]] = {}
        for turn in own:
            groups.setdefault((turn.created_at.astimezone(UTC).date(), turn.model), []).append(turn)
        return [
            DayUsage(
                date=day,
                model=model,
                turns=len(group),
                **{name: sum(getattr(turn, name) for turn in group) for name in USED},
            )
            for (day, model), group in sorted(groups.items(), key=lambda each: each[0][0], reverse=True)
        ]

    def _shown(self, user_id: str, conversation_id: str) -> list[Turn]:
        self._store.reached()
        own = [turn for turn in self._of(user_id, conversation_id) if not turn.hidden]
        return sorted(own, key=lambda turn: turn.number)

    def _of(self, user_id: str, conversation_id: str) -> list[Turn]:
        turns = self._store.rows.turns.values()
        return [turn for turn in turns if (turn.user_id, turn.conversation_id) == (user_id, conversation_id)]

    def _held(self, rows: Rows, turn: Turn) -> Turn:
        stored = rows.turns[turn.user_id, turn.id]
        if stored.lease != turn.lease:
            raise TurnTaken(turn.id)
        return stored

    def _change(self, rows: Rows, turn: Turn, running: bool = False, **values: Any) -> Turn:
        stored = self._held(rows, turn)
        if running and stored.state is not TurnState.RUNNING:
            raise TurnTaken(turn.id)
        changed = rows.turns[turn.user_id, turn.id] = replace(stored, **values)
        return changed


class FakeIdempotencyKeys(IdempotencyKeys):
    def __init__(self, store: FakeStore) -> None:
        self._store = store

    async def find(self, user_id: str, key: str, now: datetime) -> Receipt | None:
        self._store.reached()
        receipt = self._store.rows.receipts.get((user_id, key))
        return receipt if receipt and receipt.created_at > now - LIFETIME else None

    async def purge(self, now: datetime, limit: int) -> int:
        self._store.reached()
        receipts = self._store.rows.receipts
        old = [name for name, each in receipts.items() if each.created_at <= now - LIFETIME][:limit]
        for name in old:
            del receipts[name]
        return len(old)

    async def claim(self, user_id: str, key: str, now: datetime) -> None:
        if await self.find(user_id, key, now) or not self._store.claim((user_id, key)):
            raise IdempotencyInFlight

    async def keep(self, receipt: Receipt) -> None:
        rows = self._store.writing()
        if receipt.user_id not in rows.users:
            raise NotAuthenticated("This account no longer exists.")
        if await self.find(receipt.user_id, receipt.key, receipt.created_at):
            raise IdempotencyInFlight
        rows.receipts[receipt.user_id, receipt.key] = receipt


class FakeWebhooks(WebhookRepository):
    def __init__(self, store: FakeStore) -> None:
        self._store = store

    async def all(self, user_id: str) -> Sequence[Webhook]:
        self._store.reached()
        own = [each for each in self._store.rows.webhooks.values() if each.user_id == user_id]
        return sorted(own, key=lambda each: (each.created_at, each.id))

    async def all_to_add(self, user_id: str) -> Sequence[Webhook]:
        if user_id not in self._store.writing().revisions:
            raise NotAuthenticated("This account no longer exists.")
        return await self.all(user_id)

    async def get(self, user_id: str, webhook_id: str) -> Webhook | None:
        self._store.reached()
        return self._store.rows.webhooks.get((user_id, webhook_id))

    async def get_to_change(self, user_id: str, webhook_id: str) -> Webhook | None:
        self._store.claim((user_id, f"webhook {webhook_id}"))
        return self._store.writing().webhooks.get((user_id, webhook_id))

    async def add(self, webhook: Webhook) -> None:
        self._store.writing().webhooks[webhook.user_id, webhook.id] = webhook

    async def delete(self, user_id: str, webhook_id: str) -> bool:
        return self._store.writing().webhooks.pop((user_id, webhook_id), None) is not None

    async def find_missed(self) -> None:
        """Nothing is: a change looks at the webhooks that are there when it is recorded."""

    async def claim(self, now: datetime, lease: str, until: datetime, most: int, of_user: int) -> Sequence[Webhook]:
        self._store.reached()
        held = Counter(each.user_id for each in self._held(now))
        places: list[tuple[int, datetime, Webhook]] = []
        for each in sorted(self._due(now), key=lambda each: each.next_attempt_at):
            held[each.user_id] += 1
            places.append((held[each.user_id], each.next_attempt_at, each))
        places.sort(key=lambda place: place[:2])
        due = [each for place, _, each in places if place <= of_user][:most]
        claimed = [replace(each, lease=lease, lease_until=until) for each in due]
        self._store.rows.webhooks |= {(each.user_id, each.id): each for each in claimed}
        return claimed

    async def next_due(self, now: datetime) -> datetime | None:
        self._store.reached()
        lapses = [each.lease_until for each in self._held(now) if each.lease_until]
        times = [each.next_attempt_at for each in self._waiting() if each.next_attempt_at > now]
        return min([*lapses, *times], default=None)

    async def store(self, webhook: Webhook, lease: str | None) -> bool:
        self._store.reached()
        stored = self._store.rows.webhooks.get((webhook.user_id, webhook.id))
        if stored is None or stored.lease != lease:
            return False
        self._store.rows.webhooks[webhook.user_id, webhook.id] = webhook
        return True

    def _waiting(self) -> Iterator[Webhook]:
        rows = self._store.rows
        for each in rows.webhooks.values():
            if each.state is WebhookState.ACTIVE and each.position < rows.revisions[each.user_id]:
                yield each

    def _held(self, now: datetime) -> list[Webhook]:
        return [each for each in self._store.rows.webhooks.values() if each.lease_until and each.lease_until > now]

    def _due(self, now: datetime) -> Iterator[Webhook]:
        for each in self._waiting():
            locked = (each.user_id, f"webhook {each.id}") in self._store.claims
            if not locked and each not in self._held(now) and each.next_attempt_at <= now:
                yield each


class FakeJobs(JobRepository):
    def __init__(self, store: FakeStore) -> None:
        self._store = store

    async def register(self, names: Sequence[str], now: datetime) -> None:
        self._store.reached()
        self._store.rows.jobs = dict.fromkeys(names, (now, None, None)) | self._store.rows.jobs

    async def claim(
        self, names: Sequence[str], now: datetime, lease: str, until: datetime, most: int
    ) -> Sequence[ClaimedJob]:
        self._store.reached()
        jobs = self._store.rows.jobs
        due = [name for name, (at, _, held) in jobs.items() if at <= now and (held is None or held <= now)]
        claimed = sorted((name for name in due if name in names), key=lambda name: jobs[name][0])[:most]
        self._store.rows.jobs = jobs | {name: (jobs[name][0], lease, until) for name in claimed}
        return [ClaimedJob(name, lease) for name in claimed]

    async def next_due(self, names: Sequence[str], now: datetime) -> datetime | None:
        self._store.reached()
        jobs = [job for name, job in self._store.rows.jobs.items() if name in names]
        times = [time for at, _, held in jobs for time in (at, held) if time and time > now]
        return min(times, default=None)

    async def release(self, job: ClaimedJob, due_at: datetime) -> None:
        self._store.reached()
        if self._store.rows.jobs[job.name][1] == job.lease:
            self._store.rows.jobs[job.name] = (due_at, None, None)


class FakeReceiver(WebhookSender):
    """Answers with one status after another, then with 204: `answers` may be an exception to raise, too."""

    def __init__(self) -> None:
        self.answers: list[int | Exception] = []
        self.sent: list[tuple[str, int]] = []
        self.hold = asyncio.Event()
        self.hold.set()

    async def send(self, webhook: Webhook, event: Event) -> int:
        self.sent.append((webhook.id, event.revision))
        await self.hold.wait()
        answer = self.answers.pop(0) if self.answers else 204
        if isinstance(answer, Exception):
            raise answer
        return answer


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


class FakePasswords(PasswordHasher):
    """Scheme `v1` is outdated, `v2` is today's."""

    def __init__(self) -> None:
        self.verified: list[str | None] = []

    async def hash(self, password: str) -> str:
        return f"v2:{password_forms(password)[0]}"

    async def verify(self, password: str, password_hash: str | None) -> PasswordMatch:
        self.verified.append(password_hash)
        forms = password_forms(password)
        if password_hash == f"v2:{forms[0]}":
            return PasswordMatch.RIGHT
        is_right = password_hash in [f"{scheme}:{form}" for scheme in ("v1", "v2") for form in forms]
        return PasswordMatch.OUTDATED if is_right else PasswordMatch.WRONG


class FakeTokens(AccessTokens):
    def issue(self, user_id: str, session_id: str) -> str:
        return f"token-of-{user_id}:{session_id}"

    def verify(self, token: str) -> TokenClaims:
        if not token.startswith("token-of-"):
            raise NotAuthenticated("Sign in to use this.")
        user_id, _, session_id = token.removeprefix("token-of-").partition(":")
        return TokenClaims(user_id, session_id or None)


class FakeEmailAddresses(EmailAddresses):
    def normalize(self, address: str) -> str:
        if "@" not in address:
            raise Invalid.field("email", "must be an email address")
        return address.strip()


class FakeMailer(Mailer):
    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    async def send_reset_link(self, address: str, link: str) -> None:
        self.sent.append((address, link))


class FakeRateLimiter(RateLimiter):
    """An exact moving window, by the fake clock."""

    def __init__(self, limit: int, window_seconds: int, clock: Callable[[], datetime]) -> None:
        self.limit, self._window, self._clock = limit, window_seconds, clock
        self._hits: dict[str, list[datetime]] = {}

    def subjects(self) -> list[str]:
        return list(self._hits)

    def count(self, subject: str) -> int:
        return len(self._hits.get(subject, []))

    async def hit(self, subject: str) -> None:
        now, window = self._clock(), timedelta(seconds=self._window)
        hits = self._hits[subject] = [hit for hit in self._hits.get(subject, []) if hit > now - window]
        if len(hits) >= self.limit:
            wait = (hits[0] + window - now).total_seconds()
            raise RateLimited(self.limit, self._window, max(1, math.ceil(wait)))
        hits.append(now)


class ScriptedModel(LanguageModel):
    """Plays one prepared answer after another: its parts, or an exception to raise; keeps the prompts it was given.

    `Finished` is added to an answer that lacks it, unless the stream `breaks_off`.
    """

    name = "scripted"

    def __init__(self, *answers: Iterable[Part] | Exception) -> None:
        self.answers = list(answers)
        self.prompts: list[Prompt] = []
        self.summaries: list[tuple[str, Sequence[Message]]] = []
        self.breaks_off = False

    async def summarize(self, summary: str, messages: Sequence[Message], longest: int) -> AsyncGenerator[Part, None]:
        self.summaries.append((summary, messages))
        yield TextDelta(f"{summary}{sum(isinstance(message, UserMessage) for message in messages)} turns. ")
        yield Usage(10, 1)
        yield Finished("stop")

    async def answer(self, prompt: Prompt) -> AsyncGenerator[Part, None]:
        self.prompts.append(prompt)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        parts = list(answer)
        for part in parts:
            yield part
        if not self.breaks_off and not any(isinstance(part, Finished) for part in parts):
            yield Finished("tool_calls" if any(isinstance(part, ToolCall) for part in parts) else "stop")


def user(user_id: str = "ann", **values: Any) -> User:
    defaults = {"email": f"{user_id}@example.com", "name": None, "password_hash": "v2:password1"}
    return User(**{"id": user_id, "created_at": FakeClock()(), **defaults, **values})


async def add_users(store: FakeStore, *user_ids: str) -> None:
    async with store() as work:
        for user_id in user_ids:
            await FakeAccounts(store).add(user(user_id))
        await work.commit()


def _drop(table: dict[Any, Any], user_id: str, limit: int | None = None) -> int:
    """Deletes up to `limit` of a user's rows. Returns how many."""
    keys = [key for key in table if key[0] == user_id][:limit]
    for key in keys:
        del table[key]
    return len(keys)
