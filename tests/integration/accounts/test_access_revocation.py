"""What a new password ends, as it is wired together, on PostgreSQL."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextvars import Context
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from adapters.postgres.driver.database import Database
from adapters.postgres.tables import sessions
from application.accounts.access_revocation import Integrations
from application.accounts.api_tokens import ApiTokenDraft
from application.webhooks.webhooks import WebhookDraft
from bootstrap.configuration.settings import load
from bootstrap.container import Container
from domain.accounts.account import Caller
from domain.errors import NotAuthenticated
from tests.integration.clients import client_of

ME = "/api/users/me"
HOOK = "http://127.0.0.1:9/x"
ANN = {"email": "ann@example.com", "password": "password1"}


class Client:
    def __init__(self, http: httpx.AsyncClient, container: Container) -> None:
        self._http = http
        self.container = container
        self.token = ""

    async def __call__(self, method: str, path: str, body: Any = None, token: str | None = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token or self.token}"}
        return await self._http.request(method, path, json=body, headers=headers)

    async def furnish(self) -> str:
        """A webhook, and an API token that was just used; its text."""
        await self("POST", f"{ME}/webhooks", {"url": HOOK})
        text = str((await self("POST", f"{ME}/tokens", {"name": "x"})).json()["token"])
        assert (await self("GET", f"{ME}/tasks", token=text)).status_code == 200
        return text

    async def reset(self, password: str) -> str:
        link = (await self("POST", "/api/auth/forgot-password", {"email": ANN["email"]})).json()["reset_link"]
        form = {"token": link.partition("?token=")[2], "new_password": password}
        answer = await self("POST", "/api/auth/reset-password", form)
        assert answer.status_code == 200
        return str(answer.json()["message"])


@pytest.fixture
async def ann(database_url: str, database: Database) -> AsyncIterator[Client]:
    """`database` has emptied the tables."""
    container = Container(settings=load({"DATABASE_URL": database_url, "BETTER_AUTH_SECRET": secrets.token_hex(24)}))
    async with client_of(container) as http:
        client = Client(http, container)
        client.token = (await client("POST", "/api/auth/signup", ANN)).json()["token"]
        yield client


async def test_a_reset_by_mail_ends_everything_at_once_and_the_tasks_are_still_there(ann: Client) -> None:
    await ann("POST", f"{ME}/tasks", {"title": "Buy milk"})
    text = await ann.furnish()
    assert "all sessions, 1 API token and 1 webhook" in await ann.reset("password2")
    for token in (text, ann.token):
        assert (await ann("GET", f"{ME}/tasks", token=token)).status_code == 401
    session = (await ann("POST", "/api/auth/signin", ANN | {"password": "password2"})).json()
    assert session["user"]["email_confirmed"] is True
    ann.token = session["token"]
    assert (await ann("GET", f"{ME}/webhooks")).json()["webhooks"] == []
    assert (await ann("GET", f"{ME}/tokens")).json()["tokens"] == []
    assert [task["title"] for task in (await ann("GET", f"{ME}/tasks")).json()["tasks"]] == ["Buy milk"]


async def test_what_is_made_after_a_reset_is_left_alone_by_the_change_that_does_not_ask(ann: Client) -> None:
    await ann.reset("password2")
    ann.token = (await ann("POST", "/api/auth/signin", ANN | {"password": "password2"})).json()["token"]
    text = await ann.furnish()
    form = {"current_password": "password2", "new_password": "password3"}
    assert (await ann("POST", "/api/auth/change-password", form)).status_code == 200
    assert (await ann("GET", f"{ME}/tasks", token=text)).status_code == 200
    ending = {"current_password": "password3", "new_password": "password4", "end_tokens_and_webhooks": True}
    assert "has ended: 1 API token and 1 webhook" in (await ann("POST", "/api/auth/change-password", ending)).text
    assert (await ann("GET", f"{ME}/tasks", token=text)).status_code == 401
    assert (await ann("GET", f"{ME}/tasks")).status_code == 200, "who changed it stays signed in"


async def test_a_request_that_waited_while_the_password_was_reset_makes_no_new_access(ann: Client) -> None:
    """It came with a good token, and stands at the lock that the reset holds."""
    use_cases, database = ann.container.services(), ann.container.database()
    me = (await ann("GET", "/api/auth/me")).json()["id"]
    (session,) = (await database.run(select(sessions.c.id)))[0]
    thief = Caller(me, session_id=session)
    async with database() as work:
        await ann.container.account_repository().set_password(me, "another")
        await ann.container.access().end(me, integrations=True)
        waiting = [
            asyncio.create_task(use_cases.api_tokens.add(thief, ApiTokenDraft("x")), context=Context()),
            asyncio.create_task(use_cases.webhooks.add(thief, WebhookDraft(HOOK)), context=Context()),
        ]
        assert not (await asyncio.wait(waiting, timeout=0.2))[0], "each waits for the reset"
        await work.commit()
    refused = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(each) for each in refused] == [NotAuthenticated, NotAuthenticated]
    assert await ann.container.access().integrations(me) == Integrations(0, 0)
