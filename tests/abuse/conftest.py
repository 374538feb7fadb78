"""The whole application on PostgreSQL, called through ASGI by two users; and the shape that every error must have."""

import json
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import httpx
import pytest
from litestar import Litestar

from adapters.http.pages.openapi import openapi_document
from adapters.http.server.outer_middleware import OuterMiddleware
from adapters.postgres.driver.database import Database
from bootstrap.asgi import build
from bootstrap.configuration.settings import load

UNLIMITED = {f"{name}_LIMIT": "1000000/second" for name in ("SIGNIN", "SIGNUP", "RESET", "CHAT", "MCP")}
PASSWORD = "a password to abuse with"
Operation = tuple[str, str]


class World:
    """`document` is the OpenAPI document as it is served."""

    def __init__(self, app: Litestar, client: httpx.AsyncClient) -> None:
        self.client = client
        self.document: dict[str, Any] = json.loads(openapi_document(app))
        self.users: dict[str, dict[str, str]] = {}

    async def sign_up(self, name: str) -> None:
        """Or in, where an example before did."""
        form = {"email": f"{name}@example.com", "password": PASSWORD}
        answer = await self.client.post("/api/auth/signup", json=form)
        if answer.status_code == 400:
            answer = await self.client.post("/api/auth/signin", json=form)
        self.users[name] = {"Authorization": f"Bearer {answer.json()['token']}"}

    async def __call__(self, method: str, path: str, as_user: str = "ann", **options: Any) -> httpx.Response:
        headers = {**self.users[as_user], **options.pop("headers", {})}
        return await self.client.request(method, path, headers=headers, **options)

    def operations(self) -> list[Operation]:
        paths = self.document["paths"].items()
        return [(method.upper(), path) for path, methods in paths for method in methods]

    def with_body(self) -> list[Operation]:
        paths = self.document["paths"]
        return [each for each in self.operations() if "requestBody" in paths[each[1]][each[0].lower()]]


def assert_is_told_properly(answer: httpx.Response) -> None:
    """Never a fault of ours, and every refusal in the one shape."""
    assert answer.status_code < 500, answer.text[:300]
    if answer.status_code < 400:
        return
    detail = answer.json()["detail"]
    assert {"error", "code", "message", "request_id"} <= detail.keys() <= ENVELOPE
    assert detail["request_id"] == answer.headers["X-Request-ID"]
    assert not [word for word in INTERNAL if word in answer.text.lower()]


ENVELOPE = {"position", "expected", "example", "error", "code", "message", "request_id", "fields", "turn_id", "task"}
INTERNAL = ("traceback", "sqlalchemy", "asyncpg", "msgspec", "select ", ".py")


Opened = Callable[..., AbstractAsyncContextManager[World]]


@pytest.fixture
def opened(database_url: str, database: Database) -> Opened:
    """`database` has emptied the tables. No fixture can enter it: it must be left in the task that entered it."""

    @asynccontextmanager
    async def world(**settings: str) -> AsyncIterator[World]:
        secret = {"DATABASE_URL": database_url, "BETTER_AUTH_SECRET": secrets.token_urlsafe(48)}
        app = build(load(secret | {"TURN_WAIT_SECONDS": "0"} | UNLIMITED | settings))
        transport = httpx.ASGITransport(OuterMiddleware(app), raise_app_exceptions=False)  # type: ignore[arg-type]
        async with app.lifespan(), httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            world = World(app, client)
            for name in ("ann", "bob"):
                await world.sign_up(name)
            yield world

    return world
