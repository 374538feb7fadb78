"""Clients, authorization codes and connections. Clients register before anybody has signed in, so they belong to no
user, as `jobs` (ADR 16)."""

from sqlalchemy import Column, Index, LargeBinary, PrimaryKeyConstraint, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY

from adapters.postgres.tables.columns import metadata, owner, time

oauth_clients = Table(
    "oauth_clients",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("redirect_uris", ARRAY(Text), nullable=False),
    Column("auth_methods", ARRAY(Text), nullable=False),
    Column("secret_hash", LargeBinary),
    Column("jwks_uri", Text),
    time("created_at"),
    time("fetched_at", nullable=True),
    time("used_at", nullable=True),
)

oauth_codes = Table(
    "oauth_codes",
    metadata,
    owner(),
    Column("hash", LargeBinary, nullable=False),
    Column("connection_id", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("client_name", Text, nullable=False),
    Column("redirect_uri", Text, nullable=False),
    Column("challenge", Text, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("audience", ARRAY(Text), nullable=False),
    Column("flow", Text, nullable=False),
    time("expires_at"),
    time("used_at", nullable=True),
    PrimaryKeyConstraint("user_id", "hash"),
)
Index("oauth_codes_age_idx", oauth_codes.c.expires_at)

oauth_connections = Table(
    "oauth_connections",
    metadata,
    owner(),
    Column("id", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("client_name", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("audience", ARRAY(Text), nullable=False),
    Column("refresh_hash", LargeBinary, nullable=False),
    Column("previous_hash", LargeBinary),
    time("rotated_at", nullable=True),
    time("created_at"),
    time("expires_at"),
    time("last_used_at", nullable=True),
    time("ended_at", nullable=True),
    PrimaryKeyConstraint("user_id", "id"),
)
Index("oauth_connections_age_idx", oauth_connections.c.expires_at)
Index("oauth_connections_ended_idx", oauth_connections.c.ended_at, postgresql_where=text("ended_at IS NOT NULL"))
"""Ended connections of all users: every server remembers whose access tokens ended early."""
