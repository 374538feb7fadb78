"""The probe that is answered in front of the application says what the application would."""

from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.http.server.outer_middleware import OuterMiddleware
from adapters.http.server.probes import ALIVE, Probes
from tests.http.conftest import Api

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


async def asked(
    app: Any, method: str, path: str, *headers: tuple[bytes, bytes]
) -> tuple[int, dict[bytes, bytes], bytes]:
    scope: dict[str, Any] = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
    }
    scope |= {"headers": [(b"host", b"localhost"), (b"x-request-id", b"r1"), *headers], "client": ("::1", 1)}
    scope |= {"server": ("localhost", 80), "scheme": "http", "root_path": "", "http_version": "1.1", "state": {}}
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent[0]["status"], dict(sent[0]["headers"]), b"".join(each["body"] for each in sent[1:])


@pytest.mark.parametrize("path", sorted(ALIVE))
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
@pytest.mark.parametrize("headers", [[], [(b"origin", b"https://elsewhere.example")]])
async def test_a_probe_is_answered_as_the_application_answers_it(
    api: Api, path: str, method: str, headers: list[tuple[bytes, bytes]]
) -> None:
    in_front, behind = OuterMiddleware(Probes(api.app, lambda: NOW)), OuterMiddleware(api.app)
    assert await asked(in_front, method, path, *headers) == await asked(behind, method, path, *headers)


async def test_it_is_answered_where_the_application_answers_nothing() -> None:
    async def hangs(*_: Any) -> None:
        raise AssertionError("it was asked")

    status, _, body = await asked(OuterMiddleware(Probes(hangs, lambda: NOW)), "GET", "/health/live")
    assert (status, body) == (200, b'{"status":"healthy","timestamp":"2026-11-23T09:00:00Z"}')
