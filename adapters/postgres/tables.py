"""The schema. The keys of every table but `users` begin with `user_id`; columns have the names of the domain's
fields."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

SCHEMA_VERSION = "0018"
"""The newest migration that this code needs. A newer database works too, since servers are replaced one after
another."""

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
    }
)


def _time(name: str, **options: Any) -> Column[Any]:
    return Column(name, DateTime(timezone=True), **{"nullable": False, **options})


def _count(name: str) -> Column[Any]:
    return Column(name, BigInteger, nullable=False, server_default="0")


def _owner() -> Column[Any]:
    return Column("user_id", Text, ForeignKey("users.id", ondelete="CASCADE"), nullable=False)


users = Table(
    "users",
    metadata,
    Column("id", Text, primary_key=True),
    Column("email", Text),
    Column("email_key", Text, unique=True),
    Column("name", Text),
    Column("password_hash", Text),
    _time("created_at"),
    _time("email_confirmed_at", nullable=True),
    Column("timezone", Text, nullable=False, server_default="UTC"),
    Column("week_start", Text, nullable=False, server_default="monday"),
    Column("locale", Text, nullable=False, server_default="en"),
    _time("erased_at", nullable=True),
)
Index("users_erased_idx", users.c.erased_at, postgresql_where=text("erased_at IS NOT NULL"))
"""Closed accounts, whose data are erased in batches."""

password_resets = Table(
    "password_resets",
    metadata,
    _owner(),
    Column("token_hash", LargeBinary, nullable=False),
    _time("expires_at"),
    PrimaryKeyConstraint("user_id", "token_hash"),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    _owner(),
    Column("id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    _time("created_at"),
    _time("expires_at", nullable=True),
    _time("last_used_at", nullable=True),
    _time("revoked_at", nullable=True),
    PrimaryKeyConstraint("user_id", "id"),
    UniqueConstraint("user_id", "hash"),
)

sessions = Table(
    "sessions",
    metadata,
    _owner(),
    Column("id", Text, nullable=False),
    Column("refresh_hash", LargeBinary, nullable=False),
    Column("previous_hash", LargeBinary),
    _time("rotated_at", nullable=True),
    _time("created_at"),
    _time("expires_at"),
    _time("ended_at", nullable=True),
    Column("user_agent", Text),
    PrimaryKeyConstraint("user_id", "id"),
)
Index("sessions_ended_idx", sessions.c.ended_at, postgresql_where=text("ended_at IS NOT NULL"))
"""Ended sessions of all users: every server remembers whose access tokens ended early."""

counters = Table(
    "counters",
    metadata,
    Column("user_id", Text, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    _count("revision"),
    _count("last_task_id"),
    _count("pending"),
    _count("completed"),
    _count("trashed"),
    _count("bytes"),
)
"""`bytes` is what the user's quota counts: see docs/quotas.md."""

tasks = Table(
    "tasks",
    metadata,
    _owner(),
    Column("id", BigInteger, nullable=False, autoincrement=False),
    Column("title", Text, nullable=False),
    Column("description", Text),
    Column("completed", Boolean, nullable=False, server_default=false()),
    _time("created_at"),
    _time("updated_at"),
    _time("deleted_at", nullable=True),
    Column("revision", BigInteger, nullable=False),
    PrimaryKeyConstraint("user_id", "id"),
)
for _name, _which in {
    "all": "deleted_at IS NULL",
    "pending": "NOT completed AND deleted_at IS NULL",
    "completed": "completed AND deleted_at IS NULL",
    "trashed": "deleted_at IS NOT NULL",
}.items():
    Index(f"tasks_{_name}_idx", tasks.c.user_id, tasks.c.id, postgresql_where=text(_which))
Index("tasks_purge_due_idx", tasks.c.deleted_at, postgresql_where=text("deleted_at IS NOT NULL"))

events = Table(
    "events",
    metadata,
    _owner(),
    Column("revision", BigInteger, nullable=False, autoincrement=False),
    Column("entity", Text, nullable=False, server_default="task"),
    Column("entity_id", BigInteger),
    Column("task_id", BigInteger),
    Column("change_set", BigInteger),
    Column("kind", Text, nullable=False),
    Column("before", JSONB(none_as_null=True)),
    Column("after", JSONB(none_as_null=True)),
    Column("actor_kind", Text, nullable=False),
    Column("actor_id", Text),
    _time("at"),
    _count("size"),
    PrimaryKeyConstraint("user_id", "revision"),
    Index("events_task_idx", "user_id", "task_id", "revision"),
)
Index(
    "events_turn_idx",
    events.c.user_id,
    events.c.actor_id,
    events.c.revision,
    postgresql_where=text("actor_kind = 'turn'"),
)
"""`entity_id` is null where a server of an older version wrote the event: that knows `task_id` alone, which is null for
entities that are no tasks. A `change_set` that is null is the event's own revision."""
Index("events_age_idx", events.c.at, postgresql_using="brin")
"""A few pages for millions of events, as they come in the order of time: only what forgets old ones reads it."""

conversations = Table(
    "conversations",
    metadata,
    _owner(),
    Column("id", Text, nullable=False),
    Column("title", Text),
    Column("last_turn", Integer, nullable=False, server_default="0"),
    Column("summary", Text, nullable=False, server_default=""),
    Column("summarized_until", Integer, nullable=False, server_default="0"),
    _time("created_at"),
    _time("updated_at"),
    _time("deleted_at", nullable=True),
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
    _time("created_at"),
    _time("ended_at", nullable=True),
    Column("lease", Text),
    _time("lease_until", nullable=True),
    Column("stop_requested", Boolean, nullable=False, server_default=false()),
    Column("draft", Text, nullable=False, server_default=""),
    Column("error", Text),
    Column("hidden", Boolean, nullable=False, server_default=false()),
    _time("hidden_at", nullable=True),
    Column("feedback", Text),
    Column("feedback_comment", Text),
    Column("model", Text),
    _count("prompt_tokens"),
    _count("completion_tokens"),
    _count("cached_tokens"),
    _count("model_milliseconds"),
    _count("size"),
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
    _time("created_at"),
    PrimaryKeyConstraint("user_id", "turn_id", "number"),
    ForeignKeyConstraint(["user_id", "turn_id"], ["turns.user_id", "turns.id"], ondelete="CASCADE"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    _owner(),
    Column("key", Text, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("turn_id", Text),
    Column("status", Integer),
    Column("body", LargeBinary),
    _time("created_at"),
    Column("result", LargeBinary),
    PrimaryKeyConstraint("user_id", "key"),
)
Index("idempotency_keys_age_idx", idempotency_keys.c.created_at)
"""New keys go to its end, and old ones are purged from its beginning: a BRIN index would have each batch pass over all
that those before it have deleted."""

webhooks = Table(
    "webhooks",
    metadata,
    _owner(),
    Column("id", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("secret", Text, nullable=False),
    _count("position"),
    _count("newest"),
    Column("state", Text, nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),
    _time("next_attempt_at"),
    Column("lease", Text),
    _time("lease_until", nullable=True),
    Column("last_error", Text),
    Column("last_status", Integer),
    _time("last_delivered_at", nullable=True),
    _time("created_at"),
    PrimaryKeyConstraint("user_id", "id"),
)
"""`newest` is the user's newest revision. Each change writes it here, so what is due shows in this row alone."""
WEBHOOK_IS_BEHIND = text("state = 'active' AND position < newest")
Index("webhooks_due_idx", webhooks.c.next_attempt_at, postgresql_where=WEBHOOK_IS_BEHIND)
"""Webhooks of all users that have something to deliver."""
Index(
    "webhooks_leased_idx", webhooks.c.user_id, webhooks.c.lease_until, postgresql_where=text("lease_until IS NOT NULL")
)

jobs = Table(
    "jobs",
    metadata,
    Column("name", Text, primary_key=True),
    _time("due_at"),
    Column("lease", Text),
    _time("lease_until", nullable=True),
)
"""The periodic jobs, which all servers share. They belong to no user."""

rate_windows = Table(
    "rate_windows",
    metadata,
    Column("key", Text, primary_key=True),
    Column("hits", ARRAY(DateTime(timezone=True)), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    prefixes=["UNLOGGED"],
)
"""The table is unlogged, so that a call does not wait for the disk. After a crash of the database all windows are
empty."""
