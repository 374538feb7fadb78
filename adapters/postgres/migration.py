"""Brings the schema to the newest migration; any number of servers may do so at once."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from adapters.postgres.tables import SCHEMA_VERSION

LOCK_KEY = 7_427_381_052
POLL_SECONDS = 0.1
CONNECT_SECONDS = 3
VERSION = text("SELECT max(version_num) FROM alembic_version")
SCRIPTS = Path(__file__).parents[2] / "migrations"


async def migrate(url: str, connect_args: Mapping[str, Any] | None = None, revision: str = "head") -> str:
    """Gives the migration the database is at then. `url` is SQLAlchemy's, `connect_args` are asyncpg's.

    The advisory lock is polled, not waited for: a waiting session would block CREATE INDEX CONCURRENTLY.
    """
    connecting = {"timeout": CONNECT_SECONDS, **(connect_args or {})}
    engine = create_async_engine(url, poolclass=NullPool, connect_args=connecting)
    guard = engine.execution_options(isolation_level="AUTOCOMMIT")
    try:
        async with guard.connect() as lock:
            while not await lock.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": LOCK_KEY}):  # noqa: ASYNC110
                await asyncio.sleep(POLL_SECONDS)
            return await _run(engine, revision)
    finally:
        await engine.dispose()


async def _run(engine: AsyncEngine, revision: str) -> str:
    async with engine.connect() as connection:
        if revision != "head" or not await _is_newest(connection):
            await connection.run_sync(upgrade, revision)
            await connection.commit()
        return str(await connection.scalar(VERSION))


async def _is_newest(connection: AsyncConnection) -> bool:
    """Alembic is asked only where there is something to do: it takes a second and 20 MiB."""
    is_there = await connection.scalar(text("SELECT to_regclass('alembic_version') IS NOT NULL"))
    newest = bool(is_there) and await connection.scalar(VERSION) == SCHEMA_VERSION
    await connection.rollback()
    return newest


def upgrade(connection: Connection, revision: str = "head") -> None:
    """`revision` is a migration's number, `head` or `base`; an older one than the present goes down.

    Alembic is imported here as it is slow to, and serving does not need it.
    """
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(SCRIPTS))
    command.upgrade(config, revision)
    if revision != "head":
        command.downgrade(config, revision)
