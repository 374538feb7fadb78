"""The user's decisions on what turns ask for. A decision lets the turn run on, on the server that stored it."""

from collections.abc import Callable
from datetime import timedelta

from application.chat.turns.approvals import refused_result
from application.ports import Clock, ConversationRepository, IdempotencyKeys, Transaction, TurnRepository, Wakeups
from application.ports.topics import turn_topic
from application.retry import retried
from domain.chat.approval import LEFT_ALONE, ApprovalDecision, Decision, is_yes_to, plain_answer, turn_of_approval
from domain.chat.messages import Answer
from domain.chat.turn import Step, Turn
from domain.errors import Conflict, NotFound, TurnTaken
from domain.idempotency import Key, Receipt

SUPERSEDED = "The conversation has gone on without this turn. Say again what is still to be done."
EXPIRED = "That question was open for ten minutes and has closed, and nothing was changed. Say again what you want."
ANSWERED = "This question was answered already. Load the conversation again to see how it went on."
UNKNOWN = "There is no such question of the assistant. Load the conversation again."


class Decisions:
    def __init__(
        self,
        conversations: ConversationRepository,
        turns: TurnRepository,
        keys: IdempotencyKeys,
        transaction: Transaction,
        wakeups: Wakeups,
        clock: Clock,
        new_id: Callable[[], str],
        lease_seconds: float,
    ) -> None:
        self._conversations = conversations
        self._turns = turns
        self._keys = keys
        self._transaction = transaction
        self._wakeups = wakeups
        self._clock = clock
        self._new_id = new_id
        self._lease = timedelta(seconds=lease_seconds)

    async def said(self, user_id: str, conversation_id: str, message: str) -> tuple[Turn, Decision] | None:
        """Returns the turn to which the message is a plain yes or no, and that decision. No model reads it."""
        is_yes = plain_answer(message)
        turn = None if is_yes is None else await self._awaiting(user_id, conversation_id)
        if turn and is_yes and not is_yes_to(message, turn.approvals()[-1].total_changes):
            return None
        return (turn, Decision.APPROVED if is_yes else Decision.REFUSED) if turn else None

    async def find(self, user_id: str, approval_id: str, decision: Decision) -> Turn:
        """Returns the turn that awaits this approval, or that has got this decision on it before. Raises `NotFound`,
        and `Conflict` if another decision was made or if it is too late for one."""
        turn_id, name = turn_of_approval(approval_id)
        turn = await self._turns.get(user_id, turn_id)
        request = next((each for each in turn.approvals() if each.id == name), None) if turn else None
        if turn is None or request is None or turn.hidden:
            raise NotFound(UNKNOWN)
        made = turn.decision_on(request)
        if made and made.decision is Decision.EXPIRED:
            raise Conflict(EXPIRED)
        if made and made.is_yes != (decision is Decision.APPROVED) and made.decision is not Decision.CHANGED:
            raise Conflict(ANSWERED)
        if made is None and request.has_expired(self._clock()):
            await self._expire(turn)
            raise Conflict(EXPIRED)
        return turn

    @retried
    async def decide(self, turn: Turn, decision: Decision, said: str | None = None, key: Key | None = None) -> Turn:
        """Claims the turn with the decision, so that it can be run. Raises `TurnTaken` if another decision came first,
        and `Conflict` if the conversation has continued."""
        async with self._transaction() as work:
            if key:
                await self._keys.claim(turn.user_id, key.text, self._clock())
            await lock_newest(self._conversations, self._turns, turn)
            decided = await self._decided(turn, decision, said)
            if key:
                await self._keys.keep(receipt_of(key, decided))
            await work.commit()
        return decided

    async def refuse_awaiting(self, user_id: str, conversation_id: str) -> None:
        for turn in await self._turns.newest(user_id, conversation_id, 1):
            if request := turn.awaited():
                is_late = request.has_expired(self._clock())
                await self._end_with(turn, Decision.EXPIRED if is_late else Decision.REFUSED)

    async def _awaiting(self, user_id: str, conversation_id: str) -> Turn | None:
        turn = next(iter(await self._turns.newest(user_id, conversation_id, 1)), None)
        return turn if turn and (request := turn.awaited()) and not request.has_expired(self._clock()) else None

    @retried
    async def _expire(self, turn: Turn) -> None:
        async with self._transaction() as work:
            await self._end_with(turn, Decision.EXPIRED)
            await work.commit()

    async def _end_with(self, turn: Turn, decision: Decision) -> None:
        ended = await self._decided(turn, decision)
        for call in ended.pending_calls():
            ended = await self._add_step(ended, refused_result(call))
        await self._turns.add_step(ended, Answer(LEFT_ALONE), self._clock(), None)
        await self._wakeups.announce(turn_topic(turn.id))

    async def _decided(self, turn: Turn, decision: Decision, said: str | None = None) -> Turn:
        request = turn.awaited()
        if request is None:
            raise TurnTaken(turn.id)
        claimed = await self._turns.claim(turn, self._new_id(), self._clock() + self._lease)
        return await self._add_step(claimed, ApprovalDecision(request.id, decision, said))

    async def _add_step(self, turn: Turn, step: Step) -> Turn:
        return await self._turns.add_step(turn, step, self._clock(), self._clock() + self._lease)


async def lock_newest(conversations: ConversationRepository, turns: TurnRepository, turn: Turn) -> None:
    """Locks the conversation of the turn. Raises `Conflict` if it has continued without the turn."""
    await conversations.get_to_change(turn.user_id, turn.conversation_id)
    if [each.id for each in await turns.newest(turn.user_id, turn.conversation_id, 1)] != [turn.id]:
        raise Conflict(SUPERSEDED)


def receipt_of(key: Key, turn: Turn) -> Receipt:
    return Receipt(
        user_id=turn.user_id, key=key.text, fingerprint=key.fingerprint, turn_id=turn.id, created_at=turn.created_at
    )
