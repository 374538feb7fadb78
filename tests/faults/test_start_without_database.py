"""A server that is started before its database."""

import asyncio
import signal

import pytest

from tests.faults.tools.postgres import Postgres, own_postgres, through
from tests.faults.tools.proxy import proxied
from tests.faults.tools.servers import serving

pytestmark = pytest.mark.long


@pytest.mark.parametrize("flags", [(), ("--workers", "2")], ids=["one process", "two workers"])
@pytest.mark.parametrize("fault", ["refuse", "black_hole"])
async def test_it_lives_and_when_the_database_comes_it_migrates_and_is_ready(
    fault: str, flags: tuple[str, ...]
) -> None:
    with own_postgres() as postgres:
        async with proxied(postgres.socket) as proxy:
            getattr(proxy, fault)()
            async with serving(through(proxy.port), *flags, ENVIRONMENT="production") as server:
                await server.answers("/health/live")
                refused = await server.answers("/health/ready", 503)
                assert "retry-after" in refused.headers
                await proxy.heal()
                await server.answers("/health/ready")
                await server.end()


async def test_it_can_be_ended_while_it_waits(postgres: Postgres) -> None:
    async with proxied(postgres.socket) as proxy:
        proxy.refuse()
        async with serving(through(proxy.port)) as server:
            await server.answers("/health/live")
            await server.end(signal.SIGTERM)


async def test_without_migrating_it_is_ready_when_somebody_else_has_migrated(postgres: Postgres) -> None:
    async with proxied(postgres.socket) as proxy:
        proxy.refuse()
        async with serving(through(proxy.port), "--no-migrate") as server:
            await server.answers("/health/live")
            await proxy.heal()
            assert "migration none" in (await server.answers("/health/ready", 503)).text
            async with serving(postgres.url) as other:
                await other.answers("/health/ready")
            await server.answers("/health/ready")


async def test_a_login_that_is_refused_stops_the_start(postgres: Postgres) -> None:
    async with proxied(postgres.socket) as proxy, serving(through(proxy.port, user="nobody")) as server:
        assert server.process
        assert await asyncio.wait_for(server.process.wait(), 60) == 1
        assert "DATABASE_URL" in server.log.read_text()
