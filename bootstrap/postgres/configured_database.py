"""Opens the database of the settings, or the embedded one if they name none."""

import asyncio
import logging
import math
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import asyncpg
from sqlalchemy import Connection, NullPool
from sqlalchemy.exc import DBAPIError

from adapters.postgres.driver.faults import FAULTS, refusal_for
from adapters.postgres.driver.poolers import refuses_settings
from adapters.postgres.migration import migrate
from adapters.postgres.preflight import UnusableDatabase
from bootstrap.configuration.reader import SettingsError
from bootstrap.configuration.settings import Settings, load
from bootstrap.postgres.dev_database import dev_database
from domain.errors import Unavailable

WAIT_SECONDS, WAIT_BETWEEN_SECONDS = 30, 2
"""The database may be starting at the same time."""
REMEDIES = {
    "28": "write a user and a password that it takes",
    "3D": "CREATE DATABASE, or write one that is there",
    "3F": "CREATE SCHEMA, or write another search_path",
    "42501": "GRANT the role what it lacks, or name its owner in DIRECT_DATABASE_URL for migrations",
}
"""What a person must do, by the beginning of the SQLSTATE. Waiting does not help for these."""

log = logging.getLogger(__name__)


@contextmanager
def with_database(settings: Settings) -> Iterator[Settings]:
    """Child processes find the database in their environment. Raises `DevDatabaseError`."""
    if settings.database_url:
        yield settings
        return
    with dev_database(settings.data_dir) as url:
        os.environ["DATABASE_URL"] = url
        yield replace(settings, database_url=url, direct_database_url=url)


class DatabaseUnavailable(SettingsError):
    """The database may become available later."""


async def migrated(settings: Settings, wait_seconds: float = WAIT_SECONDS) -> str:
    """Returns the version of the schema. Raises `SettingsError` if the database can't be used within `wait_seconds`."""
    assert settings.database_url
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            return await migrate(settings.database_url, settings.connect_args, direct=settings.direct)
        except (UnusableDatabase, DBAPIError, *FAULTS) as error:
            if what := _remedy(error):
                raise SettingsError(_unusable(settings, error, what)) from None
            if not isinstance(refusal_for(error), Unavailable):
                raise
            if time.monotonic() > deadline:
                raise DatabaseUnavailable(_unusable(settings, error, "write one that can")) from None
        log.warning("waiting for the %s", settings.data_place)
        await asyncio.sleep(WAIT_BETWEEN_SECONDS)


def migrate_or_retry_in_background(settings: Settings) -> None:
    """Starts without the database if that is away, and migrates in the background when it comes back. Raises
    `SettingsError` for a problem that waiting does not solve."""
    try:
        asyncio.run(migrated(settings, wait_seconds=0))
    except DatabaseUnavailable as away:
        log.warning("serving without a database, and not ready, until it comes: %s", away)
        threading.Thread(target=_migrate_late, args=(settings,), name="migration", daemon=True).start()


def _migrate_late(settings: Settings) -> None:
    """Migrates when the database comes back. Stops the server for an error that would have stopped it at the start."""
    done = False
    try:
        log.warning("the database came, and is at migration %s", asyncio.run(migrated(settings, math.inf)))
        done = True
    finally:
        if not done:
            os.kill(os.getpid(), signal.SIGTERM)


def _sqlstate(error: Exception) -> str | None:
    return getattr(getattr(error, "orig", error), "sqlstate", None)


def _remedy(error: Exception) -> str | None:
    """Returns what a person must do, or None for a problem that may end by itself. Such an error comes from the
    network, so it has no file name and is no `PermissionError`."""
    if isinstance(error, UnusableDatabase):
        return error.remedy
    if isinstance(error, asyncpg.PostgresError) and refuses_settings(error):
        return "leave that out of the URL, and set it with ALTER ROLE … SET"
    if isinstance(error, PermissionError) or (isinstance(error, OSError) and error.filename):
        return "let this user open that file or socket, or set HOME to a folder of its own"
    state = _sqlstate(error) or ""
    return next((what for start, what in REMEDIES.items() if state.startswith(start)), None)


def _unusable(settings: Settings, error: Exception, what: str) -> str:
    told = str(getattr(error, "orig", error)) or "it does not answer"
    reason = told.splitlines()[0].rpartition(">: ")[2]
    return f"DATABASE_URL leads to {settings.data_place}, which can't be used ({reason}): {what}"


def with_connection(do: Callable[[Connection], None]) -> None:
    """Calls `do` with a connection to the database. The `alembic` command uses it."""
    from sqlalchemy.ext.asyncio import create_async_engine

    async def run(settings: Settings) -> None:
        url, connect_args = settings.listening
        assert url is not None
        engine = create_async_engine(url, poolclass=NullPool, connect_args=dict(connect_args))
        async with engine.connect() as connection:
            await connection.run_sync(do)
            await connection.commit()
        await engine.dispose()

    with with_database(load()) as settings:
        asyncio.run(run(settings))
