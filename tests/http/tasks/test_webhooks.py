from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.http.conftest import Api

WEBHOOKS = "/api/users/me/webhooks"
HOOK = {"url": "https://example.com/hook"}


@pytest.fixture
async def developer() -> AsyncIterator[Api]:
    """Of a server that is not open to strangers."""
    api = Api(public=False)
    api.headers = await api.sign_up("ann")
    yield api
    await api.client.aclose()


async def test_the_life_of_a_webhook(api: Api) -> None:
    added = await api("POST", WEBHOOKS, json=HOOK)
    assert added.status_code == 201
    shown = added.json()
    assert shown.pop("secret").startswith("whsec_")
    assert shown == {
        "id": shown["id"],
        "url": "https://example.com/hook",
        "entities": ["task"],
        "state": "active",
        "position": 0,
        "failures": 0,
        "retry_at": None,
        "last_error": None,
        "last_status": None,
        "last_delivered_at": None,
        "created_at": "2026-11-23T09:00:00Z",
    }
    one = f"{WEBHOOKS}/{shown['id']}"
    assert (await api("GET", WEBHOOKS)).json() == {"webhooks": [shown]}
    assert (await api("GET", one)).json() == shown
    for body in ({}, {"json": {"skip": True}}):
        resumed = await api("POST", f"{one}/resume", **body)
        assert (resumed.status_code, resumed.json()) == (200, shown)
    deleted = await api("DELETE", one)
    assert (deleted.status_code, deleted.json()) == (200, {"message": "The webhook is deleted."})
    for method, path in (("GET", one), ("DELETE", one), ("POST", f"{one}/resume")):
        assert (await api(method, path)).status_code == 404
    assert (await api("GET", WEBHOOKS)).json() == {"webhooks": []}


async def test_a_repeated_post_adds_one_webhook_and_shows_its_secret_again(api: Api) -> None:
    answers = [await api("POST", WEBHOOKS, json=HOOK, headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert answers[1].headers["Idempotency-Replayed"] == "true"
    assert len(api.store.rows.webhooks) == 1


async def test_a_sixth_webhook_is_refused_with_what_to_do(api: Api) -> None:
    for _ in range(5):
        assert (await api("POST", WEBHOOKS, json=HOOK)).status_code == 201
    answer = await api("POST", WEBHOOKS, json=HOOK)
    assert (answer.status_code, answer.json()["detail"]["code"]) == (403, "QUOTA_REACHED")
    assert "Delete one first" in answer.json()["detail"]["message"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "url"),
        ({"url": 3}, "url"),
        ({"url": None}, "url"),
        ({"url": " "}, "url"),
        ({"url": "https://example.com/" + "x" * 2000}, "url"),
        ({"url": "http://example.com/"}, "url"),
        ({"url": "https://ann:pw@example.com/"}, "url"),
        ({"url": "https://192.168.1.1/"}, "url"),
        ({"url": "https://example.com/\u0000"}, "url"),
        ({"url": "https://example.com/", "secret": "mine"}, "secret"),
        ([], "body"),
    ],
)
async def test_a_bad_webhook_is_refused_by_field(api: Api, body: Any, field: str) -> None:
    answer = await api("POST", WEBHOOKS, json=body)
    assert (answer.status_code, answer.json()["detail"]["code"]) == (400, "VALIDATION_ERROR")
    assert [each["field"] for each in answer.json()["detail"]["fields"]] == [field]
    assert api.store.rows.webhooks == {}


@pytest.mark.parametrize("body", [{"skip": "yes"}, {"skip": None}, {"from": 3}])
async def test_a_bad_resumption_is_refused(api: Api, body: dict[str, Any]) -> None:
    added = await api("POST", WEBHOOKS, json=HOOK)
    assert (await api("POST", f"{WEBHOOKS}/{added.json()['id']}/resume", json=body)).status_code == 400


async def test_who_develops_may_send_to_their_own_machine(developer: Api) -> None:
    assert (await developer("POST", WEBHOOKS, json={"url": "http://127.0.0.1:9000/"})).status_code == 201


async def test_webhooks_are_their_owners(api: Api) -> None:
    one = f"{WEBHOOKS}/{(await api('POST', WEBHOOKS, json=HOOK)).json()['id']}"
    bob = await api.sign_up("bob")
    for method, path in (("GET", one), ("DELETE", one), ("POST", f"{one}/resume")):
        foreign = await api(method, path, headers=bob)
        absent = await api(method, path.replace(one, f"{WEBHOOKS}/none"), headers=bob)
        assert foreign.status_code == absent.status_code == 404
        assert foreign.json()["detail"]["message"] == absent.json()["detail"]["message"]
    assert (await api("GET", "/api/users/id-1/webhooks", headers=bob)).status_code == 403
    assert (await api.client.get(WEBHOOKS)).status_code == 401


async def test_a_resumption_sent_again_with_its_key_acts_once(api: Api) -> None:
    one = (await api("POST", WEBHOOKS, json=HOOK)).json()["id"]
    headers = {"Idempotency-Key": "k"}
    first, again = [await api("POST", f"{WEBHOOKS}/{one}/resume", headers=headers) for _ in range(2)]
    assert (first.status_code, again.content) == (200, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"


async def test_a_webhook_says_whose_changes_it_is_for(api: Api) -> None:
    added = await api("POST", WEBHOOKS, json=HOOK | {"entities": ["view", "task", "view"]})
    assert added.json()["entities"] == ["task", "view"]
    for wrong in ([], ["galaxy"], "task", None):
        assert (await api("POST", WEBHOOKS, json=HOOK | {"entities": wrong})).status_code == 400
