"""What the use-cases need from outside, in their own words. Adapters subclass these."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from domain.account import Caller, User
from domain.conversation import Conversation, DayUsage, Feedback, Message, Step, ToolCall, Turn, TurnState
from domain.idempotency import Receipt
from domain.task import Change, Event, Status, Task

Clock = Callable[[], datetime]
"""Now, in UTC."""


class UnitOfWork(Protocol):
    async def commit(self) -> None: ...


class Transaction(Protocol):
    """Opens a unit of work: what repositories do inside it is kept only if `commit` is reached.

    Opened inside another it joins it: the outer commit decides, and an inner one left without commit forbids it.
    Raises `Unavailable` where the database is away.
    """

    def __call__(self) -> AbstractAsyncContextManager[UnitOfWork]: ...


class AccountRepository(Protocol):
    async def add(self, user: User) -> None:
        """Raises `EmailTaken`, for a taken id too; emails are compared without regard to case."""

    async def get(self, user_id: str) -> User | None: ...

    async def by_email(self, email: str) -> User | None: ...

    async def set_password(self, user_id: str, password_hash: str) -> None: ...

    async def add_reset(self, user_id: str, token_hash: bytes, expires_at: datetime) -> None: ...

    async def use_reset(self, user_id: str, token_hash: bytes, now: datetime) -> bool:
        """True once for a token that has not expired; it and the user's other ones are then gone."""


class TaskRepository(Protocol):
    """Tasks, those in the trash included where it is not said otherwise."""

    async def get(self, user_id: str, task_id: int) -> Task | None: ...

    async def get_all(self, user_id: str, task_ids: Sequence[int]) -> Sequence[Task]:
        """Those that there are, in no order."""

    async def get_to_change(self, user_id: str, task_ids: Sequence[int]) -> Sequence[Task]:
        """As `get_all`, in their newest state, and the user's other changes wait until this unit of work ends."""

    async def newest(
        self, user_id: str, status: Status, limit: int, *, offset: int = 0, before: int | None = None
    ) -> Sequence[Task]:
        """Newest first; `before` is a keyset: only tasks with a smaller id. All are those not in the trash."""

    async def count(self, user_id: str, status: Status) -> int: ...

    async def record(self, caller: Caller, at: datetime, changes: Sequence[Change]) -> Sequence[Task]:
        """Store each task as its last change has it, and for each change an event and the user's next revision.

        Gives the tasks after each change, with their numbers and revisions, and wakes whoever listens to
        `changes_topic`. Raises `NotAuthenticated` where the user is gone.
        """

    async def trash_before(self, deleted_before: datetime, limit: int) -> Mapping[str, Sequence[int]]:
        """At most `limit` tasks of all users that are in the trash since then, by user."""

    async def purge(self, user_id: str, task_ids: Sequence[int], deleted_before: datetime, at: datetime) -> int:
        """Forget those in the trash since then, in the log too, which keeps the bare fact. Gives how many."""


@dataclass(frozen=True, slots=True)
class Span:
    """What the log has of a user: from revision `oldest` to `newest`, which is 0 before the first change.

    An empty log begins behind its end.
    """

    oldest: int
    newest: int


class EventLog(Protocol):
    """The changes that `TaskRepository.record` stored."""

    async def span(self, user_id: str) -> Span: ...

    async def page(
        self, user_id: str, limit: int, *, after: int = 0, before: int | None = None, newest_first: bool = False
    ) -> Sequence[Event]:
        """Between the revisions `after` and `before`."""

    async def of_task(
        self, user_id: str, task_id: int, limit: int, *, after: int = 0, before: int | None = None
    ) -> Sequence[Event]:
        """Oldest first."""

    async def of_turn(self, user_id: str, turn_id: str) -> Sequence[Event]:
        """All that a chat turn changed, oldest first."""

    async def last_turn_before(self, user_id: str, turn_id: str) -> str | None:
        """The newest turn before this one, in the same conversation, that changed something."""

    async def forget(self, before: datetime, limit: int) -> int:
        """Drop what is older from the beginnings of the users' logs, about `limit` events. Gives how many."""


def changes_topic(user_id: str) -> str:
    return f"changes {user_id}"


Activity = tuple[datetime, str]
"""A conversation's place among its user's: when something was last said in it, and its id."""


class ConversationRepository(Protocol):
    """A deleted conversation is as one that never was: its id may be added or opened anew."""

    async def get(self, user_id: str, conversation_id: str) -> Conversation | None: ...

    async def add(self, conversation: Conversation) -> None:
        """Raises `Conflict` for a taken id, and `NotAuthenticated` where the user is gone."""

    async def open(self, user_id: str, conversation_id: str, now: datetime) -> Conversation:
        """Get it, or start it. Raises `NotAuthenticated` where the user is gone."""

    async def lock(self, user_id: str, conversation_id: str) -> Conversation | None:
        """Get it, and whoever else locks it waits until this unit of work ends."""

    async def newest(self, user_id: str, limit: int, *, before: Activity | None = None) -> Sequence[Conversation]:
        """Newest activity first; `before` is a keyset."""

    async def rename(self, user_id: str, conversation_id: str, title: str) -> None: ...

    async def delete(self, user_id: str, conversation_id: str, now: datetime) -> None: ...

    async def summarize(self, conversation: Conversation, summary: str, until: int) -> None:
        """Of its turns up to number `until`. Dropped where the stored one is not `conversation`'s any more."""


class TurnRepository(Protocol):
    """Writes to a turn name the lease it was claimed with, and raise `TurnTaken` where another holds it by now."""

    async def add(self, turn: Turn) -> Turn:
        """Gives the turn with its number: the next of its conversation."""

    async def get(self, user_id: str, turn_id: str) -> Turn | None:
        """With all its steps."""

    async def running(self, user_id: str, conversation_id: str) -> Turn | None: ...

    async def claim(self, turn: Turn, lease: str, until: datetime) -> Turn:
        """Take up a left over turn. Raises `TurnTaken` where it was not left over as `turn` says."""

    async def renew(self, turn: Turn, until: datetime, said: str = "") -> bool:
        """Also adds what the model `said` to the draft. True: somebody asked to stop."""

    async def add_step(self, turn: Turn, step: Step, now: datetime, until: datetime) -> Turn:
        """Gives the turn with the step; the draft is empty then. What `turn` says it has used is stored too."""

    async def end(self, turn: Turn, state: TurnState, now: datetime, error: str | None = None) -> Turn: ...

    async def interrupt(self, turn: Turn, now: datetime) -> None:
        """Close a left over turn, whoever held its lease."""

    async def request_stop(self, user_id: str, turn_id: str) -> None: ...

    async def newest(
        self, user_id: str, conversation_id: str, limit: int, *, before: int | None = None, after: int = 0
    ) -> Sequence[Turn]:
        """Whole turns with their steps, newest first, hidden ones left out; both bounds are turn numbers."""

    async def following(self, user_id: str, conversation_id: str, limit: int, *, after: int) -> Sequence[Turn]:
        """The same, oldest first: only greater turn numbers."""

    async def hide(self, user_id: str, conversation_id: str, turn_id: str | None = None) -> None:
        """This turn of the conversation, or all it has."""

    async def set_feedback(
        self, user_id: str, turn_id: str, feedback: Feedback | None, comment: str | None
    ) -> None: ...

    async def charge(self, turn: Turn) -> None:
        """Store what `turn` says it has used, whoever holds its lease."""

    async def usage(self, user_id: str, since: datetime) -> Sequence[DayUsage]:
        """By day (UTC) and model, newest day first, hidden turns included."""


class IdempotencyKeys(Protocol):
    """What is older than a key's lifetime counts as absent, and is purged in time."""

    async def find(self, user_id: str, key: str, now: datetime) -> Receipt | None: ...

    async def claim(self, user_id: str, key: str, now: datetime) -> None:
        """Nobody else can claim it until this unit of work ends.

        Raises `IdempotencyInFlight`, without waiting, where another holds it or has just kept a receipt under it.
        """

    async def keep(self, receipt: Receipt) -> None:
        """Raises `IdempotencyInFlight` where there is a receipt, `NotAuthenticated` where the user is gone."""


class Waiter(Protocol):
    async def wait(self, seconds: float) -> bool:
        """False where nothing was announced in that time. What was announced before, since the last wait, counts."""


class Wakeups(Protocol):
    """Tells whoever waits, on any server, that rows changed; what changed is read from the rows."""

    async def announce(self, topic: str) -> None:
        """Inside a unit of work, it is told when that is committed."""

    def listen(self, topic: str) -> AbstractContextManager[Waiter]: ...


@dataclass(frozen=True, slots=True)
class ToolDefinition:
    """A tool as a model sees it; `parameters` is a JSON Schema."""

    name: str
    description: str
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Prompt:
    """`summary` is of what was said before the `messages`."""

    instructions: str
    messages: Sequence[Message]
    tools: Sequence[ToolDefinition] = ()
    summary: str = ""


@dataclass(frozen=True, slots=True)
class TextDelta:
    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the provider counted them; `cached_tokens` are part of `prompt_tokens`."""

    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int = 0


Part = TextDelta | ToolCall | Usage


class LanguageModel(Protocol):
    @property
    def name(self) -> str: ...

    def answer(self, prompt: Prompt) -> AsyncGenerator[Part, None]:
        """Text deltas as they come, then whole tool calls (their ids are not relied on), then usage if known.

        Raises `ModelUnavailable`, `ModelTimeout` or `ModelFailed`; nothing of the provider's own words is in them.
        """

    def summarize(self, summary: str, messages: Sequence[Message], longest: int) -> AsyncGenerator[Part, None]:
        """What the old summary and the messages say together, for later prompts: about `longest` characters at most.

        Text and usage, and the same faults as `answer`.
        """


class PasswordHasher(Protocol):
    async def hash(self, password: str) -> str: ...

    async def verify(self, password: str, password_hash: str | None) -> bool:
        """Takes the same time for a wrong password and for None (there is no such user)."""

    def is_outdated(self, password_hash: str) -> bool:
        """Made with weaker parameters than today's."""


class Tokens(Protocol):
    def issue(self, user_id: str) -> str: ...

    def verify(self, token: str) -> str:
        """The user's id. Raises `NotAuthenticated`, with one message for every reason."""


class EmailAddresses(Protocol):
    def normalize(self, address: str) -> str:
        """The address as it is stored and shown. Raises `Invalid` for what is none."""


class Mailer(Protocol):
    async def send_reset_link(self, address: str, link: str) -> None:
        """Never raises: a mail that can't be sent is logged."""


class RateLimiter(Protocol):
    async def hit(self, subject: str) -> None:
        """Count one call of `subject`; an uncounted one raises `RateLimited`."""


@runtime_checkable
class Readiness(Protocol):
    async def check(self) -> None:
        """Within a second; raises `Unavailable` with what is missing."""
