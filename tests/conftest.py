"""PostgreSQL for the tests: our embedded one, and the one `TEST_DATABASE_URL` names where it is set.

Each session makes databases of its own from one migrated template and drops them; each test starts with empty tables.
"""

import gc
import logging
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import structlog
from hypothesis import HealthCheck, settings
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.http.server import outer_middleware
from adapters.postgres.driver.database import Database
from adapters.postgres.migration import migrate
from adapters.postgres.tables import jobs, oauth_clients, rate_windows, users
from bootstrap.configuration.database_url import asyncpg_url
from bootstrap.postgres.dev_database import dev_database
from tests.e2e.conftest import Server, new_server
from tests.scheduling import SharingScheduling, sort_slow_first
from tests.scratch import SCRATCH
from tests.servers.pgbouncer import pooled_where_wanted

# How long an example takes depends on what else the machine does. pytest-timeout ends a test that hangs.
settings.register_profile("tests", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> SharingScheduling | None:
    return SharingScheduling(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    sort_slow_first(items)


def pytest_collection_finish() -> None:
    """Thousands of tests are there to stay: looking through them again and again takes a fifth of the time of most."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def embedded_url() -> Iterator[str]:
    with (
        tempfile.TemporaryDirectory(prefix="tasktalk-", dir=SCRATCH, ignore_cleanup_errors=True) as folder,
        dev_database(Path(folder), durable=False) as url,
    ):
        yield url


@pytest.fixture(scope="session")
async def database_url(embedded_url: str) -> AsyncIterator[str]:
    """SQLAlchemy's URL of a migrated database on the embedded server."""
    async for url in _own_database(embedded_url):
        yield url


@pytest.fixture(scope="session")
def two_workers() -> Iterator[Server]:
    """In two processes, with the built-in assistant, for all tests that do not stop it; each takes users of its own."""
    with new_server() as server:
        server.start("--workers", "2", **{f"{name}_LIMIT": "10000/minute" for name in ("SIGNUP", "SIGNIN", "CLIENT")})
        yield server


@pytest.fixture(scope="session")
async def external_url() -> AsyncIterator[str]:
    """The same on the server of `TEST_DATABASE_URL`, which is on this machine, so without its TLS settings."""
    given = os.environ.get("TEST_DATABASE_URL")
    if not given:
        pytest.skip("TEST_DATABASE_URL names no PostgreSQL server")
    async for url in _own_database(asyncpg_url(given)[0]):
        yield url


@pytest.fixture(scope="session")
def working_url(database_url: str) -> Iterator[str]:
    """The same by a pooler, where `TEST_POOLER` is set."""
    with pooled_where_wanted(database_url) as url:
        yield url


@pytest.fixture
async def database(working_url: str) -> AsyncIterator[Database]:
    async for database in emptied(working_url):
        yield database


@pytest.fixture
def own_logging() -> Iterator[None]:
    """A test may configure logging: how it was is restored."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    for handler in set(root.handlers) - set(handlers):
        handler.close()
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()
    vars(outer_middleware.log).pop("bind", None)  # a logger keeps the configuration that it was first used under


async def emptied(url: str) -> AsyncIterator[Database]:
    database = Database(url, pool_size=20)
    await empty(database)
    yield database
    await database.close()


async def empty(database: Database) -> None:
    """All other rows go with their users."""
    async with database() as work:
        for table in (users, rate_windows, jobs, oauth_clients):
            await database.write(table.delete())
        await work.commit()


async def _own_database(server: str) -> AsyncIterator[str]:
    name = f"tasktalk_test_{uuid4().hex[:12]}"
    await administer(server, f'CREATE DATABASE "{name}"')
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    try:
        await migrate(url)
        yield url
    finally:
        await administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


async def administer(server: str, statement: str) -> None:
    engine = create_async_engine(server, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()
