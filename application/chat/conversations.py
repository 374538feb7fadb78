"""Use-cases of conversations: find, rename, read, rate and delete them. `chat` adds messages to them."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from application.chat.inputs import ConversationChanges, ConversationDraft, FeedbackForm
from application.chat.messages import MessagePage, MessageView, answer_view, message_views, shown_turn
from application.ports import Clock, ConversationCursor, ConversationRepository, Transaction, TurnRepository
from application.retry import retried
from domain.accounts.account import Caller
from domain.chat.conversation import Conversation, check_conversation_id, clean_title
from domain.chat.turn import MAX_COMMENT_LENGTH
from domain.errors import Invalid, NotFound
from domain.text import clean

EXPORT_PAGE = 100
"""Turns that an export holds in memory at once."""


@dataclass(frozen=True, slots=True)
class ConversationPage:
    """`next_cursor` continues after the last conversation. It is None on the last page."""

    conversations: Sequence[Conversation]
    next_cursor: ConversationCursor | None


class Conversations:
    def __init__(
        self,
        conversations: ConversationRepository,
        turns: TurnRepository,
        transaction: Transaction,
        clock: Clock,
        new_id: Callable[[], str],
    ) -> None:
        self._conversations = conversations
        self._turns = turns
        self._transaction = transaction
        self._clock = clock
        self._new_id = new_id

    @retried
    async def add(self, caller: Caller, draft: ConversationDraft) -> Conversation:
        """Raises `Conflict` if the id is taken."""
        now = self._clock()
        conversation = Conversation(
            user_id=caller.user_id,
            id=self._new_id() if draft.id is None else check_conversation_id(draft.id),
            title=None if draft.title is None else clean_title(draft.title),
            created_at=now,
            updated_at=now,
        )
        async with self._transaction() as work:
            await self._conversations.add(conversation)
            await work.commit()
        return conversation

    async def get(self, caller: Caller, conversation_id: str) -> Conversation:
        return _found(await self._conversations.get(caller.user_id, check_conversation_id(conversation_id)))

    async def page(
        self, caller: Caller, limit: int, before: ConversationCursor | None = None, *, include_deleted: bool = False
    ) -> ConversationPage:
        found = await self._conversations.newest(
            caller.user_id, limit + 1, before=before, include_deleted=include_deleted
        )
        last = found[limit - 1] if len(found) > limit else None
        return ConversationPage(found[:limit], (last.updated_at, last.id) if last else None)

    @retried
    async def rename(self, caller: Caller, conversation_id: str, changes: ConversationChanges) -> Conversation:
        title = clean_title(changes.title)
        async with self._transaction() as work:
            await self._locked(caller, conversation_id)
            await self._conversations.rename(caller.user_id, conversation_id, title)
            renamed = await self.get(caller, conversation_id)
            await work.commit()
        return renamed

    @retried
    async def delete(self, caller: Caller, conversation_id: str) -> None:
        """Deletes the conversation and hides its turns. A running turn runs to its end."""
        async with self._transaction() as work:
            await self._locked(caller, conversation_id)
            await self._conversations.delete(caller.user_id, conversation_id, self._clock())
            await self._turns.hide(caller.user_id, conversation_id, self._clock())
            await work.commit()

    async def messages(
        self, caller: Caller, conversation_id: str, limit: int, *, before: int | None = None, after: int | None = None
    ) -> MessagePage:
        """Returns the newest messages, or those before or after a message number. Raises `Invalid` for both."""
        if before is not None and after is not None:
            raise Invalid.field("after", "give either before or after")
        conversation = await self.get(caller, conversation_id)
        if after is not None:
            return await self._newer(conversation, limit, after)
        return await self._older(conversation, limit, before)

    @retried
    async def set_feedback(
        self, caller: Caller, conversation_id: str, message_id: str, form: FeedbackForm
    ) -> MessageView:
        comment = clean("comment", form.comment or "", longest=MAX_COMMENT_LENGTH) or None
        async with self._transaction() as work:
            turn = await self._turns.get(caller.user_id, message_id)
            shown_turn(turn, conversation_id)
            await self._turns.set_feedback(caller.user_id, message_id, form.value, comment if form.value else None)
            judged = shown_turn(await self._turns.get(caller.user_id, message_id), conversation_id)
            await work.commit()
        return answer_view(judged)

    async def export(self, conversation: Conversation) -> AsyncIterator[MessageView]:
        number: int | None = 0
        while number is not None:
            page = await self._newer(conversation, 2 * EXPORT_PAGE, number)
            for message in page.messages:
                yield message
            number = page.next_cursor

    async def deleted_messages(self, conversation: Conversation) -> AsyncIterator[MessageView]:
        """Yields the messages that were deleted or replaced and are not purged yet, oldest first."""
        number, where = 0, (conversation.user_id, conversation.id)
        while turns := await self._turns.following(*where, EXPORT_PAGE, after=number, hidden=True):
            for message in message_views(turns):
                yield message
            number = turns[-1].number

    async def _older(self, conversation: Conversation, limit: int, before: int | None) -> MessagePage:
        turn = None if before is None else before // 2 + 1
        found = await self._turns.newest(conversation.user_id, conversation.id, limit // 2 + 2, before=turn)
        shown = [each for each in message_views(found[::-1]) if before is None or each.number < before]
        page = shown[-limit:]
        following = page[-1].number if page and before is not None else None
        return MessagePage(page, page[0].number if len(shown) > limit else None, following)

    async def _newer(self, conversation: Conversation, limit: int, after: int) -> MessagePage:
        turns = await self._turns.following(conversation.user_id, conversation.id, limit // 2 + 2, after=after // 2)
        shown = [each for each in message_views(turns) if each.number > after]
        page = shown[:limit]
        return MessagePage(
            page, page[0].number if page and after else None, page[-1].number if len(shown) > limit else None
        )

    async def _locked(self, caller: Caller, conversation_id: str) -> Conversation:
        return _found(await self._conversations.get_to_change(caller.user_id, check_conversation_id(conversation_id)))


def _found(conversation: Conversation | None) -> Conversation:
    if conversation is None:
        raise NotFound("There is no such conversation. It may have been deleted.")
    return conversation
