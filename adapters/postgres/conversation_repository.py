from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql

from adapters.postgres.database import Database
from adapters.postgres.tables import conversations
from application.ports import ConversationRepository
from domain.conversation import Conversation

CONVERSATION = [conversations.c[name] for name in ("user_id", "id", "title", "created_at", "updated_at")]


class PostgresConversations(ConversationRepository):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, user_id: str, conversation_id: str) -> Conversation | None:
        own = (conversations.c.user_id == user_id, conversations.c.id == conversation_id)
        rows = await self._database.read(select(*CONVERSATION).where(*own))
        return Conversation(**rows[0]._mapping) if rows else None

    async def lock(self, user_id: str, conversation_id: str) -> Conversation | None:
        own = (conversations.c.user_id == user_id, conversations.c.id == conversation_id)
        rows = await self._database.write(select(*CONVERSATION).where(*own).with_for_update())
        return Conversation(**rows[0]._mapping) if rows else None

    async def open(self, user_id: str, conversation_id: str, now: datetime) -> Conversation:
        row = {"user_id": user_id, "id": conversation_id, "created_at": now, "updated_at": now}
        opened = (
            postgresql.insert(conversations)
            .values(row)
            .on_conflict_do_update(index_elements=["user_id", "id"], set_={"updated_at": now})
        )
        rows = await self._database.write(opened.returning(*CONVERSATION))
        return Conversation(**rows[0]._mapping)
