from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    false,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR

from adapters.postgres.tables.columns import bytewise, count, metadata, owner, time

counters = Table(
    "counters",
    metadata,
    Column("user_id", Text, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    count("revision"),
    count("last_task_id"),
    count("last_list_id"),
    count("last_view_id"),
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
    time("completed_at", nullable=True),
    Column("list_id", BigInteger),
    Column("parent_id", BigInteger),
    Column("order_key", Text),
    Column("priority", Text),
    Column("tags", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    bytewise("start"),
    Column("due", Text),
    bytewise("deadline"),
    Column("recurrence", Text),
    Column("recurs_from", Text, nullable=False, server_default="due"),
    Column("slot", Text),
    Column("estimate", Text),
    Column("occurrence_of", BigInteger),
    Column("reminders", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    bytewise("position"),
    bytewise("due_key"),
    time("due_at", nullable=True),
    Column("priority_rank", SmallInteger),
    bytewise("title_key"),
    Column("search", TSVECTOR),
    Column("indexed_revision", BigInteger),
    PrimaryKeyConstraint("user_id", "id"),
)
"""The columns from `position` to `search` are keys, computed from the others (`domain/tasks/index_keys.py`). They are
right if `indexed_revision` is that of the task: a server of an older version changes tasks without them."""
_NUMBER_KEY = text("chr(96 + length(tasks.id::text)) || tasks.id")
POSITION = func.coalesce(tasks.c.position, _NUMBER_KEY, type_=tasks.c.position.type)
"""Servers of the previous version store no position: then that of the number counts."""
Index(
    "tasks_due_idx",
    tasks.c.user_id,
    tasks.c.due_key,
    tasks.c.id,
    postgresql_where=text("due_key IS NOT NULL"),
    postgresql_include=["due_at", "start", "completed", "deleted_at", "list_id", "priority_rank"],
)
"""Has what filters of dates ask for besides, so that tasks are counted without reading them."""
for _name, _key in {
    "deadline": "deadline",
    "priority": "priority_rank",
    "completed_at": "completed_at",
}.items():
    Index(
        f"tasks_{_name}_idx", tasks.c.user_id, tasks.c[_key], tasks.c.id, postgresql_where=text(f"{_key} IS NOT NULL")
    )
Index(
    "tasks_start_idx",
    tasks.c.user_id,
    tasks.c.start,
    tasks.c.due_key,
    postgresql_where=text("start IS NOT NULL AND NOT completed AND deleted_at IS NULL"),
)
"""Serves today's view, which has open tasks that have begun and are not due on a day."""
Index("tasks_updated_idx", tasks.c.user_id, tasks.c.updated_at, tasks.c.id)
Index("tasks_title_idx", tasks.c.user_id, tasks.c.title_key, tasks.c.id)
Index(
    "tasks_list_idx",
    tasks.c.user_id,
    tasks.c.list_id,
    POSITION,
    tasks.c.id,
    postgresql_where=text("deleted_at IS NULL"),
    postgresql_include=["completed"],
)
Index("tasks_children_idx", tasks.c.user_id, tasks.c.parent_id, postgresql_where=text("parent_id IS NOT NULL"))
Index("tasks_search_idx", tasks.c.search, postgresql_using="gin")
"""Serves all users: each lexeme begins with the prefix of its user."""
Index(
    "tasks_unindexed_idx",
    tasks.c.user_id,
    tasks.c.id,
    postgresql_where=text("indexed_revision IS DISTINCT FROM revision"),
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
Index(
    "events_entity_idx",
    events.c.user_id,
    events.c.entity,
    events.c.entity_id,
    events.c.revision,
    postgresql_where=text("entity <> 'task'"),
)
"""Events of tasks have an index by `task_id`."""
Index("events_age_idx", events.c.at, postgresql_using="brin")
"""A few pages for millions of events, as they come in the order of time: only what forgets old ones reads it."""


def _named(name: str, *columns: Column[Any]) -> Table:
    table = Table(
        name,
        metadata,
        owner(),
        Column("id", BigInteger, nullable=False, autoincrement=False),
        Column("name", Text, nullable=False),
        Column("order_key", Text),
        bytewise("position"),
        *columns,
        time("created_at"),
        time("updated_at"),
        time("deleted_at", nullable=True),
        Column("revision", BigInteger, nullable=False),
        PrimaryKeyConstraint("user_id", "id"),
    )
    Index(f"{name}_purge_due_idx", table.c.deleted_at, postgresql_where=text("deleted_at IS NOT NULL"))
    return table


lists = _named("lists", Column("color", Text), Column("archived", Boolean, nullable=False, server_default=false()))
views = _named("views", Column("filter", Text, nullable=False), Column("sort", Text))
