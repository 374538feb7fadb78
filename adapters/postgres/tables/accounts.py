from sqlalchemy import Column, Index, LargeBinary, PrimaryKeyConstraint, Table, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY

from adapters.postgres.tables.columns import metadata, owner, time

users = Table(
    "users",
    metadata,
    Column("id", Text, primary_key=True),
    Column("email", Text),
    Column("email_key", Text, unique=True),
    Column("name", Text),
    Column("password_hash", Text),
    time("created_at"),
    time("email_confirmed_at", nullable=True),
    Column("timezone", Text, nullable=False, server_default="UTC"),
    Column("week_start", Text, nullable=False, server_default="monday"),
    Column("locale", Text, nullable=False, server_default="en"),
    Column("reminder_time", Text, nullable=False, server_default="09:00"),
    time("erased_at", nullable=True),
)
Index("users_erased_idx", users.c.erased_at, postgresql_where=text("erased_at IS NOT NULL"))
"""Closed accounts, whose data are erased in batches."""

password_resets = Table(
    "password_resets",
    metadata,
    owner(),
    Column("token_hash", LargeBinary, nullable=False),
    time("expires_at"),
    PrimaryKeyConstraint("user_id", "token_hash"),
)

email_links = Table(
    "email_links",
    metadata,
    owner(),
    Column("token_hash", LargeBinary, nullable=False),
    Column("email", Text, nullable=False),
    time("expires_at"),
    PrimaryKeyConstraint("user_id", "token_hash"),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    owner(),
    Column("id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    time("created_at"),
    time("expires_at", nullable=True),
    time("last_used_at", nullable=True),
    time("revoked_at", nullable=True),
    PrimaryKeyConstraint("user_id", "id"),
    UniqueConstraint("user_id", "hash"),
)

sessions = Table(
    "sessions",
    metadata,
    owner(),
    Column("id", Text, nullable=False),
    Column("refresh_hash", LargeBinary, nullable=False),
    Column("previous_hash", LargeBinary),
    time("rotated_at", nullable=True),
    time("created_at"),
    time("expires_at"),
    time("ended_at", nullable=True),
    Column("user_agent", Text),
    PrimaryKeyConstraint("user_id", "id"),
)
Index("sessions_ended_idx", sessions.c.ended_at, postgresql_where=text("ended_at IS NOT NULL"))
"""Ended sessions of all users: every server remembers whose access tokens ended early."""
