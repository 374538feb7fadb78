"""Two servers on one database: what ends on one is over on the other."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
import pytest

from bootstrap.asgi import build
from bootstrap.configuration.settings import load

ANN = {"email": "ann@example.com", "password": "password1"}
PATIENCE, POLL_SECONDS = 400, 0.05


@asynccontextmanager
async def running(database_url: str) -> AsyncIterator[list[httpx.AsyncClient]]:
    """No fixture: what a lifespan opens is closed by the task that opened it."""
    environ = {"DATABASE_URL": database_url, "BETTER_AUTH_SECRET": secrets.token_urlsafe(48)}
    async with AsyncExitStack() as stack:
        clients = []
        for _ in range(2):
            app = build(load(environ))
            await stack.enter_async_context(app.lifespan())
            transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
            clients.append(await stack.enter_async_context(httpx.AsyncClient(transport=transport, base_url="http://t")))
        yield clients


async def status(server: httpx.AsyncClient, token: str) -> int:
    return (await server.get("/api/auth/me", headers={"Authorization": f"Bearer {token}"})).status_code


@pytest.mark.usefixtures("database")
async def test_a_sign_out_on_one_server_is_felt_on_the_other(database_url: str) -> None:
    async with running(database_url) as servers:
        await _felt(*servers)


async def _felt(one: httpx.AsyncClient, other: httpx.AsyncClient) -> None:
    kept = (await one.post("/api/auth/signup", json=ANN)).json()["token"]
    token = (await one.post("/api/auth/signin", json=ANN)).json()["token"]
    assert await status(other, token) == 200
    await one.post("/api/auth/signout", headers={"Authorization": f"Bearer {token}"})
    assert await status(one, token) == 401
    for _ in range(PATIENCE):
        if await status(other, token) == 401:
            break
        await asyncio.sleep(POLL_SECONDS)
    assert await status(other, token) == 401
    assert [await status(server, kept) for server in (one, other)] == [200, 200]


@pytest.mark.usefixtures("database")
async def test_tabs_that_refresh_at_once_on_several_servers_stay_signed_in(database_url: str) -> None:
    async with running(database_url) as servers:
        await _stay(servers)


async def _stay(servers: list[httpx.AsyncClient]) -> None:
    first = (await servers[0].post("/api/auth/signup?refresh=body", json=ANN)).json()["refresh_token"]
    calls = [each.post("/api/auth/refresh", json={"refresh_token": first}) for each in servers * 3]
    following = {answer.json()["refresh_token"] for answer in await asyncio.gather(*calls)}
    assert len(following) == 1
    assert first not in following
    assert (await servers[1].post("/api/auth/refresh", json={"refresh_token": following.pop()})).status_code == 200
