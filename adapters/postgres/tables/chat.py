from sqlalchemy import (
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from adapters.postgres.tables.columns import count, metadata, owner, time

conversations = Table(
    "conversations",
    metadata,
    owner(),
    Column("id", Text, nullable=False),
    Column("title", Text),
    Column("last_turn", Integer, nullable=False, server_default="0"),
    Column("summary", Text, nullable=False, server_default=""),
    Column("summarized_until", Integer, nullable=False, server_default="0"),
    time("created_at"),
    time("updated_at"),
    time("deleted_at", nullable=True),
    PrimaryKeyConstraint("user_id", "id"),
)
Index(
    "conversations_activity_idx",
    conversations.c.user_id,
    conversations.c.updated_at,
    conversations.c.id,
    postgresql_where=text("deleted_at IS NULL"),
)

Index(
    "conversations_purge_due_idx",
    conversations.c.deleted_at,
    postgresql_where=text("deleted_at IS NOT NULL"),
)

turns = Table(
    "turns",
    metadata,
    Column("user_id", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("conversation_id", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("message", Text, nullable=False),
    Column("client_message_id", Text),
    Column("state", Text, nullable=False),
    time("created_at"),
    time("ended_at", nullable=True),
    Column("lease", Text),
    time("lease_until", nullable=True),
    Column("stop_requested", Boolean, nullable=False, server_default=false()),
    Column("draft", Text, nullable=False, server_default=""),
    Column("error", Text),
    Column("hidden", Boolean, nullable=False, server_default=false()),
    time("hidden_at", nullable=True),
    Column("feedback", Text),
    Column("feedback_comment", Text),
    Column("model", Text),
    count("prompt_tokens"),
    count("completion_tokens"),
    count("cached_tokens"),
    count("model_milliseconds"),
    count("size"),
    PrimaryKeyConstraint("user_id", "id"),
    UniqueConstraint("user_id", "conversation_id", "number"),
    ForeignKeyConstraint(
        ["user_id", "conversation_id"], ["conversations.user_id", "conversations.id"], ondelete="CASCADE"
    ),
)

Index("turns_running_idx", turns.c.user_id, turns.c.conversation_id, postgresql_where=text("state = 'running'"))
Index(
    "turns_shown_idx",
    turns.c.user_id,
    turns.c.conversation_id,
    turns.c.number,
    postgresql_where=text("NOT hidden"),
)
Index("turns_purge_due_idx", turns.c.hidden_at, postgresql_where=text("hidden_at IS NOT NULL"))
Index("turns_day_idx", turns.c.user_id, turns.c.created_at)

steps = Table(
    "steps",
    metadata,
    Column("user_id", Text, nullable=False),
    Column("turn_id", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("body", JSONB, nullable=False),
    time("created_at"),
    PrimaryKeyConstraint("user_id", "turn_id", "number"),
    ForeignKeyConstraint(["user_id", "turn_id"], ["turns.user_id", "turns.id"], ondelete="CASCADE"),
)
