from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime

from sqlalchemy import Select, case, select, tuple_, update
from sqlalchemy.dialects import postgresql

from adapters.postgres.database import Database, Rows
from adapters.postgres.tables import conversations
from application.ports import Activity, ConversationRepository
from domain.conversation import Conversation
from domain.errors import Conflict

CONVERSATION = [conversations.c[field.name] for field in fields(Conversation)]
LIVE = conversations.c.deleted_at.is_(None)


class PostgresConversations(ConversationRepository):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, user_id: str, conversation_id: str) -> Conversation | None:
        return _one(await self._database.read(_live(user_id, conversation_id)))

    async def lock(self, user_id: str, conversation_id: str) -> Conversation | None:
        return _one(await self._database.write(_live(user_id, conversation_id).with_for_update()))

    async def add(self, conversation: Conversation) -> None:
        row = asdict(conversation)
        anew = {**row, "deleted_at": None, "summarized_until": conversations.c.last_turn}
        added = (
            postgresql.insert(conversations)
            .values(row)
            .on_conflict_do_update(index_elements=["user_id", "id"], set_=anew, where=~LIVE)
        )
        if not await self._database.write(added.returning(conversations.c.id)):
            raise Conflict(f"There is a conversation {conversation.id} already.")

    async def open(self, user_id: str, conversation_id: str, now: datetime) -> Conversation:
        row = {"user_id": user_id, "id": conversation_id, "created_at": now, "updated_at": now}
        fresh = {"title": None, "created_at": now, "summary": "", "summarized_until": conversations.c.last_turn}
        anew = {name: case((LIVE, conversations.c[name]), else_=value) for name, value in fresh.items()}
        opened = (
            postgresql.insert(conversations)
            .values(row)
            .on_conflict_do_update(
                index_elements=["user_id", "id"], set_={**anew, "updated_at": now, "deleted_at": None}
            )
        )
        rows = await self._database.write(opened.returning(*CONVERSATION))
        return Conversation(**rows[0])

    async def newest(self, user_id: str, limit: int, *, before: Activity | None = None) -> Sequence[Conversation]:
        place = tuple_(conversations.c.updated_at, conversations.c.id)
        query = select(*CONVERSATION).where(conversations.c.user_id == user_id, LIVE).limit(limit)
        query = query.order_by(conversations.c.updated_at.desc(), conversations.c.id.desc())
        rows = await self._database.read(query if before is None else query.where(place < before))
        return [Conversation(**row) for row in rows]

    async def rename(self, user_id: str, conversation_id: str, title: str) -> None:
        await self._change(user_id, conversation_id, title=title)

    async def delete(self, user_id: str, conversation_id: str, now: datetime) -> None:
        await self._change(user_id, conversation_id, deleted_at=now)

    async def summarize(self, conversation: Conversation, summary: str, until: int) -> None:
        """Starting it anew sets `summarized_until` to its last turn, so nothing of the deleted one can come back."""
        own = (conversations.c.user_id == conversation.user_id, conversations.c.id == conversation.id, LIVE)
        same = conversations.c.summarized_until == conversation.summarized_until
        changed = update(conversations).where(*own, same).values(summary=summary, summarized_until=until)
        await self._database.write(changed)

    async def _change(self, user_id: str, conversation_id: str, **values: object) -> None:
        own = (conversations.c.user_id == user_id, conversations.c.id == conversation_id, LIVE)
        await self._database.write(update(conversations).where(*own).values(**values))


def _live(user_id: str, conversation_id: str) -> Select[tuple[object, ...]]:
    own = (conversations.c.user_id == user_id, conversations.c.id == conversation_id)
    return select(*CONVERSATION).where(*own, LIVE)


def _one(rows: Rows) -> Conversation | None:
    return Conversation(**rows[0]) if rows else None
