from sqlalchemy import Column, DateTime, Index, Integer, LargeBinary, PrimaryKeyConstraint, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY

from adapters.postgres.tables.columns import count, metadata, owner, time

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    owner(),
    Column("key", Text, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("turn_id", Text),
    Column("status", Integer),
    Column("body", LargeBinary),
    time("created_at"),
    Column("result", LargeBinary),
    PrimaryKeyConstraint("user_id", "key"),
)
Index("idempotency_keys_age_idx", idempotency_keys.c.created_at)
"""New keys go to its end, and old ones are purged from its beginning: a BRIN index would have each batch pass over all
that those before it have deleted."""

webhooks = Table(
    "webhooks",
    metadata,
    owner(),
    Column("id", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("entities", ARRAY(Text), nullable=False, server_default=text("'{task}'")),
    count("position"),
    count("newest"),
    Column("state", Text, nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),
    time("next_attempt_at"),
    Column("lease", Text),
    time("lease_until", nullable=True),
    Column("last_error", Text),
    Column("last_status", Integer),
    time("last_delivered_at", nullable=True),
    time("created_at"),
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
    time("due_at"),
    Column("lease", Text),
    time("lease_until", nullable=True),
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
