"""The rings of reminders."""

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Index, Integer, PrimaryKeyConstraint, Table, Text, text

from adapters.postgres.tables.columns import metadata, owner, time

rings = Table(
    "rings",
    metadata,
    owner(),
    Column("task_id", BigInteger, nullable=False, autoincrement=False),
    Column("reminder", Text, nullable=False),
    Column("due", Text, nullable=False),
    Column("state", Text, nullable=False),
    time("ring_at"),
    time("set_at", nullable=True),
    Column("version", Integer, nullable=False, server_default="0"),
    Column("snoozes", Integer, nullable=False, server_default="0"),
    Column("zones", Text),
    PrimaryKeyConstraint("user_id", "task_id", "reminder", "due"),
    ForeignKeyConstraint(
        ["user_id", "task_id"], ["tasks.user_id", "tasks.id"], name="rings_task_fkey", ondelete="CASCADE"
    ),
)
"""A change of a task writes its rings in its own statement. `set_at` is the time of that change, and null once the ring
was timed again for another reason. `version` grows whenever the time has to be computed anew. `zones` is the version of
the Time Zone Database by which it was."""
RING_WAITS = text("state = 'waiting'")
RING_IS_NEW = text("state = 'new'")
RING_HAS_ENDED = text("state IN ('rung', 'past')")
Index("rings_due_idx", rings.c.ring_at, rings.c.user_id, postgresql_where=RING_WAITS)
"""Serves all users: what is to ring."""
Index("rings_new_due_idx", rings.c.ring_at, postgresql_where=RING_IS_NEW)
"""Serves all users: what has no time yet."""
Index("rings_user_idx", rings.c.user_id, rings.c.ring_at, postgresql_where=RING_WAITS)
Index("rings_ended_idx", rings.c.ring_at, postgresql_where=RING_HAS_ENDED)
