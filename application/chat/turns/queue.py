"""The queue of turns: one runs at a time in a conversation, on any server, and one per idempotency key."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from application.chat.messages import shown_turn
from application.chat.turns.decisions import Decisions, lock_newest, receipt_of
from application.ports import Clock, ConversationRepository, IdempotencyKeys, Transaction, TurnRepository, Wakeups
from application.ports.topics import conversation_topic
from application.retry import retried
from domain.chat.conversation import Conversation, title_from
from domain.chat.turn import Step, Turn, TurnState
from domain.errors import Conflict, NotFound, TurnTaken
from domain.idempotency import Key

WAIT_SECONDS = 1.0
"""Seconds after which the rows are read without an announcement, since one may be lost with its connection."""


@dataclass(frozen=True, slots=True)
class NewMessage:
    conversation_id: str
    text: str
    client_id: str | None = None
    """The client's own id of the message."""


class TurnQueue:
    """A message waits for the turn before it, for `wait_seconds` at most. A lease lasts `lease_seconds`."""

    def __init__(
        self,
        conversations: ConversationRepository,
        turns: TurnRepository,
        decisions: Decisions,
        keys: IdempotencyKeys,
        transaction: Transaction,
        wakeups: Wakeups,
        clock: Clock,
        new_id: Callable[[], str],
        lease_seconds: float,
        wait_seconds: float,
    ) -> None:
        self._conversations = conversations
        self._turns = turns
        self._decisions = decisions
        self._keys = keys
        self._transaction = transaction
        self._wakeups = wakeups
        self._clock = clock
        self._new_id = new_id
        self._lease = timedelta(seconds=lease_seconds)
        self._wait_seconds = wait_seconds

    async def begin(
        self, user_id: str, message: NewMessage, key: Key | None = None, *, instead_of: Turn | None = None
    ) -> Turn:
        """Begins a turn when the turn before it in the conversation has ended. Raises `TurnTaken` after waiting.

        The conversation is created if it does not exist. If it awaits an approval, that is refused. The turn
        `instead_of` and all later ones are hidden. Their effects stay, and if the message is the same, the model sees
        the tool steps.
        """
        deadline = asyncio.get_running_loop().time() + self._wait_seconds
        with self._wakeups.listen(conversation_topic(user_id, message.conversation_id)) as waiter:
            while True:
                try:
                    return await self._begin(user_id, message, key, instead_of)
                except TurnTaken:
                    if asyncio.get_running_loop().time() >= deadline:
                        raise
                await waiter.wait(WAIT_SECONDS)

    @retried
    async def begin_again(
        self, user_id: str, conversation_id: str, turn_id: str | None, key: Key | None = None
    ) -> Turn:
        """Begins a turn with the message and the tool steps of the last turn, which is hidden. Its effects are not
        repeated. Raises `Conflict` for an earlier turn."""
        async with self._transaction() as work:
            await self._claim(user_id, key)
            if await self._conversations.get_to_change(user_id, conversation_id) is None:
                raise NotFound("There is no such conversation. It may have been deleted.")
            newest = await self._turns.newest(user_id, conversation_id, 1)
            found = await self._turns.get(user_id, turn_id) if turn_id else next(iter(newest), None)
            old = shown_turn(found, conversation_id)
            if [each.id for each in newest] != [old.id]:
                raise Conflict("Only the last answer of a conversation can be regenerated.")
            again = NewMessage(conversation_id, old.message, old.client_message_id)
            turn = await self._copy_tool_steps(old, await self._add(user_id, again, key))
            await self._turns.hide(user_id, conversation_id, self._clock(), old.id)
            await work.commit()
        return turn

    async def begun_with(self, user_id: str, key: Key) -> Turn | None:
        """Returns the turn of the first request with this key, or None. Raises `IdempotencyMismatch`."""
        receipt = await self._keys.find(user_id, key.text, self._clock())
        if receipt is None:
            return None
        receipt.check(key)
        return await self._turns.get(user_id, receipt.turn_id) if receipt.turn_id else None

    @retried
    async def take_up(self, turn: Turn) -> Turn:
        """Claims a failed or abandoned turn, so that it can be run. A finished turn is returned as it is. Raises
        `TurnTaken`, and `Conflict` if the conversation has continued without it."""
        if not turn.is_resumable(self._clock()):
            if turn.state is TurnState.RUNNING:
                raise TurnTaken(turn.id)
            return turn
        async with self._transaction() as work:
            await lock_newest(self._conversations, self._turns, turn)
            claimed = await self._turns.claim(turn, self._new_id(), self._clock() + self._lease)
            await work.commit()
        return claimed

    async def _add_step(self, turn: Turn, step: Step) -> Turn:
        return await self._turns.add_step(turn, step, self._clock(), self._clock() + self._lease)

    @retried
    async def _begin(self, user_id: str, message: NewMessage, key: Key | None, instead_of: Turn | None) -> Turn:
        async with self._transaction() as work:
            await self._claim(user_id, key)
            conversation = await self._conversations.open(user_id, message.conversation_id, self._clock())
            await self._decisions.refuse_awaiting(user_id, conversation.id)
            turn = await self._add(user_id, message, key)
            if instead_of:
                turn = await self._take_the_place(conversation, instead_of, turn)
            if conversation.title is None:
                await self._conversations.rename(user_id, conversation.id, title_from(message.text))
            await work.commit()
        return turn

    async def _take_the_place(self, conversation: Conversation, old: Turn, turn: Turn) -> Turn:
        """Hides the replaced turns. If the summary covers one of them, it is deleted, and made again later."""
        await self._turns.hide_between(turn.user_id, conversation.id, old.number, turn.number, self._clock())
        if conversation.summarized_until >= old.number:
            await self._conversations.summarize(conversation, "", 0)
        return await self._copy_tool_steps(old, turn) if old.message == turn.message else turn

    async def _copy_tool_steps(self, old: Turn, turn: Turn) -> Turn:
        for step in old.tool_steps():
            turn = await self._add_step(turn, step)
        return turn

    async def _claim(self, user_id: str, key: Key | None) -> None:
        if key:
            await self._keys.claim(user_id, key.text, self._clock())

    async def _add(self, user_id: str, message: NewMessage, key: Key | None) -> Turn:
        new = self._new(user_id, message)
        while (turn := await self._turns.add(new)) is None:
            await self._close_left_over(user_id, message.conversation_id)
        if key:
            await self._keys.keep(receipt_of(key, turn))
        return turn

    async def _close_left_over(self, user_id: str, conversation_id: str) -> None:
        if running := await self._turns.running(user_id, conversation_id):
            if not running.is_resumable(self._clock()):
                raise TurnTaken(running.id)
            await self._turns.interrupt(running, self._clock())

    def _new(self, user_id: str, message: NewMessage) -> Turn:
        now = self._clock()
        return Turn(
            user_id=user_id,
            conversation_id=message.conversation_id,
            id=self._new_id(),
            message=message.text,
            client_message_id=message.client_id,
            created_at=now,
            lease=self._new_id(),
            lease_until=now + self._lease,
        )
