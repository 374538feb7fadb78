"""Clients that register, and clients whose id is the address of their document."""

import logging
from typing import Any

import pytest

from application.accounts.throttling import UNSEEN, Visitor
from application.oauth.clients import Credentials, Registration
from domain.errors import RateLimited
from domain.oauth.errors import InvalidClient, InvalidClientMetadata, InvalidRedirectUri, OAuthError
from tests.unit.oauth.oauth_world import CALLBACK, CLAUDE, CLAUDE_DOCUMENT, ISSUER, REGISTRATIONS, World

CHATGPT = "https://chatgpt.com/oauth/kDmjx77UnKOM/client.json"
CHATGPT_DOCUMENT = {
    "client_id": CHATGPT,
    "client_uri": "https://chatgpt.com/",
    "redirect_uris": ["https://chatgpt.com/connector/oauth/kDmjx77UnKOM"],
    "token_endpoint_auth_method": "private_key_jwt",
    "grant_types": ["authorization_code", "refresh_token"],
    "response_types": ["code"],
    "client_name": "ChatGPT",
    "token_endpoint_auth_signing_alg": "RS256",
    "jwks_uri": "https://chatgpt.com/oauth/jwks.json",
}
"""As it was published in May 2026 (Altinity/altinity-mcp#118)."""
CHATGPT_CHOICES = {**CHATGPT_DOCUMENT, "token_endpoint_auth_methods_supported": ["none", "private_key_jwt"]}
"""As it was published in August 2026 (django-oauth/django-oauth-toolkit#1845)."""
HERE = Visitor("203.0.113.7")


@pytest.mark.parametrize(
    ("method", "has_secret"), [("none", False), ("client_secret_post", True), ("client_secret_basic", True)]
)
async def test_a_client_registers_as_it_asks(world: World, method: str, has_secret: bool) -> None:
    form = Registration([CALLBACK], token_endpoint_auth_method=method, client_name="My app")
    registered = await world.clients.register(form, UNSEEN)
    assert (registered.client.name, registered.client.auth_methods) == ("My app", (method,))
    assert bool(registered.secret) is has_secret
    assert registered.secret is None or registered.secret not in repr((registered, world.store.rows))
    assert await world.clients.find(registered.client.id, UNSEEN) == registered.client


async def test_without_a_name_a_client_is_called_by_its_host(world: World) -> None:
    assert (await world.register(client_name="\u200b")).name == "A program at app.example.com"


@pytest.mark.parametrize(
    ("form", "refusal"),
    [
        ({"redirect_uris": []}, InvalidRedirectUri),
        ({"redirect_uris": ["http://example.com/"]}, InvalidRedirectUri),
        ({"token_endpoint_auth_method": "private_key_jwt"}, InvalidClientMetadata),
        ({"token_endpoint_auth_method": "client_secret_jwt"}, InvalidClientMetadata),
        ({"response_types": ["token"]}, InvalidClientMetadata),
        ({"grant_types": ["client_credentials"]}, InvalidClientMetadata),
    ],
)
async def test_what_is_not_there_cannot_be_registered(
    world: World, form: dict[str, Any], refusal: type[OAuthError]
) -> None:
    with pytest.raises(refusal):
        await world.register(**form)
    assert world.store.rows.oauth_clients == {}


async def test_registrations_and_documents_are_limited_by_address(world: World) -> None:
    for _ in range(REGISTRATIONS):
        await world.register(HERE)
    with pytest.raises(RateLimited):
        await world.register(HERE)
    with pytest.raises(RateLimited):
        await world.clients.find(CLAUDE, HERE)
    assert world.documents.asked == []
    await world.register(Visitor("203.0.113.8"))


async def test_a_client_that_nobody_allowed_anything_is_forgotten_after_a_day(world: World) -> None:
    unused = await world.register()
    await world.connect()
    world.clock.forward(hours=25)
    assert await world.clients.forget_unused() is False
    assert list(world.store.rows.oauth_clients) == [CLAUDE]
    with pytest.raises(InvalidClient):
        await world.clients.find(unused.id, UNSEEN)


async def test_a_client_in_use_is_kept(world: World) -> None:
    tokens = await world.connect()
    for _ in range(10):
        world.clock.forward(days=100)
        tokens = await world.refresh(tokens.refresh_token)
        await world.clients.forget_unused()
    assert CLAUDE in world.store.rows.oauth_clients


async def test_a_document_is_read_once_an_hour(world: World) -> None:
    for _ in range(3):
        assert (await world.clients.find(CLAUDE, UNSEEN)).redirect_uris == tuple(CLAUDE_DOCUMENT["redirect_uris"])  # type: ignore[arg-type]
    world.clock.forward(hours=2)
    world.documents.published[CLAUDE] = {**CLAUDE_DOCUMENT, "client_name": "Claude 2"}
    assert (await world.clients.find(CLAUDE, UNSEEN)).name == "Claude 2"
    assert world.documents.asked == [CLAUDE, CLAUDE]


async def test_while_an_address_does_not_answer_its_last_document_counts_for_a_week(world: World) -> None:
    await world.clients.find(CLAUDE, UNSEEN)
    del world.documents.published[CLAUDE]
    world.clock.forward(days=6)
    assert (await world.clients.find(CLAUDE, UNSEEN)).name == "Claude"
    world.clock.forward(days=2)
    with pytest.raises(InvalidClient):
        await world.clients.find(CLAUDE, UNSEEN)


async def test_a_document_that_has_become_wrong_is_believed_no_longer(world: World) -> None:
    await world.clients.find(CLAUDE, UNSEEN)
    world.documents.published[CLAUDE] = {**CLAUDE_DOCUMENT, "redirect_uris": ["http://example.com"]}
    world.clock.forward(hours=2)
    with pytest.raises(InvalidRedirectUri):
        await world.clients.find(CLAUDE, UNSEEN)


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": CALLBACK},
        {"client_id": f"{CLAUDE}/"},
        {"client_id": None},
        {"redirect_uris": None},
        {"redirect_uris": CALLBACK},
        {"redirect_uris": [7]},
        {"token_endpoint_auth_method": "client_secret_basic"},
        {"token_endpoint_auth_method": "private_key_jwt"},
        {"token_endpoint_auth_methods_supported": ["tls_client_auth"], "token_endpoint_auth_method": None},
    ],
)
async def test_a_document_that_is_not_its_addresss_own_or_promises_what_it_cannot_is_refused(
    world: World, changes: dict[str, object]
) -> None:
    world.documents.published[CLAUDE] = {**CLAUDE_DOCUMENT, **changes}
    with pytest.raises((InvalidClientMetadata, InvalidRedirectUri)):
        await world.clients.find(CLAUDE, UNSEEN)
    assert world.store.rows.oauth_clients == {}


@pytest.mark.parametrize(
    ("document", "methods"),
    [(CHATGPT_DOCUMENT, ("private_key_jwt",)), (CHATGPT_CHOICES, ("none", "private_key_jwt"))],
)
async def test_chatgpts_document_is_taken_in_both_of_its_shapes(
    world: World, document: dict[str, object], methods: tuple[str, ...]
) -> None:
    world.documents.published[CHATGPT] = document
    client = await world.clients.find(CHATGPT, UNSEEN)
    assert (client.name, client.auth_methods) == ("ChatGPT", methods)
    signed = Credentials(CHATGPT, "private_key_jwt", f"signed by {CHATGPT} for {ISSUER}")
    assert await world.clients.authenticate(signed, [ISSUER]) == client
    with pytest.raises(InvalidClient):
        await world.clients.authenticate(Credentials(CHATGPT, "private_key_jwt", "forged"), [ISSUER])
    if "none" not in methods:
        with pytest.raises(InvalidClient):
            await world.clients.authenticate(Credentials(CHATGPT), [ISSUER])


async def test_a_client_authenticates_as_it_registered_and_in_no_other_way(world: World) -> None:
    form = Registration([CALLBACK], token_endpoint_auth_method="client_secret_post")
    registered = await world.clients.register(form, UNSEEN)
    client_id, secret = registered.client.id, registered.secret or ""
    right = Credentials(client_id, "client_secret_post", secret)
    assert (await world.clients.authenticate(right, [ISSUER])).id == client_id
    public = await world.register()
    for credentials in (
        Credentials(client_id),
        Credentials(client_id, "client_secret_basic", secret),
        Credentials(client_id, "client_secret_post", secret[:-1]),
        Credentials(client_id, "client_secret_post"),
        Credentials(client_id, "private_key_jwt", secret),
        Credentials(public.id, "client_secret_post", ""),
        Credentials("nobody"),
    ):
        with pytest.raises(InvalidClient):
            await world.clients.authenticate(credentials, [ISSUER])


async def test_nothing_is_fetched_at_the_token_endpoint(world: World) -> None:
    await world.connect()
    world.clock.forward(hours=3)
    del world.documents.published[CLAUDE]
    assert (await world.clients.authenticate(Credentials(CLAUDE), [ISSUER])).id == CLAUDE
    assert len(world.documents.asked) == 1


async def test_the_log_names_clients_and_no_secrets(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    registered = await world.clients.register(Registration([CALLBACK]), UNSEEN)
    assert registered.client.id in caplog.text
    assert registered.secret
    assert registered.secret not in caplog.text
