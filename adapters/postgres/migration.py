"""Brings the schema to the newest migration; any number of servers may do so at once."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import Connection, NullPool, text

from adapters.postgres.connections import arguments
from adapters.postgres.tables import SCHEMA_VERSION

LOCK_KEY = 7_427_381_052
POLL_SECONDS = 0.1
CONNECT_SECONDS = 3
VERSION = "SELECT max(version_num) FROM alembic_version"
SCRIPTS = Path(__file__).parents[2] / "migrations"


async def migrate(url: str, connect_args: Mapping[str, Any] | None = None, revision: str = "head") -> str:
    """Gives the migration the database is at then. `url` is SQLAlchemy's, `connect_args` are asyncpg's.

    SQLAlchemy's engine and Alembic come in only where there is something to do: they take a second and 27 MiB.
    """
    connecting = {"timeout": CONNECT_SECONDS, **(connect_args or {})}
    if revision == "head" and await _version(url, connecting) == SCHEMA_VERSION:
        return SCHEMA_VERSION
    return await _upgraded(url, connecting, revision)


async def _version(url: str, connecting: Mapping[str, Any]) -> str | None:
    connection = await asyncpg.connect(**{**arguments(url), **connecting})
    try:
        return str(await connection.fetchval(VERSION))
    except asyncpg.UndefinedTableError:
        return None
    finally:
        await connection.close()


async def _upgraded(url: str, connecting: Mapping[str, Any], revision: str) -> str:
    """The advisory lock is polled, not waited for: a waiting session would block CREATE INDEX CONCURRENTLY."""
    from sqlalchemy.ext.asyncio import create_async_engine

    engine = create_async_engine(url, poolclass=NullPool, connect_args=dict(connecting))
    guard = engine.execution_options(isolation_level="AUTOCOMMIT")
    try:
        async with guard.connect() as lock:
            while not await lock.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": LOCK_KEY}):  # noqa: ASYNC110
                await asyncio.sleep(POLL_SECONDS)
            async with engine.connect() as connection:
                await connection.run_sync(upgrade, revision)
                await connection.commit()
                return str(await connection.scalar(text(VERSION)))
    finally:
        await engine.dispose()


def upgrade(connection: Connection, revision: str = "head") -> None:
    """`revision` is a migration's number, `head` or `base`; an older one than the present goes down."""
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(SCRIPTS))
    command.upgrade(config, revision)
    if revision != "head":
        command.downgrade(config, revision)
