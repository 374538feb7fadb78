"""What a model is shown of a conversation: the newest turns whole, and a summary of those before them.

Older turns go into the summary many at a time, after an answer is given: nobody waits for it, and what a model is shown
grows at its end only meanwhile, so that its provider can reuse what it has read before.
"""

from application.chat.model.accumulator import Accumulator
from application.chat.model.context_window import MIN_KEPT_TURNS, ContextWindow, PriorTurns
from application.chat.model.shortening import shorten_turn
from application.chat.usage import UsageMeter
from application.ports import ConversationRepository, LanguageModel, Transaction, TurnRepository
from application.retry import retried
from domain.chat.conversation import Conversation, Turn, UserMessage, tokens_of, within_budget

MAX_SHOWN_TURNS = 50
"""Turns that are shown whole, however short they are: what a turn costs doesn't grow with its conversation."""
MAX_SUMMARY_LENGTH = 4_000


class History:
    def __init__(
        self,
        conversations: ConversationRepository,
        turns: TurnRepository,
        model: LanguageModel,
        transaction: Transaction,
        window: ContextWindow,
    ) -> None:
        self._conversations = conversations
        self._turns = turns
        self._model = model
        self._transaction = transaction
        self._window = window
        self._meter = UsageMeter(turns, model, transaction)

    async def before(self, turn: Turn) -> PriorTurns:
        summary, found = await self._turns.prior_to(turn, MAX_SHOWN_TURNS)
        turns = [list(each.messages()) for each in found]
        tokens = sum(map(tokens_of, turns))
        is_full = len(found) == MAX_SHOWN_TURNS or tokens > self._window.room * 3 // 4
        return PriorTurns(summary, turns, tokens, is_full)

    @retried
    async def condense(self, turn: Turn) -> None:
        """The older half of what is shown whole goes into the summary; what that costs counts as the turn's.

        Raises `Unavailable` and its model kinds: after the next turn it is tried again.
        """
        conversation = await self._conversations.get(turn.user_id, turn.conversation_id)
        old = await self._old(conversation) if conversation else []
        if conversation is None or not old:
            return
        messages = [message for each in old for message in each.messages()]
        if tokens_of(messages) > self._window.room:
            messages = shorten_turn(messages, self._window.room)
        longest = min(MAX_SUMMARY_LENGTH, self._window.room // 2)
        accumulator = Accumulator(turn.id, [UserMessage(conversation.summary), *messages])
        async with self._meter.counting(turn, accumulator):
            async for part in self._model.summarize(conversation.summary, messages, longest):
                accumulator.add(part)
        async with self._transaction() as work:
            await self._turns.charge(accumulator.with_usage(turn, self._model.name))
            await self._conversations.summarize(conversation, accumulator.answer().text[:longest], old[-1].number)
            await work.commit()

    async def _old(self, conversation: Conversation) -> list[Turn]:
        """The oldest that are not in the summary, as many as fit a prompt; the newer half stays."""
        where, until = (conversation.user_id, conversation.id), conversation.summarized_until
        recent = await self._turns.newest(*where, MAX_SHOWN_TURNS // 2, after=until)
        kept = max(within_budget(recent, self._window.room // 2), recent[:MIN_KEPT_TURNS], key=len)
        found = await self._turns.following(*where, MAX_SHOWN_TURNS, after=until)
        old = [each for each in found if each.number < kept[-1].number]
        return within_budget(old, self._window.room) or old[:1]
