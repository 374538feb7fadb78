"""Migrates the schema to the newest version. Several servers may do so at the same time."""

import asyncio
import logging
from collections.abc import Mapping
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import asyncpg
from sqlalchemy import Connection, NullPool, text
from sqlalchemy.exc import DBAPIError

from adapters.postgres.driver.connections import asyncpg_arguments
from adapters.postgres.preflight import check_privileges, check_usable
from adapters.postgres.tables import SCHEMA_VERSION

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

LOCK_KEY = 7_427_381_052
POLL_SECONDS = 0.1
CONNECT_SECONDS = 3
LOG_AFTER_SECONDS = 5
LOCK_TIMEOUT, LOCK_NOT_AVAILABLE = "2s", "55P03"
"""A migration that waits for a table blocks everything that comes after it, so it gives up soon and tries again."""
PAUSE_SECONDS = 0.9
TRIES = 20
VERSION = "SELECT max(version_num) FROM alembic_version"
TRY_LOCK = text("SELECT pg_try_advisory_lock(:key)").bindparams(key=LOCK_KEY)
PROCESS = "format('process %s of %s (%s), since %s', pid, usename, coalesce(nullif(application_name, ''), '?'),"
HOLDER = text(f"""
    SELECT {PROCESS} backend_start::timestamptz(0)) FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND granted AND (classid::bigint << 32 | objid::bigint) = :key
""").bindparams(key=LOCK_KEY)  # noqa: S608
OLDEST = text(f"""
    SELECT {PROCESS} xact_start::timestamptz(0)) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
    ORDER BY xact_start LIMIT 1
""")  # noqa: S608
SCRIPTS = Path(__file__).parents[2] / "migrations"
Place = tuple[str, Mapping[str, Any]]

log = logging.getLogger(__name__)


async def migrate(
    url: str, connect_args: Mapping[str, Any] | None = None, revision: str = "head", direct: Place | None = None
) -> str:
    """Returns the version of the schema after the migration. `url` is SQLAlchemy's and `connect_args` are asyncpg's.
    `direct` leads around a pooler. Raises `UnusableDatabase` if a person must fix something first. SQLAlchemy's engine
    and Alembic are imported only if there is something to migrate: they take a second and 27 MiB."""
    version = await _inspect(url, connect_args, has_direct=direct is not None)
    if revision == "head" and version and version >= SCHEMA_VERSION:
        return version
    version = await _upgrade(*(direct or (url, connect_args)), revision)
    await _inspect(url, connect_args, has_direct=True)
    return version


async def _inspect(url: str, connect_args: Mapping[str, Any] | None, *, has_direct: bool) -> str | None:
    """Returns the version of the schema. Returns None if it is not migrated, as after a first migration that broke off.
    Statements have no names, since there may be a pooler."""
    given = {"timeout": CONNECT_SECONDS, **asyncpg_arguments(url), **(connect_args or {}), "statement_cache_size": 0}
    connection = await asyncpg.connect(**given)
    try:
        await check_usable(connection, has_direct=has_direct)
        version: str | None = await connection.fetchval(VERSION)
        if version and version >= SCHEMA_VERSION:
            await check_privileges(connection)
        return version
    except asyncpg.UndefinedTableError:
        return None
    finally:
        await connection.close()


async def _upgrade(url: str, connect_args: Mapping[str, Any] | None, revision: str) -> str:
    from sqlalchemy.ext.asyncio import create_async_engine

    connecting = {"timeout": CONNECT_SECONDS, **(connect_args or {})}
    engine = create_async_engine(url, poolclass=NullPool, connect_args=connecting)
    guard = engine.execution_options(isolation_level="AUTOCOMMIT")
    try:
        async with guard.connect() as lock:
            await _take(lock)
            return await _upgrade_with_retries(engine, lock, revision)
    finally:
        await engine.dispose()


async def _take(lock: "AsyncConnection") -> None:
    """Polls the advisory lock, since a session that waits for it would block CREATE INDEX CONCURRENTLY."""
    said_at = monotonic() + LOG_AFTER_SECONDS
    while not await lock.scalar(TRY_LOCK):
        if monotonic() > said_at:
            log.warning("waiting for another migration to end: %s", await lock.scalar(HOLDER) or "unknown")
            said_at = float("inf")
        await asyncio.sleep(POLL_SECONDS)


async def _upgrade_with_retries(engine: "AsyncEngine", lock: "AsyncConnection", revision: str) -> str:
    """Retries a migration that could not lock its tables. It was rolled back, and those before it are done."""
    for tries in range(1, TRIES + 1):
        try:
            return await _upgrade_once(engine, revision)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE or tries == TRIES:
                raise
        if tries == 2:
            log.warning("a migration waits for a table; the oldest transaction: %s", await lock.scalar(OLDEST))
        await asyncio.sleep(PAUSE_SECONDS)
    raise AssertionError


async def _upgrade_once(engine: "AsyncEngine", revision: str) -> str:
    async with engine.connect() as connection:
        await connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
        await connection.commit()
        await connection.run_sync(upgrade, revision)
        await connection.commit()
        return str(await connection.scalar(text(VERSION)))


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Takes the number of a migration, `head` or `base`. If it is older than the present revision, downgrades."""
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(SCRIPTS))
    command.upgrade(config, revision)
    if revision != "head":
        command.downgrade(config, revision)
