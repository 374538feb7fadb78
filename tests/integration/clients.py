"""Clients of the application in this process, which works on PostgreSQL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace

import httpx

from adapters.http.server.outer_middleware import OuterMiddleware
from bootstrap.asgi import close
from bootstrap.container import Container
from tests.http.shared_app import working_on


@asynccontextmanager
async def client_of(container: Container) -> AsyncIterator[httpx.AsyncClient]:
    """Closes the container in the end."""
    parts = SimpleNamespace(services=container.services(), authenticator=container.authenticator())
    transport = httpx.ASGITransport(OuterMiddleware(working_on(parts)))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client
    await close(container)
