from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime

from sqlalchemy import DateTime, Insert, Text, bindparam, case, select, tuple_, update
from sqlalchemy.dialects import postgresql

from adapters.postgres.database import Database, Rows
from adapters.postgres.tables import conversations
from application.ports import Activity, ConversationRepository
from domain.conversation import Conversation
from domain.errors import Conflict

CONVERSATION = [conversations.c[field.name] for field in fields(Conversation)]
LIVE = conversations.c.deleted_at.is_(None)

_owner, _id = bindparam("owner", type_=Text), bindparam("conversation", type_=Text)
_now = bindparam("now", type_=DateTime(timezone=True))


def _open() -> Insert:
    fresh = {"title": None, "created_at": _now, "summary": "", "summarized_until": conversations.c.last_turn}
    anew = {name: case((LIVE, conversations.c[name]), else_=value) for name, value in fresh.items()}
    opened = postgresql.insert(conversations).values(user_id=_owner, id=_id, created_at=_now, updated_at=_now)
    again = {**anew, "updated_at": _now, "deleted_at": None}
    return opened.on_conflict_do_update(index_elements=["user_id", "id"], set_=again).returning(*CONVERSATION)


GET = select(*CONVERSATION).where(conversations.c.user_id == _owner, conversations.c.id == _id, LIVE)
LOCK = GET.with_for_update()
OPEN = _open()


class PostgresConversations(ConversationRepository):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, user_id: str, conversation_id: str) -> Conversation | None:
        return _one(await self._database.run(GET, {"owner": user_id, "conversation": conversation_id}))

    async def lock(self, user_id: str, conversation_id: str) -> Conversation | None:
        return _one(await self._database.write(LOCK, {"owner": user_id, "conversation": conversation_id}))

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
        given = {"owner": user_id, "conversation": conversation_id, "now": now}
        rows = await self._database.write(OPEN, given)
        return Conversation(**rows[0])

    async def newest(self, user_id: str, limit: int, *, before: Activity | None = None) -> Sequence[Conversation]:
        place = tuple_(conversations.c.updated_at, conversations.c.id)
        query = select(*CONVERSATION).where(conversations.c.user_id == user_id, LIVE).limit(limit)
        query = query.order_by(conversations.c.updated_at.desc(), conversations.c.id.desc())
        rows = await self._database.run(query if before is None else query.where(place < before))
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


def _one(rows: Rows) -> Conversation | None:
    return Conversation(**rows[0]) if rows else None
