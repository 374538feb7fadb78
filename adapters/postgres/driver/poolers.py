"""Detects a pooler in front of PostgreSQL, such as PgBouncer, or Neon's or Supabase's in transaction mode."""

import re
from typing import Any

import asyncpg

REFUSED = re.compile("startup parameter|command-line options")
"""The errors of PgBouncer and Amazon's RDS Proxy for settings at the start of a session."""


async def is_pooled(connection: "asyncpg.Connection[Any]") -> bool:
    """Compares the process id from the start of the session with the current one, since a pooler switches sessions. The
    statement has no name, as it would remain in a session that is lent to others."""
    asking = await connection.prepare("SELECT pg_backend_pid()", name="")
    return bool(await asking.fetchval() != connection.get_server_pid())


def refuses_settings(error: asyncpg.PostgresError) -> bool:
    return bool(REFUSED.search(str(error)))
