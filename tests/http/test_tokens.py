import asyncio
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from domain.conversation import ToolCall
from tests.http.conftest import Api
from tests.http.test_edges import PUBLIC

TOKENS = "/api/users/me/tokens"
TASKS = "/api/users/me/tasks"
CHAT = "/api/users/me/chat"
HOOK = {"url": "https://example.com/hook"}
READ, WRITE = "tasks:read", "tasks:write"
USERS_ALONE = {("GET", "/api/users/{user_id}/tokens")}
ENDLESS = {("GET", "/api/users/{user_id}/events/stream")}


async def bearer(api: Api, *scopes: str, name: str = "Laptop") -> dict[str, str]:
    made = await api("POST", TOKENS, json={"name": name, "scopes": scopes or [READ, WRITE]})
    return {"Authorization": f"Bearer {made.json()['token']}"}


def closed_routes(api: Api, *methods: str) -> Iterator[tuple[str, str]]:
    """Those of the OpenAPI document that ask who calls."""
    for path, operations in api.app.openapi_schema.to_schema()["paths"].items():
        for method in operations:
            if method.upper() in methods and (method.upper(), path) not in PUBLIC:
                yield method.upper(), path


def address(path: str) -> str:
    return re.sub(r"{\w+}", "1", path.replace("{user_id}", "me"))


def refusal(answer: httpx.Response) -> tuple[int, str, str | None]:
    return answer.status_code, answer.json()["detail"]["code"], answer.headers.get("WWW-Authenticate")


def lacks(scope: str) -> tuple[int, str, str]:
    return 403, "INSUFFICIENT_SCOPE", f'Bearer error="insufficient_scope", scope="{scope}"'


async def test_the_life_of_a_token(api: Api) -> None:
    made = await api("POST", TOKENS, json={"name": " My laptop ", "scopes": [WRITE, READ, READ], "expires_in_days": 7})
    assert made.status_code == 201
    shown = made.json()
    headers = {"Authorization": f"Bearer {shown.pop('token')}"}
    assert shown == {
        "id": shown["id"],
        "name": "My laptop",
        "scopes": [READ, WRITE],
        "created_at": "2026-11-23T09:00:00Z",
        "expires_at": "2026-11-30T09:00:00Z",
        "last_used_at": None,
    }
    assert (await api("GET", TOKENS)).json() == {"tokens": [shown]}
    assert (await api("POST", TASKS, json={"title": "Buy milk"}, headers=headers)).status_code == 201
    await api.background.close()
    (used,) = (await api("GET", TOKENS)).json()["tokens"]
    assert used == shown | {"last_used_at": "2026-11-23T09:00:00Z"}
    revoked = await api("DELETE", f"{TOKENS}/{shown['id']}")
    assert (revoked.status_code, set(revoked.json())) == (200, {"message"})
    assert (await api("DELETE", f"{TOKENS}/{shown['id']}")).status_code == 404
    assert (await api("GET", TOKENS)).json() == {"tokens": []}
    api.clock.forward(seconds=30)
    answer = await api("GET", TASKS, headers=headers)
    assert refusal(answer) == (401, "UNAUTHORIZED", "Bearer")


async def test_a_token_may_do_both_for_ninety_days_if_nothing_else_is_said(api: Api) -> None:
    made = (await api("POST", TOKENS, json={"name": "x"})).json()
    assert (made["scopes"], made["expires_at"]) == ([READ, WRITE], "2027-02-21T09:00:00Z")
    endless = (await api("POST", TOKENS, json={"name": "x", "expires_in_days": None})).json()
    assert endless["expires_at"] is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": 3}, "name"),
        ({"name": "x", "scopes": []}, "scopes"),
        ({"name": "x", "scopes": None}, "scopes"),
        ({"name": "x", "scopes": ["tasks:delete"]}, "scopes"),
        ({"name": "x", "expires_in_days": 0}, "expires_in_days"),
        ({"name": "x", "expires_in_days": 367}, "expires_in_days"),
        ({"name": "x", "expires_in_days": 1.5}, "expires_in_days"),
        ({"name": "x", "user_id": "bob"}, "user_id"),
        ([], "body"),
    ],
)
async def test_a_bad_token_is_refused_by_field(api: Api, body: Any, field: str) -> None:
    answer = await api("POST", TOKENS, json=body)
    assert answer.status_code == 400
    assert [each["field"].partition("[")[0] for each in answer.json()["detail"]["fields"]] == [field]
    assert api.store.rows.api_tokens == {}


async def test_a_feed_ends_with_the_token_that_opened_it(api: Api) -> None:
    headers = await bearer(api, READ)
    watching = asyncio.create_task(api("GET", "/api/users/me/events/stream", headers=headers))
    for title in ("seen", "seen too"):
        await moment()
        await api("POST", TASKS, json={"title": title})
    await moment()
    ((_, token_id),) = api.store.rows.api_tokens
    await api("DELETE", f"{TOKENS}/{token_id}")
    api.clock.forward(seconds=30)
    await api("POST", TASKS, json={"title": "secret"})
    text = (await watching).text
    assert text.count("event: change") == 2
    assert "secret" not in text


async def moment() -> None:
    """Enough for whoever waits to go on."""
    for _ in range(100):
        await asyncio.sleep(0)


async def test_a_token_says_who_its_user_is(api: Api) -> None:
    me = await api("GET", "/api/auth/me", headers=await bearer(api, READ))
    assert (me.status_code, me.json()["email"]) == (200, "ann@example.com")


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
    api.model.answers = [[ToolCall("", "add_task", '{"title": "Buy milk"}')], []]
    headers = await bearer(api, READ)
    for accept in ("application/json", "text/event-stream"):
        answer = await api("POST", CHAT, json={"message": "milk"}, headers=headers | {"Accept": accept})
        assert refusal(answer) == lacks(WRITE)
    assert api.model.prompts == []
    assert (api.store.rows.turns, api.store.rows.tasks) == ({}, {})


async def test_the_assistant_reads_nothing_to_a_token_that_may_only_write(api: Api) -> None:
    await api("POST", TASKS, json={"title": "My secret"})
    api.model.answers = [[ToolCall("", "list_tasks", "{}"), ToolCall("", "add_task", '{"title": "Buy milk"}')], []]
    reply = (await api("POST", CHAT, json={"message": "milk"}, headers=await bearer(api, WRITE))).json()
    assert [call["result"]["success"] for call in reply["tool_calls"]] == [False, True]
    assert "My secret" not in str(reply)


async def test_a_change_tells_the_name_of_the_token_that_made_it(api: Api) -> None:
    headers = await bearer(api, name="Kitchen display")
    await api("POST", TASKS, json={"title": "Buy milk"}, headers=headers)
    (token,) = (await api("GET", TOKENS)).json()["tokens"]
    await api("DELETE", f"{TOKENS}/{token['id']}")
    (event,) = (await api("GET", "/api/users/me/events")).json()["events"]
    expected = {"kind": "token", "id": token["id"], "name": "Kitchen display"}
    assert event["actor"] == expected | {"conversation_id": None, "message_id": None}


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


async def test_a_repeated_post_makes_one_token_and_shows_it_again(api: Api) -> None:
    key = {"Idempotency-Key": "k"}
    answers = [await api("POST", TOKENS, json={"name": "x"}, headers=key) for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert answers[1].headers["Idempotency-Replayed"] == "true"
    assert len(api.store.rows.api_tokens) == 1


@pytest.mark.parametrize(("path", "body"), [(TOKENS, {"name": "x"}), ("/api/users/me/webhooks", HOOK)])
async def test_a_token_is_not_told_again_what_its_user_was_told(api: Api, path: str, body: Any) -> None:
    key = {"Idempotency-Key": "k"}
    assert (await api("POST", path, json=body, headers=key)).status_code == 201
    stolen = await api("POST", path, json=body, headers=await bearer(api) | key)
    assert (stolen.status_code, stolen.json()["detail"]["code"]) == (422, "IDEMPOTENCY_MISMATCH")


async def test_the_fifty_first_token_is_refused_with_what_to_do(api: Api) -> None:
    for _ in range(50):
        assert (await api("POST", TOKENS, json={"name": "x"})).status_code == 201
    answer = await api("POST", TOKENS, json={"name": "x"})
    assert (answer.status_code, answer.json()["detail"]["code"]) == (409, "CONFLICT")
    assert "Revoke one first" in answer.json()["detail"]["message"]


async def test_tokens_are_their_users(api: Api) -> None:
    made = (await api("POST", TOKENS, json={"name": "x"})).json()
    bob = await api.sign_up("bob")
    foreign = await api("DELETE", f"{TOKENS}/{made['id']}", headers=bob)
    absent = await api("DELETE", f"{TOKENS}/none", headers=bob)
    assert foreign.status_code == absent.status_code == 404
    assert foreign.json()["detail"]["message"] == absent.json()["detail"]["message"]
    assert (await api("GET", "/api/users/id-1/tokens", headers=bob)).status_code == 403
    other = await api("GET", "/api/users/id-2/tasks", headers={"Authorization": f"Bearer {made['token']}"})
    assert refusal(other) == (403, "FORBIDDEN", None)
