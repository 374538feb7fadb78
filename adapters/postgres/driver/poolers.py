"""Tells whether PostgreSQL is reached through a pooler, such as PgBouncer, Neon's or Supabase's in transaction mode."""

import re
from typing import Any

import asyncpg

REFUSED = re.compile("startup parameter|command-line options")
"""What PgBouncer and Amazon's RDS Proxy say of settings at the start of a session; PostgreSQL takes them."""


async def is_pooled(connection: "asyncpg.Connection[Any]") -> bool:
    """A pooler lends sessions, so the process id that it tells at the start is not that of the session in use.

    The statement has no name: it would stay behind in a session that others are lent next.
    """
    asking = await connection.prepare("SELECT pg_backend_pid()", name="")
    return bool(await asking.fetchval() != connection.get_server_pid())


def refuses_settings(error: asyncpg.PostgresError) -> bool:
    return bool(REFUSED.search(str(error)))
