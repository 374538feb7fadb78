"""Conversations in memory."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from application.ports import ConversationCursor, ConversationRepository
from domain.chat.conversation import Conversation
from domain.errors import Conflict, NotAuthenticated
from tests.fakes.work import FakeStore, Rows


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

    async def get_to_change(self, user_id: str, conversation_id: str) -> Conversation | None:
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
