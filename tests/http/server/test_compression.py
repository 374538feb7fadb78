"""Large answers to reads are compressed. What may have a token never is, nor what is small or has an ETag."""

import gzip
import json
from typing import Any

import pytest

from adapters.http.server.compression import MIN_BYTES, may_be_compressed
from tests.http.conftest import Api

TASKS = "/api/users/me/tasks"
LONG = {"title": "Paint the fence", "description": "Two coats, and the gate. " * 100}


async def sent(api: Api, method: str, path: str, accepts: str = "gzip, br", **options: Any) -> tuple[Any, bytes]:
    """Returns the headers, and the body as it came over the wire."""
    headers = {"Accept-Encoding": accepts, **options.pop("headers", {})}
    request = api.client.build_request(method, path, headers=headers, **options)
    answer = await api.client.send(request, stream=True)
    return answer.headers, b"".join([chunk async for chunk in answer.aiter_raw()])


async def test_a_large_answer_to_a_read_is_compressed(api: Api) -> None:
    plain, body = await sent(api, "POST", TASKS, json=LONG, headers=api.headers)
    headers, packed = await sent(api, "GET", TASKS, headers=api.headers)

    assert "content-encoding" not in plain, "a change is answered as it is"
    assert (headers["content-encoding"], headers["vary"]) == ("gzip", "Accept-Encoding")
    assert headers["content-length"] == str(len(packed))
    assert len(packed) < 1_000
    assert json.loads(gzip.decompress(packed))["tasks"] == [json.loads(body)]


@pytest.mark.parametrize("accepts", ["", "identity", "br", "gzip;q=0"])
async def test_who_does_not_take_it_gets_the_answer_as_it_is(api: Api, accepts: str) -> None:
    await sent(api, "POST", TASKS, json=LONG, headers=api.headers)
    headers, body = await sent(api, "GET", TASKS, accepts, headers=api.headers)

    assert "content-encoding" not in headers
    assert json.loads(body)["total"] == 1


async def test_a_small_answer_and_one_with_an_etag_are_sent_as_they_are(api: Api) -> None:
    small, body = await sent(api, "GET", TASKS, headers=api.headers)
    await sent(api, "POST", TASKS, json=LONG, headers=api.headers)
    tagged, one = await sent(api, "GET", "/api/tasks/1", headers=api.headers)

    assert len(body) < MIN_BYTES < len(one)
    assert tagged["etag"] == '"1"'
    assert not {"content-encoding"} & {*small, *tagged}


@pytest.mark.parametrize(
    ("method", "path", "status", "expected"),
    [
        ("GET", "/api/users/me/tasks", 200, True),
        ("GET", "/api/users/me/tasks", 404, False),
        ("POST", "/api/users/me/tokens", 200, False),
        ("GET", "/api/auth/sessions", 200, False),
        ("POST", "/api/auth/refresh", 200, False),
        ("GET", "/oauth/authorize", 200, False),
    ],
)
def test_what_may_have_a_token_is_never_compressed(method: str, path: str, status: int, expected: bool) -> None:
    scope: Any = {"method": method, "path": path, "headers": [(b"accept-encoding", b"gzip")]}
    assert may_be_compressed(scope, {"status": status, "headers": []}) == expected
