from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime

from sqlalchemy import DateTime, Insert, Text, bindparam, case, func, literal_column, select, text, tuple_, update
from sqlalchemy.dialects import postgresql

from adapters.postgres.driver.database import Database, Rows
from adapters.postgres.quotas import FREED
from adapters.postgres.tables import conversations, counters
from application.ports import ConversationCursor, ConversationRepository
from domain.chat.conversation import Conversation
from domain.errors import Conflict
from domain.quotas import DEFAULT_QUOTAS, Quotas

CONVERSATION = [conversations.c[field.name] for field in fields(Conversation)]
LIVE = conversations.c.deleted_at.is_(None)

_owner, _id = bindparam("owner", type_=Text), bindparam("conversation", type_=Text)
_now = bindparam("now", type_=DateTime(timezone=True))


def _open() -> Insert:
    fresh = {"title": None, "created_at": _now, "summary": "", "summarized_until": conversations.c.last_turn}
    anew = {name: case((LIVE, conversations.c[name]), else_=value) for name, value in fresh.items()}
    opened = postgresql.insert(conversations).values(user_id=_owner, id=_id, created_at=_now, updated_at=_now)
    again = {**anew, "updated_at": _now, "deleted_at": None}
    return opened.on_conflict_do_update(index_elements=["user_id", "id"], set_=again).returning(
        literal_column("xmax = 0").label("is_new"), *CONVERSATION
    )


GET = select(*CONVERSATION).where(conversations.c.user_id == _owner, conversations.c.id == _id, LIVE)
LOCK = GET.with_for_update()
OPEN = _open()
LOCK_QUOTAS = select(counters.c.user_id).where(counters.c.user_id == _owner).with_for_update()
COUNT = select(func.count()).select_from(
    select(conversations.c.id).where(conversations.c.user_id == _owner).limit(bindparam("most")).subquery()
)
PURGE_TURNS = text(f"""
    WITH due AS (
        (SELECT user_id, id FROM turns WHERE hidden_at < :before LIMIT :most)
        UNION
        (SELECT turns.user_id, turns.id
         FROM conversations JOIN turns ON turns.user_id = conversations.user_id AND conversation_id = conversations.id
         WHERE conversations.deleted_at < :before LIMIT :most)
    ), gone AS (
        DELETE FROM turns USING (SELECT user_id, id FROM due LIMIT :most) AS few
        WHERE turns.user_id = few.user_id AND turns.id = few.id
        RETURNING turns.user_id, turns.size
    ), {FREED}
    SELECT count(*) FROM gone
""").bindparams(bindparam("before", type_=DateTime(timezone=True)))  # noqa: S608
"""The turns of a conversation that was deleted and started again are hidden. Turns that older servers hid have no
time."""
PURGE_EMPTY = text("""
    WITH due AS (
        SELECT user_id, id FROM conversations
        WHERE deleted_at < :before AND NOT EXISTS (
            SELECT FROM turns WHERE turns.user_id = conversations.user_id AND conversation_id = conversations.id
        )
        LIMIT :most FOR UPDATE SKIP LOCKED
    ), gone AS (
        DELETE FROM conversations USING due
        WHERE conversations.user_id = due.user_id AND conversations.id = due.id AND deleted_at < :before
        RETURNING conversations.id
    )
    SELECT count(*) FROM gone
""").bindparams(bindparam("before", type_=DateTime(timezone=True)))


class PostgresConversations(ConversationRepository):
    def __init__(self, database: Database, quotas: Quotas = DEFAULT_QUOTAS) -> None:
        self._database = database
        self._quotas = quotas

    async def get(self, user_id: str, conversation_id: str) -> Conversation | None:
        return _one(await self._database.run(GET, {"owner": user_id, "conversation": conversation_id}))

    async def get_to_change(self, user_id: str, conversation_id: str) -> Conversation | None:
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
        await self._check_quota(conversation.user_id)

    async def open(self, user_id: str, conversation_id: str, now: datetime) -> Conversation:
        given = {"owner": user_id, "conversation": conversation_id, "now": now}
        opened = {**(await self._database.write(OPEN, given))[0]}
        if opened.pop("is_new"):
            await self._check_quota(user_id)
        return Conversation(**opened)

    async def newest(
        self, user_id: str, limit: int, *, before: ConversationCursor | None = None, include_deleted: bool = False
    ) -> Sequence[Conversation]:
        place = tuple_(conversations.c.updated_at, conversations.c.id)
        query = select(*CONVERSATION).where(conversations.c.user_id == user_id).limit(limit)
        query = query if include_deleted else query.where(LIVE)
        query = query.order_by(conversations.c.updated_at.desc(), conversations.c.id.desc())
        rows = await self._database.run(query if before is None else query.where(place < before))
        return [Conversation(**row) for row in rows]

    async def rename(self, user_id: str, conversation_id: str, title: str) -> None:
        await self._change(user_id, conversation_id, title=title)

    async def delete(self, user_id: str, conversation_id: str, now: datetime) -> None:
        await self._change(user_id, conversation_id, deleted_at=now)

    async def purge(self, deleted_before: datetime, limit: int) -> int:
        given = {"before": deleted_before, "most": limit}
        [(turns,)] = await self._database.run(PURGE_TURNS, given)
        [(emptied,)] = (await self._database.run(PURGE_EMPTY, given)) if turns < limit else [(0,)]
        return int(turns + emptied)

    async def summarize(self, conversation: Conversation, summary: str, until: int) -> None:
        """Changes nothing if the conversation was started again, which changes its `summarized_until`."""
        own = (conversations.c.user_id == conversation.user_id, conversations.c.id == conversation.id, LIVE)
        same = conversations.c.summarized_until == conversation.summarized_until
        changed = update(conversations).where(*own, same).values(summary=summary, summarized_until=until)
        await self._database.write(changed)

    async def _check_quota(self, user_id: str) -> None:
        """Locks the user's counters, so that concurrent calls can't exceed the quota together."""
        if most := self._quotas.conversations:
            await self._database.write(LOCK_QUOTAS, {"owner": user_id})
            [(count,)] = await self._database.write(COUNT, {"owner": user_id, "most": most + 1})
            self._quotas.check_conversations(count)

    async def _change(self, user_id: str, conversation_id: str, **values: object) -> None:
        own = (conversations.c.user_id == user_id, conversations.c.id == conversation_id, LIVE)
        await self._database.write(update(conversations).where(*own).values(**values))


def _one(rows: Rows) -> Conversation | None:
    return Conversation(**rows[0]) if rows else None
