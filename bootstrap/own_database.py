"""The database the settings name, or the embedded one where they name none."""

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from adapters.postgres.database import translated
from adapters.postgres.migration import migrate
from bootstrap.dev_database import dev_database
from bootstrap.settings import Settings, load
from domain.errors import Unavailable

WAIT_SECONDS = 30
"""For a database that is started at the same time."""


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


async def migrated(settings: Settings) -> str:
    """The migration the database is at now. Raises `Unavailable` where no database answers in `WAIT_SECONDS`."""
    assert settings.database_url
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            with translated():
                return await migrate(settings.database_url, settings.connect_args)
        except Unavailable:
            if time.monotonic() > deadline:
                raise
        await asyncio.sleep(0.5)


def with_connection(do: Callable[[Connection], None]) -> None:
    """For the `alembic` command."""

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
