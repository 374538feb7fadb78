"""The history of a conversation for the model: the newest turns complete, and a summary of the earlier ones. Many turns
are summarized at once, after an answer, so that no user waits for it. Between two summaries the prompt only grows at
its end, so that the provider can reuse its cache."""

from application.chat.model.accumulator import Accumulator
from application.chat.model.context_window import MIN_KEPT_TURNS, ContextWindow, PriorTurns
from application.chat.model.shortening import shorten_turn
from application.chat.usage import UsageMeter
from application.ports import ConversationRepository, LanguageModel, Transaction, TurnRepository
from application.retry import retried
from domain.chat.conversation import Conversation
from domain.chat.messages import UserMessage, tokens_of
from domain.chat.turn import Turn, within_budget

MAX_SHOWN_TURNS = 50
"""Turns that are shown completely, however short they are, so that the cost of a turn does not grow with its
conversation.
"""
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
        turns = [self._window.shown_before(each) for each in found]
        tokens = sum(map(tokens_of, turns))
        is_full = len(found) == MAX_SHOWN_TURNS or tokens > self._window.room * 3 // 4
        return PriorTurns(summary, turns, tokens, is_full)

    @retried
    async def condense(self, turn: Turn) -> None:
        """Adds the older half of the complete turns to the summary. The usage is charged to the turn. Raises
        `Unavailable` and its model kinds. It is tried again after the next turn."""
        conversation = await self._conversations.get(turn.user_id, turn.conversation_id)
        old = await self._old(conversation) if conversation else []
        if conversation is None or not old:
            return
        messages = [message for each in old for message in self._window.shown(each)]
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
        where, until = (conversation.user_id, conversation.id), conversation.summarized_until
        recent = await self._turns.newest(*where, MAX_SHOWN_TURNS // 2, after=until)
        kept = max(within_budget(recent, self._window.room // 2), recent[:MIN_KEPT_TURNS], key=len)
        found = await self._turns.following(*where, MAX_SHOWN_TURNS, after=until)
        old = [each for each in found if each.number < kept[-1].number]
        return within_budget(old, self._window.room) or old[:1]
