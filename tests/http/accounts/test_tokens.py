import asyncio
from typing import Any

import pytest

from tests.http.accounts.api_tokens import READ, TASKS, TOKENS, WRITE, bearer, refusal
from tests.http.conftest import Api


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


async def test_a_change_tells_the_name_of_the_token_that_made_it(api: Api) -> None:
    headers = await bearer(api, name="Kitchen display")
    await api("POST", TASKS, json={"title": "Buy milk"}, headers=headers)
    (token,) = (await api("GET", TOKENS)).json()["tokens"]
    await api("DELETE", f"{TOKENS}/{token['id']}")
    (event,) = (await api("GET", "/api/users/me/events")).json()["events"]
    expected = {"kind": "token", "id": token["id"], "name": "Kitchen display"}
    assert event["actor"] == expected | {"conversation_id": None, "message_id": None}


async def test_a_repeated_post_makes_one_token_and_shows_it_again(api: Api) -> None:
    key = {"Idempotency-Key": "k"}
    answers = [await api("POST", TOKENS, json={"name": "x"}, headers=key) for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert answers[1].headers["Idempotency-Replayed"] == "true"
    assert len(api.store.rows.api_tokens) == 1


async def test_the_fifty_first_token_is_refused_with_what_to_do(api: Api) -> None:
    for _ in range(50):
        assert (await api("POST", TOKENS, json={"name": "x"})).status_code == 201
    answer = await api("POST", TOKENS, json={"name": "x"})
    assert (answer.status_code, answer.json()["detail"]["code"]) == (403, "QUOTA_REACHED")
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
