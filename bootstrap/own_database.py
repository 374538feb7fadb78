"""The database the settings name, or the embedded one where they name none."""

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

from sqlalchemy import Connection, NullPool
from sqlalchemy.exc import DBAPIError

from adapters.postgres.faults import FAULTS, refusal_for
from adapters.postgres.migration import migrate
from bootstrap.dev_database import dev_database
from bootstrap.settings import Settings, load
from bootstrap.settings_reader import SettingsError
from domain.errors import Unavailable

WAIT_SECONDS, WAIT_BETWEEN_SECONDS = 30, 2
"""For a database that is started at the same time."""
HOPELESS = ("28", "3D")
"""SQLSTATEs that waiting does not change: the login is refused, or there is no such database."""

log = logging.getLogger(__name__)


@contextmanager
def with_database(settings: Settings) -> Iterator[Settings]:
    """The settings with a database that runs for as long as this lasts; child processes find it in their environment.

    Raises `DevDatabaseError`.
    """
    if settings.database_url:
        yield settings
        return
    with dev_database(settings.data_dir) as url:
        os.environ["DATABASE_URL"] = url
        yield replace(settings, database_url=url)


class DatabaseAway(SettingsError):
    """It may come yet."""


async def migrated(settings: Settings, wait_seconds: float = WAIT_SECONDS) -> str:
    """The migration the database is at now. Raises `SettingsError` where it can't be used in that time."""
    assert settings.database_url
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            return await migrate(settings.database_url, settings.connect_args)
        except (DBAPIError, *FAULTS) as error:
            if not isinstance(refusal_for(error), Unavailable):
                raise
            if (_sqlstate(error) or "").startswith(HOPELESS):
                raise SettingsError(_unusable(settings, error)) from None
            if time.monotonic() > deadline:
                raise DatabaseAway(_unusable(settings, error)) from None
        log.warning("waiting for the %s", settings.data_place)
        await asyncio.sleep(WAIT_BETWEEN_SECONDS)


def migrate_or_go_on_trying(settings: Settings) -> None:
    """A server that could not start while its database is away would be away longer than the database.

    Raises `SettingsError` for a database that waiting does not bring.
    """
    try:
        asyncio.run(migrated(settings, wait_seconds=0))
    except DatabaseAway as away:
        log.warning("serving without a database, and not ready, until it comes: %s", away)
        threading.Thread(target=_migrate_late, args=(settings,), name="migration", daemon=True).start()


def _migrate_late(settings: Settings) -> None:
    """What would have stopped the start stops the server."""
    done = False
    try:
        log.warning("the database came, and is at migration %s", asyncio.run(migrated(settings, math.inf)))
        done = True
    finally:
        if not done:
            os.kill(os.getpid(), signal.SIGTERM)


def _sqlstate(error: Exception) -> str | None:
    return getattr(getattr(error, "orig", error), "sqlstate", None)


def _unusable(settings: Settings, error: Exception) -> str:
    told = str(getattr(error, "orig", error)) or "it does not answer"
    reason = told.splitlines()[0].rpartition(">: ")[2]
    return f"DATABASE_URL leads to {settings.data_place}, which can't be used ({reason}): write one that can"


def with_connection(do: Callable[[Connection], None]) -> None:
    """For the `alembic` command."""
    from sqlalchemy.ext.asyncio import create_async_engine

    async def run(settings: Settings) -> None:
        assert settings.database_url is not None
        engine = create_async_engine(
            settings.database_url, poolclass=NullPool, connect_args=dict(settings.connect_args)
        )
        async with engine.connect() as connection:
            await connection.run_sync(do)
            await connection.commit()
        await engine.dispose()

    with with_database(load()) as settings:
        asyncio.run(run(settings))
