"""Whoever another issuer vouches for uses the API like everybody else."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from adapters.auth.foreign_tokens import ForeignTokens
from adapters.auth.jose_tokens import JoseTokens
from application.accounts.authentication import AccessTokenAuthenticator, Authenticator
from application.accounts.provisioning import JustInTimeProvisioning
from tests.http.conftest import Api
from tests.unit.accounts.tokens.foreign_forgeries import (
    CLAIMS,
    ELSEWHERE,
    FORGERIES,
    GOOD,
    ISSUERS,
    OTHER,
    PUBLISHED,
    SUBJECT,
    claiming,
)
from tests.unit.accounts.tokens.foreign_keys import FakeKeys

THEIRS = ELSEWHERE.token({**CLAIMS, "iss": OTHER, "aud": "tasktalk"})


@dataclass
class Client:
    api: Api

    async def __call__(self, method: str, path: str, token: str = GOOD, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}", "X-Request-ID": "same", **options.pop("headers", {})}
        return await self.api.client.request(method, path, headers=headers, **options)


@pytest.fixture
async def client(api: Api) -> AsyncIterator[Client]:
    own = JoseTokens("a secret of at least thirty-two characters", timedelta(hours=1), api.clock)
    foreign = ForeignTokens(ISSUERS, FakeKeys(dict(PUBLISHED)), api.clock)
    api.authenticator = Authenticator(
        JustInTimeProvisioning(foreign, api.services.accounts.provision), AccessTokenAuthenticator(own, api.revocations)
    )
    yield Client(api)
    await foreign.close()


async def test_a_user_appears_with_the_first_token(client: Client) -> None:
    me = (await client("GET", "/api/auth/me")).json()
    assert (me["email"], me["name"]) == (None, None)
    task = (await client("POST", "/api/users/me/tasks", json={"title": "Buy milk"})).json()
    assert task["user_id"] == me["id"] != SUBJECT
    assert len(client.api.store.rows.users) == 2


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_the_path_may_name_the_user_as_their_issuer_does(client: Client, method: str) -> None:
    me = (await client("GET", "/api/auth/me")).json()["id"]
    body = {"title": "Buy milk"} if method == "POST" else None
    answers = [await client(method, f"/api/users/{each}/tasks", json=body) for each in ("me", SUBJECT, me, "id-1")]
    assert [answer.is_success for answer in answers] == [True, True, True, False]
    assert answers[-1].status_code == 403


async def test_one_subject_and_email_of_two_issuers_see_nothing_of_each_other(client: Client) -> None:
    added = await client("POST", f"/api/users/{SUBJECT}/tasks", json={"title": "Buy milk"})
    assert added.status_code == 201
    theirs = await client("GET", f"/api/users/{SUBJECT}/tasks", THEIRS)
    assert theirs.json()["tasks"] == []
    assert (await client("GET", "/api/tasks/1", THEIRS)).status_code == 404


async def test_a_subject_that_is_the_id_of_one_of_our_users_opens_nothing(client: Client) -> None:
    tasks = client.api.store.rows.tasks
    impostor = claiming(sub="id-1")
    answer = await client("POST", "/api/users/id-1/tasks", impostor, json={"title": "Mine"})
    assert answer.status_code == 201
    assert answer.json()["user_id"] != "id-1"
    assert not any(user_id == "id-1" for user_id, _ in tasks)


READERS = [{claim: value} for claim in ("scope", "scopes", "scp") for value in ("openid tasks:read", ["tasks:read"])]


@pytest.mark.parametrize("limits", READERS)
async def test_a_token_for_reading_writes_nothing(client: Client, limits: dict[str, Any]) -> None:
    reader = claiming(**limits)
    assert (await client("GET", "/api/users/me/tasks", reader)).status_code == 200
    refused = await client("POST", "/api/users/me/tasks", reader, json={"title": "Buy milk"})
    assert (refused.status_code, refused.json()["detail"]["code"]) == (403, "INSUFFICIENT_SCOPE")


async def test_a_user_who_was_erased_is_not_brought_back_by_a_request(client: Client) -> None:
    me = (await client("GET", "/api/auth/me")).json()["id"]
    del client.api.store.rows.users[me]
    assert (await client("GET", "/api/auth/me")).status_code == 401
    assert me not in client.api.store.rows.users


async def test_every_forgery_gets_the_same_bytes(client: Client) -> None:
    sendable = [each for each in FORGERIES.values() if each.isascii()]
    answers = [await client("GET", "/api/users/me/tasks", each) for each in sendable]
    assert len(answers) > 80
    assert {(answer.status_code, answer.content) for answer in answers} == {(401, answers[0].content)}
    assert {answer.headers["WWW-Authenticate"] for answer in answers} == {"Bearer"}


async def test_a_limited_token_is_not_shown_what_the_full_one_was_answered(client: Client) -> None:
    tokens, body, key = "/api/users/me/tokens", {"name": "x"}, {"Idempotency-Key": "k"}
    full, limited = claiming(), claiming(scope="tasks:write")
    made = await client("POST", tokens, full, json=body, headers=key)
    assert made.status_code == 201
    shown = await client("POST", tokens, limited, json=body, headers=key)
    assert shown.status_code in (403, 422)
    assert made.json()["token"] not in shown.text
