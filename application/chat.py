"""Chat turns as a user sees them: begun, followed, resumed, stopped.

A turn runs in a task of its own: whoever asked may leave, and it runs to its end all the same.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from application.ports import Clock, ConversationRepository, RateLimiter, Transaction, TurnRepository, Wakeups
from application.turns import TurnRunner, conversation_topic, stop_topic, turn_topic
from domain.account import Caller
from domain.conversation import (
    DEFAULT_CONVERSATION,
    MESSAGE_LONGEST,
    Answer,
    Conversation,
    ToolResult,
    Turn,
    TurnState,
    check_conversation_id,
    clean_message,
)
from domain.errors import Conflict, NotFound, Refusal, TurnTaken

CLOSE_SECONDS = 8.0
WAIT_SECONDS = 1.0
"""How long to wait for an announcement before the rows are read anyway: one may get lost with a connection."""


log = logging.getLogger(__name__)


class ChatMessage(Struct, forbid_unknown_fields=True):
    message: Annotated[
        str,
        Meta(
            description=f"What you tell the assistant: 1–{MESSAGE_LONGEST} characters.",
            examples=["Add a task to buy groceries"],
            extra_json_schema={"minLength": 1},
        ),
    ]
    conversation_id: Annotated[
        str | None, Meta(description="Which conversation to go on with; without one, your default conversation.")
    ] = None


@dataclass(frozen=True, slots=True)
class ToolUse:
    tool_name: str
    parameters: Any
    result: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    response: str
    tool_calls: Sequence[ToolUse]
    conversation_id: str
    message_id: str


class Chat:
    """`wait_seconds` is how long a message waits for the turn before it in the same conversation."""

    def __init__(
        self,
        conversations: ConversationRepository,
        turns: TurnRepository,
        runner: TurnRunner,
        limiter: RateLimiter,
        transaction: Transaction,
        wakeups: Wakeups,
        clock: Clock,
        new_id: Callable[[], str],
        lease_seconds: float,
        wait_seconds: float,
    ) -> None:
        self._conversations = conversations
        self._turns = turns
        self._runner = runner
        self._limiter = limiter
        self._transaction = transaction
        self._wakeups = wakeups
        self._clock = clock
        self._new_id = new_id
        self._lease = timedelta(seconds=lease_seconds)
        self._wait_seconds = wait_seconds
        self._running: set[asyncio.Task[Turn]] = set()

    async def say(self, caller: Caller, form: ChatMessage) -> Reply:
        """Raises `Invalid`, `NotFound`, `RateLimited`, `TurnTaken`, and `Unavailable` or one of its model kinds."""
        turn = await self.begin(caller, form)
        return reply_of(await asyncio.shield(self.start(caller, turn)))

    async def begin(self, caller: Caller, form: ChatMessage) -> Turn:
        message = clean_message(form.message)
        conversation_id = check_conversation_id(form.conversation_id or DEFAULT_CONVERSATION)
        await self._limiter.hit(caller.user_id)
        return await self._queued(caller, conversation_id, message)

    async def resume(self, caller: Caller, turn_id: str) -> Turn:
        """Take up a left over turn from its last step, in the background; one that is over is given as it is.

        Raises `NotFound`, `TurnTaken`, and `Conflict` where the conversation went on without it.
        """
        async with self._transaction() as work:
            turn = await self.turn(caller, turn_id)
            if not turn.is_left_over(self._clock()):
                if turn.state is TurnState.RUNNING:
                    raise TurnTaken(turn.id)
                return turn
            await self._conversations.lock(turn.user_id, turn.conversation_id)
            (newest,) = await self._turns.newest(turn.user_id, turn.conversation_id, 1)
            if newest.id != turn.id:
                raise Conflict("The conversation has gone on without this turn. Say again what is still to be done.")
            claimed = await self._turns.claim(turn, self._new_id(), self._clock() + self._lease)
            await work.commit()
        self.start(caller, claimed)
        return claimed

    async def stop(self, caller: Caller, conversation_id: str, turn_id: str | None = None) -> bool:
        """Ask the running turn to end where it is. False where none runs, or another than `turn_id`."""
        async with self._transaction() as work:
            running = await self._turns.running(caller.user_id, conversation_id)
            if running is None or turn_id not in (None, running.id):
                return False
            if running.is_left_over(self._clock()):
                await self._turns.interrupt(running, self._clock())
            else:
                await self._turns.request_stop(running.user_id, running.id)
            await self._wakeups.announce(stop_topic(running.id))
            await work.commit()
        return True

    async def turn(self, caller: Caller, turn_id: str) -> Turn:
        turn = await self._turns.get(caller.user_id, turn_id)
        if turn is None:
            raise NotFound("There is no such turn.")
        return turn

    async def running(self, caller: Caller, conversation_id: str) -> Turn | None:
        running = await self._turns.running(caller.user_id, check_conversation_id(conversation_id))
        return None if running is None or running.is_left_over(self._clock()) else running

    async def follow(self, turn: Turn) -> AsyncIterator[Turn]:
        """The turn as it is, and again whenever it may have more to show, until nobody works on it any more."""
        with self._wakeups.listen(turn_topic(turn.id)) as waiter:
            while now := await self._turns.get(turn.user_id, turn.id):
                yield now
                if now.state is not TurnState.RUNNING or now.is_left_over(self._clock()):
                    return
                await waiter.wait(WAIT_SECONDS)

    async def close(self) -> None:
        """Lets the turns that run here come to their ends; what does not is left over for another server."""
        if self._running:
            await asyncio.wait(self._running, timeout=CLOSE_SECONDS)

    def start(self, caller: Caller, turn: Turn) -> asyncio.Task[Turn]:
        task = asyncio.create_task(self._runner.run(caller, turn))
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Turn]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) and not isinstance(error, Refusal):
            log.error("a turn crashed", exc_info=error)

    async def _queued(self, caller: Caller, conversation_id: str, message: str) -> Turn:
        """Begins the turn once the one before it in the conversation is over. Raises `TurnTaken` after waiting."""
        deadline = asyncio.get_running_loop().time() + self._wait_seconds
        with self._wakeups.listen(conversation_topic(caller.user_id, conversation_id)) as waiter:
            while True:
                try:
                    return await self._begun(caller.user_id, conversation_id, message)
                except TurnTaken:
                    if asyncio.get_running_loop().time() >= deadline:
                        raise
                await waiter.wait(WAIT_SECONDS)

    async def _begun(self, user_id: str, conversation_id: str, message: str) -> Turn:
        now = self._clock()
        async with self._transaction() as work:
            await self._locked(user_id, conversation_id)
            if running := await self._turns.running(user_id, conversation_id):
                if not running.is_left_over(now):
                    raise TurnTaken(running.id)
                await self._turns.interrupt(running, now)
            turn = Turn(
                user_id=user_id,
                conversation_id=conversation_id,
                id=self._new_id(),
                message=message,
                created_at=now,
                lease=self._new_id(),
                lease_until=now + self._lease,
            )
            turn = await self._turns.add(turn)
            await work.commit()
        return turn

    async def _locked(self, user_id: str, conversation_id: str) -> Conversation:
        if conversation_id == DEFAULT_CONVERSATION:
            return await self._conversations.open(user_id, conversation_id, self._clock())
        found = await self._conversations.lock(user_id, conversation_id)
        if found is None:
            raise NotFound("There is no such conversation.")
        return found


def reply_of(turn: Turn) -> Reply:
    results = {step.call_id: step.output for step in turn.steps if isinstance(step, ToolResult)}
    answers = turn.answers() or [Answer()]
    calls = [call for answer in answers for call in answer.calls if call.id in results]
    uses = [ToolUse(call.name, readable(call.arguments), results[call.id]) for call in calls]
    return Reply(answers[-1].text, uses, turn.conversation_id, turn.id)


def readable(arguments: str) -> Any:
    """The arguments as JSON values; as the text itself where the model wrote no JSON."""
    try:
        return msgspec.json.decode(arguments or "{}")
    except (msgspec.MsgspecError, RecursionError):
        return arguments
