"""What a model is shown of a conversation: the newest turns whole, and a summary of those before them.

Older turns go into the summary many at a time, after an answer is given: nobody waits for it, and what a model is shown
grows at its end only meanwhile, so that its provider can reuse what it has read before.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from application.accumulator import Accumulator
from application.ports import ConversationRepository, LanguageModel, Transaction, TurnRepository
from application.repeating import repeated
from domain.conversation import Conversation, Message, Turn, UserMessage, fitting, tokens_of

SHOWN_MOST = 50
"""Turns that are shown whole, however short they are: what a turn costs doesn't grow with its conversation."""
SUMMARY_LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Past:
    """`is_full`: it is time to `condense`."""

    summary: str
    messages: Sequence[Message]
    is_full: bool


class History:
    """`budget` is in tokens, for the summary, the turns before and the one that is asked about together."""

    def __init__(
        self,
        conversations: ConversationRepository,
        turns: TurnRepository,
        model: LanguageModel,
        transaction: Transaction,
        budget: int,
    ) -> None:
        self._conversations = conversations
        self._turns = turns
        self._model = model
        self._transaction = transaction
        self._budget = budget

    async def before(self, turn: Turn) -> Past:
        """Turns that fit neither the budget nor the summary yet are left out, oldest first."""
        summary, found = await self._turns.past(turn, SHOWN_MOST)
        shown = fitting(found, self._budget - turn.tokens() - tokens_of([UserMessage(summary)]))
        messages = [message for each in shown[::-1] for message in each.messages()]
        is_long = len(found) == SHOWN_MOST or tokens_of(messages) > self._budget * 3 // 4
        return Past(summary, messages, is_full=is_long or len(shown) < len(found))

    @repeated
    async def condense(self, turn: Turn) -> None:
        """The older half of what is shown whole goes into the summary; what that costs counts as the turn's.

        Raises `Unavailable` and its model kinds: after the next turn it is tried again.
        """
        conversation = await self._conversations.get(turn.user_id, turn.conversation_id)
        old = await self._old(conversation) if conversation else []
        if conversation is None or not old:
            return
        messages = [message for each in old for message in each.messages()]
        longest = min(SUMMARY_LONGEST, self._budget // 2)
        accumulator = Accumulator(turn.id, [UserMessage(conversation.summary), *messages])
        async for part in self._model.summarize(conversation.summary, messages, longest):
            accumulator.take(part)
        async with self._transaction() as work:
            await self._turns.charge(accumulator.counted(turn, self._model.name))
            await self._conversations.summarize(conversation, accumulator.answer().text[:longest], old[-1].number)
            await work.commit()

    async def _old(self, conversation: Conversation) -> list[Turn]:
        """The oldest that are not in the summary, as many as fit a prompt; the newer half stays."""
        where, until = (conversation.user_id, conversation.id), conversation.summarized_until
        recent = await self._turns.newest(*where, SHOWN_MOST // 2, after=until)
        kept = fitting(recent, self._budget // 2) or recent[:1]
        found = await self._turns.following(*where, SHOWN_MOST, after=until)
        old = [each for each in found if each.number < kept[-1].number]
        return fitting(old, self._budget) or old[:1]
