"""What the modes of TLS do at a real server; the embedded one has no TCP."""

import os

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from bootstrap.configuration.database_url import asyncpg_url


async def asked(url: str, **query: str) -> tuple[str, str]:
    """Whether the connection is encrypted, and a setting that `options` changes."""
    address, connect_args = asyncpg_url(make_url(url).update_query_dict(query).render_as_string(hide_password=False))
    engine = create_async_engine(address, connect_args={"server_settings": {"lock_timeout": "7s"}, **connect_args})
    try:
        async with engine.connect() as connection:
            tls = "SELECT CASE WHEN ssl THEN 'on' ELSE 'off' END FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
            settings = "SELECT current_setting('lock_timeout') || ' ' || current_setting('work_mem')"
            return (await connection.execute(text(tls))).scalar_one(), (
                await connection.execute(text(settings))
            ).scalar_one()
    finally:
        await engine.dispose()


@pytest.fixture
def url() -> str:
    given = os.environ.get("TEST_DATABASE_URL")
    if not given or make_url(given).host is None:
        pytest.skip("TEST_DATABASE_URL names no PostgreSQL server with TCP")
    return given


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer"])
async def test_tls_is_as_the_mode_says(url: str, mode: str) -> None:
    has_tls, _ = await asked(url)
    tls, _ = await asked(url, sslmode=mode)
    assert tls == (has_tls if mode == "prefer" else "off")


@pytest.mark.parametrize("mode", ["require", "verify-full"])
async def test_no_connection_is_better_than_one_without_tls(url: str, mode: str) -> None:
    has_tls, _ = await asked(url)
    if has_tls == "on":
        pytest.skip("this server has TLS")
    with pytest.raises(ConnectionError, match="rejected SSL"):
        await asked(url, sslmode=mode)


async def test_parameters_of_the_url_and_of_the_application_go_together(url: str) -> None:
    _, settings = await asked(url, options="-c work_mem=9MB", channel_binding="prefer", supa="base-pooler.x")
    assert settings == "7s 9MB"
