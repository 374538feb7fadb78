"""What holds for every answer, whatever was asked."""

import logging
import re
from typing import Any

import pytest
import structlog

from adapters.http.server import outer_middleware
from domain.errors import Unavailable
from tests.http.conftest import ORIGIN, Api
from tests.http.public_routes import PUBLIC_ROUTES

TASKS = "/api/users/me/tasks"
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "body"),
        (b"{", "body"),
        (b"null", "body"),
        (b"[]", "body"),
        (b'"text"', "body"),
        (b"[" * 100_000, "body"),
        (b'{"a":' * 100_000, "a"),
        (b'{"title":' + b"[" * 100_000, "title"),
        (b'{"title": "\xff\xfe"}', "body"),
        (b'{"title": "\\ud800"}', "body"),
        (b'{"title": NaN}', "body"),
        (b"\xef\xbb\xbf{}", "body"),
        (b"{}", "title"),
        (b'{"title": 1}', "title"),
        (b'{"title": 18446744073709551616}', "title"),
        (b'{"title": null}', "title"),
        (b'{"title": "\\u0000"}', "title"),
        (b'{"title": " "}', "title"),
        (b'{"title": "a", "description": 1e999}', "description"),
        (b'{"title": "a", "user_id": "bob"}', "user_id"),
        (b'{"title": "a", "\\u0000": 1}', "\x00"),
    ],
)
async def test_hostile_json_is_refused_by_field_and_nothing_is_stored(api: Api, body: bytes, field: str) -> None:
    answer = await api("POST", TASKS, content=body, headers=JSON)
    assert answer.status_code == 400
    detail = answer.json()["detail"]
    assert detail["code"] == "VALIDATION_ERROR"
    assert [each["field"] for each in detail["fields"]] == [field]
    assert "`" not in detail["message"], "for people, not for Python"
    assert api.store.rows.tasks == {}


@pytest.mark.parametrize(
    ("method", "path", "options", "status", "code"),
    [
        ("GET", "/nothing/here", {}, 404, "NOT_FOUND"),
        ("GET", "/api/tasks/abc", {}, 404, "NOT_FOUND"),
        ("PUT", "/api/tasks/1", {}, 405, "METHOD_NOT_ALLOWED"),
        ("GET", "/api/tasks/99999999999999999999", {}, 400, "VALIDATION_ERROR"),
        ("POST", TASKS, {"data": {"title": "a"}}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        ("POST", TASKS, {"content": b"x" * 1_000_001, "headers": JSON}, 413, "PAYLOAD_TOO_LARGE"),
    ],
)
async def test_every_error_has_the_envelope(
    api: Api, method: str, path: str, options: Any, status: int, code: str
) -> None:
    answer = await api(method, path, **options)
    assert answer.status_code == status
    detail = answer.json()["detail"]
    assert detail["code"] == code
    assert detail["error"]
    assert detail["message"]
    assert detail["request_id"] == answer.headers["X-Request-ID"]


async def test_the_same_error_as_problem_json(api: Api) -> None:
    answer = await api("POST", TASKS, json={}, headers={"Accept": "application/problem+json, application/json;q=0.5"})
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "urn:tasktalk:VALIDATION_ERROR",
        "title": "Validation error",
        "status": 400,
        "detail": "title: is required",
        "code": "VALIDATION_ERROR",
        "request_id": answer.headers["X-Request-ID"],
        "fields": [{"field": "title", "message": "is required"}],
    }


async def test_a_bug_shows_nothing_internal(api: Api) -> None:
    api.store.fault = RuntimeError("SELECT secret FROM /etc/passwd")
    answer = await api("GET", "/api/tasks/1")
    assert (answer.status_code, answer.json()["detail"]["code"]) == (500, "INTERNAL_ERROR")
    assert "secret" not in answer.text
    assert answer.headers["X-Request-ID"]


async def test_a_database_that_is_away_says_when_to_try_again(api: Api) -> None:
    api.store.fault = Unavailable("The database can't be reached.", 3)
    answer = await api("POST", TASKS, json={"title": "a"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3")


@pytest.mark.parametrize(
    ("given", "kept"),
    [("abc-1.2_3", True), ("x" * 128, True), ("x" * 129, False), ("a b", False), ("a\n", False), ("é", False)],
)
async def test_a_request_id_is_kept_where_it_is_harmless(api: Api, given: str, kept: bool) -> None:
    answer = await api("GET", "/health", headers={"X-Request-ID": given.encode()})
    assert (answer.headers["X-Request-ID"] == given) is kept
    assert answer.headers["X-Request-ID"]


async def test_routes_are_closed_unless_they_are_meant_to_be_public(api: Api) -> None:
    api.headers = {}
    open_ones = set()
    for path, operations in api.paths().items():
        for method in operations:
            address = re.sub("{[^}]*}", "1", path.replace("{user_id}", "me"))
            if (await api(method.upper(), address)).status_code != 401:
                open_ones.add((method.upper(), path))
    assert open_ones == PUBLIC_ROUTES


async def test_a_token_is_asked_for_before_the_body_is_read(api: Api) -> None:
    api.headers = {}
    assert (await api("POST", TASKS, content=b"{bad", headers=JSON)).status_code == 401


async def test_head_answers_as_get_without_a_body(api: Api) -> None:
    answer = await api("HEAD", "/health")
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["Content-Length"]) > 0


async def test_security_headers_are_on_every_answer(api: Api) -> None:
    for path in ("/health", "/nothing", "/api/tasks/1"):
        headers = (await api("GET", path)).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert headers["Cache-Control"] == "no-store"
        assert "Server" not in headers


async def test_options_names_every_method_of_an_address(api: Api) -> None:
    answer = await api("OPTIONS", "/api/tasks/1")
    assert (answer.status_code, answer.headers["Allow"]) == (204, "DELETE, GET, OPTIONS, PATCH")


async def test_a_number_has_one_spelling(api: Api) -> None:
    await api("POST", TASKS, json={"title": "a"})
    for spelling in ("+1", "%EF%BC%91", "0_1", "01", "%201", "1%0A"):
        assert (await api("GET", f"/api/tasks/{spelling}")).status_code == 404, spelling
        assert (await api("PATCH", f"{TASKS}/{spelling}/complete")).status_code == 404, spelling
    assert (await api("GET", "/api/tasks/1")).status_code == 200


async def test_cors_lets_in_the_front_end_alone(api: Api) -> None:
    asks = {"Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "authorization,content-type"}
    allowed = await api("OPTIONS", "/api/tasks/1", headers={"Origin": ORIGIN, **asks})
    assert (allowed.status_code, allowed.headers["Access-Control-Allow-Origin"]) == (204, ORIGIN)
    refused = await api("OPTIONS", "/api/tasks/1", headers={"Origin": "https://evil.example", **asks})
    assert "Access-Control-Allow-Origin" not in refused.headers
    assert (refused.status_code, refused.json()["detail"]["code"]) == (403, "FORBIDDEN")
    assert "CORS_ORIGINS" in refused.json()["detail"]["message"]
    for path in ("/api/tasks/1", "/nothing"):
        answer = await api("GET", path, headers={"Origin": ORIGIN})
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert "X-Request-ID" in answer.headers["Access-Control-Expose-Headers"]


async def test_the_page_of_this_server_is_sent_nothing_about_other_origins(api: Api) -> None:
    for path in ("/", "/api/tasks/1"):
        answer = await api("GET", path, headers={"Origin": "http://test"})
        assert [name for name in answer.headers if name.startswith("access-control-")] == [], path


async def test_liveness_needs_no_database_and_readiness_does(api: Api) -> None:
    api.store.fault = api.readiness.fault = Unavailable("away")
    api.headers = {}
    live = await api("GET", "/health/live")
    assert (live.status_code, live.json()) == (200, {"status": "healthy", "timestamp": "2026-11-23T09:00:00Z"})
    assert (await api("GET", "/health")).status_code == 200
    ready = await api("GET", "/health/ready")
    assert (ready.status_code, ready.headers["Retry-After"]) == (503, "1")
    api.readiness.fault = None
    assert (await api("GET", "/health/ready")).status_code == 200


async def test_each_request_writes_one_line_without_secrets(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    with structlog.testing.capture_logs() as lines, caplog.at_level(logging.INFO, outer_middleware.ACCESS.name):
        await api("POST", "/api/auth/signin?x=token", json={"email": "ann@example.com", "password": "password1"})
        await api("GET", "/api/tasks/7", headers={"X-Request-ID": "abc"})
    signin, get = lines
    assert (signin["method"], signin["route"], signin["status"]) == ("POST", "/api/auth/signin", 200)
    assert (get["route"], get["status"], get["user"]) == ("/api/tasks/{task_id}", 404, "id-1")
    assert get["ms"] >= 0
    assert "password1" not in str(lines)
    assert "token" not in str(lines)


async def test_library_lines_of_a_request_carry_its_id(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    seen: list[Any] = []

    class Spy(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append(structlog.contextvars.get_contextvars().get("request_id"))

    spy = Spy()
    logging.getLogger("adapters.http.error_responses").addHandler(spy)
    api.store.fault = RuntimeError("bug")
    await api("GET", "/api/tasks/1", headers={"X-Request-ID": "abc"})
    logging.getLogger("adapters.http.error_responses").removeHandler(spy)
    assert seen == ["abc"]


async def test_no_request_starts_a_task_group_for_its_dependencies(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("litestar._kwargs.kwargs_model.create_task_group")
    assert (await api("GET", "/api/users/me/tasks", headers=api.headers)).status_code == 200
