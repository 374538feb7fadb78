"""Tasks, the events that log their changes, and each user's counters."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, PrimaryKeyConstraint, Table, Text, false, text
from sqlalchemy.dialects.postgresql import JSONB

from adapters.postgres.tables.columns import count, metadata, owner, time

counters = Table(
    "counters",
    metadata,
    Column("user_id", Text, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    count("revision"),
    count("last_task_id"),
    count("pending"),
    count("completed"),
    count("trashed"),
    count("bytes"),
)
"""`bytes` is what the user's quota counts: see docs/quotas.md."""

tasks = Table(
    "tasks",
    metadata,
    owner(),
    Column("id", BigInteger, nullable=False, autoincrement=False),
    Column("title", Text, nullable=False),
    Column("description", Text),
    Column("completed", Boolean, nullable=False, server_default=false()),
    time("created_at"),
    time("updated_at"),
    time("deleted_at", nullable=True),
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
    owner(),
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
    time("at"),
    count("size"),
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
