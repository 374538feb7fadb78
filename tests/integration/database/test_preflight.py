"""What a person has to mend is said in one line that says how, and is not waited for."""

import re
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from sqlalchemy import make_url

from adapters.postgres.migration import migrate
from adapters.postgres.tables import SCHEMA_VERSION
from bootstrap.configuration.reader import SettingsError
from bootstrap.configuration.settings import load
from bootstrap.postgres.configured_database import DatabaseUnavailable, migrated
from tests.conftest import administer

ROLE = "newcomer"
ENCODED = "CREATE DATABASE {name} TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C' ENCODING"
MADE = "CREATE DATABASE {name}"
ALONE = "REVOKE CONNECT ON DATABASE {name} FROM PUBLIC"
TO_MEND = {
    "LATIN1": ([f"{ENCODED} 'LATIN1'"], [], "", "postgres", "encoding is LATIN1.*ENCODING 'UTF8'"),
    "SQL_ASCII": ([f"{ENCODED} 'SQL_ASCII'"], [], "", "postgres", "encoding is SQL_ASCII.*ENCODING 'UTF8'"),
    "a path of the URL": ([MADE], [], "options=-csearch_path%3Dnowhere", "postgres", "nowhere.*: CREATE SCHEMA"),
    "a path of the database": (
        [MADE, "ALTER DATABASE {name} SET search_path = gone, away"],
        [],
        "",
        "postgres",
        "gone, away.*: CREATE SCHEMA",
    ),
    "no schema at all": ([MADE], ["DROP SCHEMA public"], "", "postgres", "public.*: CREATE SCHEMA"),
    "may not create": ([MADE], [], "", ROLE, "permission denied for schema public.*: GRANT"),
    "may not use": (
        [MADE],
        ["REVOKE ALL ON SCHEMA public FROM PUBLIC"],
        "",
        ROLE,
        "public.*: CREATE SCHEMA, or name another|GRANT",
    ),
    "may not connect": ([MADE, ALONE], [], "", ROLE, "permission denied for database.*: GRANT"),
    "no such database": ([], [], "", "postgres", "does not exist.*: CREATE DATABASE"),
    "no such role": ([MADE], [], "", "nobody_at_all", 'role "nobody_at_all" does not exist.*: write a user'),
}

QUICK = {"LATIN1", "may not create", "no such database"}


@pytest.fixture
async def name(embedded_url: str) -> AsyncIterator[str]:
    name = f"preflight_{uuid4().hex[:12]}"
    await administer(embedded_url, f"CREATE ROLE {ROLE} LOGIN")
    yield name
    await administer(embedded_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    await administer(embedded_url, f"DROP ROLE {ROLE}")


async def refusal(server: str, name: str, query: str = "", role: str = "postgres") -> str:
    url = make_url(server).set(database=name, username=role).render_as_string(hide_password=False)
    settings = load({"DATABASE_URL": "&".join(filter(None, (url, query))), "BETTER_AUTH_SECRET": "x7Qz" * 12})
    with pytest.raises(SettingsError) as refused:
        await migrated(settings, wait_seconds=0)
    assert not isinstance(refused.value, DatabaseUnavailable)
    assert "\n" not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize(
    "what", [each if each in QUICK else pytest.param(each, marks=pytest.mark.long) for each in TO_MEND]
)
async def test_what_is_to_be_mended_is_one_line(embedded_url: str, name: str, what: str) -> None:
    outside, inside, query, role, expected = TO_MEND[what]
    for statement in outside:
        await administer(embedded_url, statement.format(name=name))
    for statement in inside:
        url = make_url(embedded_url).set(database=name).render_as_string(hide_password=False)
        await administer(url, statement)
    assert re.search(expected, await refusal(embedded_url, name, query, role))


async def test_a_role_that_may_not_write_is_told_what_to_grant(embedded_url: str, name: str) -> None:
    await administer(embedded_url, f"CREATE DATABASE {name}")
    url = make_url(embedded_url).set(database=name).render_as_string(hide_password=False)
    await migrate(url)
    assert "permission denied for table alembic_version" in await refusal(embedded_url, name, role=ROLE)
    await administer(url, f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {ROLE}")
    told = await refusal(embedded_url, name, role=ROLE)
    assert f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {ROLE}" in told
    await administer(url, f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {ROLE}")
    ours = make_url(url).set(username=ROLE).render_as_string(hide_password=False)
    assert await migrate(ours) == SCHEMA_VERSION


@pytest.mark.parametrize("query", ["", "?sslmode=prefer"])
async def test_a_home_that_cannot_be_read_is_told(query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is asked of the network."""
    monkeypatch.setenv("HOME", f"/{'x' * 300}")
    url = f"postgresql://postgres@127.0.0.1:1/tasktalk{query}"
    settings = load({"DATABASE_URL": url, "BETTER_AUTH_SECRET": "x7Qz" * 12})
    with pytest.raises(SettingsError, match="set HOME to a folder of its own"):
        await migrated(settings, wait_seconds=0)


async def test_a_newer_schema_is_left_as_it_is(embedded_url: str, name: str) -> None:
    """A server of the version before is started again while others have migrated."""
    await administer(embedded_url, f"CREATE DATABASE {name}")
    url = make_url(embedded_url).set(database=name).render_as_string(hide_password=False)
    await migrate(url)
    await administer(url, "UPDATE alembic_version SET version_num = '9999'")
    assert await migrate(url) == "9999"
