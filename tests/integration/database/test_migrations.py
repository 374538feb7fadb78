import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast
from uuid import uuid4

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Index, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.postgres import migration
from adapters.postgres.driver.connections import asyncpg_arguments
from adapters.postgres.migration import SCRIPTS, migrate
from adapters.postgres.tables import SCHEMA_VERSION, metadata
from tests.conftest import administer


@pytest.fixture
async def empty_url(embedded_url: str) -> AsyncIterator[str]:
    name = f"tasktalk_migrations_{uuid4().hex[:8]}"
    await administer(embedded_url, f'CREATE DATABASE "{name}"')
    yield make_url(embedded_url).set(database=name).render_as_string(hide_password=False)
    await administer(embedded_url, f'DROP DATABASE "{name}" WITH (FORCE)')


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return ScriptDirectory.from_config(config)


async def inspected(url: str, what: object) -> object:
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        result = await connection.run_sync(what)  # type: ignore[arg-type, var-annotated]
    await engine.dispose()
    return result


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, metadata))


def relations(connection: Connection) -> set[str]:
    query = text("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace")
    return set(connection.execute(query).scalars())


async def test_each_migration_goes_up_down_and_up_again(empty_url: str) -> None:
    up: dict[str, object] = {"base": {"alembic_version", "alembic_version_pkc"}}
    for revision in [script.revision for script in scripts().walk_revisions()][::-1]:
        assert await migrate(empty_url, revision=revision) == revision
        up[revision] = await inspected(empty_url, relations)
    for revision in list(up)[-2::-1]:
        await migrate(empty_url, revision=revision)
        assert await inspected(empty_url, relations) == up[revision]
    await migrate(empty_url)
    assert await inspected(empty_url, relations) == up[SCHEMA_VERSION]


async def test_a_database_whose_first_migration_broke_off_is_migrated(empty_url: str) -> None:
    """Alembic's table of versions is there before any other, and empty."""
    await migrate(empty_url, revision="base")
    assert await migrate(empty_url) == SCHEMA_VERSION
    assert "tasks" in cast("set[str]", await inspected(empty_url, relations))


async def test_the_migrated_schema_is_the_one_the_code_declares(database_url: str) -> None:
    assert await inspected(database_url, differences) == []


async def test_the_code_asks_for_the_newest_migration() -> None:
    assert scripts().get_current_head() == SCHEMA_VERSION


async def test_several_servers_may_migrate_at_once(empty_url: str) -> None:
    assert await asyncio.gather(*(migrate(empty_url) for _ in range(4))) == [SCHEMA_VERSION] * 4


def serves_all_users(index: Index) -> bool:
    """A server asks for everybody at once only for what is to be done, or for what is oldest. The words by which tasks
    are found begin with the prefix of their user."""
    has_only_what_is_to_be_done = str(index.name).endswith(("_due_idx", "_ended_idx", "_erased_idx"))
    is_partial = index.dialect_options["postgresql"]["where"] is not None
    return str(index.name).endswith(("_age_idx", "_search_idx")) or (has_only_what_is_to_be_done and is_partial)


OF_NO_USER = {"users": "id", "rate_windows": "key", "jobs": "name", "oauth_clients": "id"}


async def test_every_table_but_users_leads_its_keys_with_the_user() -> None:
    for table in metadata.sorted_tables:
        finding = [index for index in table.indexes if not serves_all_users(index)]
        keys = [list(table.primary_key.columns), *(list(index.columns) for index in finding)]
        leading = {columns[0].name for columns in keys}
        assert leading == {OF_NO_USER.get(table.name, "user_id")}


@asynccontextmanager
async def held(url: str, statement: str) -> AsyncIterator[None]:
    """By a transaction that is open for so long."""
    connection = await asyncpg.connect(**asyncpg_arguments(url), server_settings={"application_name": "holder"})
    async with connection.transaction():
        await connection.execute(statement)
        yield
    await connection.close()


async def said(caplog: pytest.LogCaptureFixture, words: str) -> None:
    async with asyncio.timeout(30):
        while words not in caplog.text:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_migration_that_waits_for_another_says_for_which(
    empty_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(migration, "LOG_AFTER_SECONDS", 0)
    async with held(empty_url, f"SELECT pg_advisory_xact_lock({migration.LOCK_KEY})"):
        migrating = asyncio.create_task(migrate(empty_url))
        await said(caplog, "(holder)")
        assert not migrating.done()
    assert await migrating == SCHEMA_VERSION


@pytest.mark.parametrize(
    "mode",
    ["ACCESS SHARE", *(pytest.param(mode, marks=pytest.mark.long) for mode in ("ROW EXCLUSIVE", "ACCESS EXCLUSIVE"))],
)
async def test_a_migration_whose_table_is_locked_tries_again(
    empty_url: str, mode: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(migration, "LOCK_TIMEOUT", "20ms")
    monkeypatch.setattr(migration, "PAUSE_SECONDS", 0.02)
    monkeypatch.setattr(migration, "TRIES", 10_000)
    await migrate(empty_url, revision="0005")
    async with held(empty_url, f"LOCK TABLE tasks IN {mode} MODE"):
        migrating = asyncio.create_task(migrate(empty_url))
        await said(caplog, "(holder)")
        assert not migrating.done()
    assert await migrating == SCHEMA_VERSION
