from sqlalchemy import (
    BigInteger,
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
    true,
)

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

reminder_settings = Table(
    "reminder_settings",
    metadata,
    owner(),
    Column("push", Boolean, nullable=False, server_default=true()),
    Column("mail", Boolean, nullable=False, server_default=false()),
    Column("quiet_from", Text),
    Column("quiet_to", Text),
    Column("morning_time", Text),
    time("next_morning", nullable=True),
    PrimaryKeyConstraint("user_id"),
)
Index(
    "reminder_settings_due_idx",
    reminder_settings.c.next_morning,
    postgresql_where=text("next_morning IS NOT NULL"),
)

push_subscriptions = Table(
    "push_subscriptions",
    metadata,
    owner(),
    Column("id", Text, nullable=False),
    Column("endpoint", Text, nullable=False),
    Column("p256dh", Text, nullable=False),
    Column("auth", Text, nullable=False),
    time("created_at"),
    PrimaryKeyConstraint("user_id", "id"),
    UniqueConstraint("user_id", "endpoint"),
)

notifications = Table(
    "notifications",
    metadata,
    owner(),
    Column("id", Text, nullable=False),
    Column("ring_id", BigInteger, nullable=False),
    Column("channel", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),
    time("next_attempt_at"),
    Column("lease", Text),
    time("lease_until", nullable=True),
    PrimaryKeyConstraint("user_id", "id"),
)
"""What has been sent is deleted, so all rows wait."""
Index("notifications_due_idx", notifications.c.next_attempt_at, postgresql_where=text("next_attempt_at IS NOT NULL"))
Index(
    "notifications_leased_idx",
    notifications.c.user_id,
    notifications.c.lease_until,
    postgresql_where=text("lease_until IS NOT NULL"),
)

used_actions = Table(
    "used_actions",
    metadata,
    owner(),
    Column("ring_id", BigInteger, nullable=False),
    time("used_at"),
    PrimaryKeyConstraint("user_id", "ring_id"),
)
"""Reminders whose buttons in a notification have been used."""
Index("used_actions_age_idx", used_actions.c.used_at)
