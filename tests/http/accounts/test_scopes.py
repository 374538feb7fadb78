"""What an API token may do, route by route: no more than its scopes say, and nothing that would lend it more."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from application.ports import TextDelta
from domain.chat.messages import ToolCall
from tests.http.accounts.api_tokens import READ, TASKS, TOKENS, WRITE, bearer, refusal
from tests.http.conftest import Api
from tests.http.public_routes import PUBLIC_ROUTES

CHAT = "/api/users/me/chat"
HOOK = {"url": "https://example.com/hook"}
USERS_ALONE = {
    ("GET", "/api/auth/me/export"),
    ("GET", "/api/users/{user_id}/tokens"),
    ("GET", "/api/users/{user_id}/connections"),
}
ENDLESS = {("GET", "/api/users/{user_id}/events/stream")}


def closed_routes(api: Api, *methods: str) -> Iterator[tuple[str, str]]:
    """Those of the OpenAPI document that ask who calls."""
    for path, operations in api.paths().items():
        for method in operations:
            if method.upper() in methods and (method.upper(), path) not in PUBLIC_ROUTES:
                yield method.upper(), path


def address(path: str) -> str:
    return re.sub(r"{\w+}", "1", path.replace("{user_id}", "me"))


def lacks(scope: str) -> tuple[int, str, str]:
    return 403, "INSUFFICIENT_SCOPE", f'Bearer error="insufficient_scope", scope="{scope}"'


async def test_a_read_token_is_refused_by_every_route_that_changes_something(api: Api) -> None:
    await api("POST", TASKS, json={"title": "Buy milk"})
    headers = await bearer(api, READ)
    await api("GET", TASKS, headers=headers)
    await api.background.close()
    before = api.store.rows.copy()
    routes = list(closed_routes(api, "POST", "PUT", "PATCH", "DELETE"))
    answers = {route: await api(route[0], address(route[1]), json={}, headers=headers) for route in routes}
    assert len(answers) > 20
    assert {route: refusal(answer) for route, answer in answers.items() if refusal(answer) != lacks(WRITE)} == {}
    assert api.store.rows == before


async def test_a_read_token_reads_all_that_its_user_may_read(api: Api) -> None:
    await api("POST", TASKS, json={"title": "Buy milk"})
    headers = await bearer(api, READ)
    routes = {*closed_routes(api, "GET")} - USERS_ALONE - ENDLESS
    statuses = {route: (await api(route[0], address(route[1]), headers=headers)).status_code for route in routes}
    assert {route: status for route, status in statuses.items() if status not in (200, 204, 404)} == {}
    assert statuses["GET", "/api/users/{user_id}/tasks"] == statuses["GET", "/api/tasks/{task_id}"] == 200


async def test_a_token_that_may_only_write_reads_nothing(api: Api) -> None:
    headers = await bearer(api, WRITE)
    routes = list(closed_routes(api, "GET"))
    answers = {route: await api("GET", address(route[1]), headers=headers) for route in routes}
    assert {route for route, answer in answers.items() if refusal(answer) != lacks(READ)} == set()
    assert (await api("HEAD", TASKS, headers=headers)).status_code == 403
    assert (await api("POST", TASKS, json={"title": "Buy milk"}, headers=headers)).status_code == 201


async def test_the_assistant_does_nothing_for_a_read_token(api: Api) -> None:
    api.model.answers = [[ToolCall("", "add_task", '{"title": "Buy milk"}')], [TextDelta("Hello.")]]
    headers = await bearer(api, READ)
    for accept in ("application/json", "text/event-stream"):
        answer = await api("POST", CHAT, json={"message": "milk"}, headers=headers | {"Accept": accept})
        assert refusal(answer) == lacks(WRITE)
    assert api.model.prompts == []
    assert (api.store.rows.turns, api.store.rows.tasks) == ({}, {})


async def test_the_assistant_reads_nothing_to_a_token_that_may_only_write(api: Api) -> None:
    await api("POST", TASKS, json={"title": "My secret"})
    calls = [ToolCall("", "list_tasks", "{}"), ToolCall("", "add_task", '{"title": "Buy milk"}')]
    api.model.answers = [calls, [TextDelta("Hello.")]]
    reply = (await api("POST", CHAT, json={"message": "milk"}, headers=await bearer(api, WRITE))).json()
    assert [call["result"]["success"] for call in reply["tool_calls"]] == [False, True]
    assert "My secret" not in str(reply)


async def test_a_token_makes_no_tokens_and_sends_no_data_elsewhere(api: Api) -> None:
    headers = await bearer(api)
    hook = (await api("POST", "/api/users/me/webhooks", json=HOOK)).json()
    webhook, token = f"/api/users/me/webhooks/{hook['id']}", next(iter(api.store.rows.api_tokens))[1]
    calls: tuple[tuple[str, str, Any], ...] = (
        ("GET", TOKENS, None),
        ("POST", TOKENS, {"name": "Another"}),
        ("DELETE", f"{TOKENS}/{token}", None),
        ("POST", "/api/users/me/webhooks", HOOK),
        ("DELETE", webhook, None),
        ("POST", f"{webhook}/resume", {"skip": True}),
    )
    for method, path, body in calls:
        answer = await api(method, path, json=body, headers=headers)
        assert refusal(answer) == (403, "FORBIDDEN", None), path
    assert len(api.store.rows.webhooks) == len(api.store.rows.api_tokens) == 1


@pytest.mark.parametrize(("path", "body"), [(TOKENS, {"name": "x"}), ("/api/users/me/webhooks", HOOK)])
async def test_a_token_is_not_told_again_what_its_user_was_told(api: Api, path: str, body: Any) -> None:
    key = {"Idempotency-Key": "k"}
    assert (await api("POST", path, json=body, headers=key)).status_code == 201
    stolen = await api("POST", path, json=body, headers=await bearer(api) | key)
    assert (stolen.status_code, stolen.json()["detail"]["code"]) == (422, "IDEMPOTENCY_MISMATCH")
