import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated

from msgspec import Meta, Struct

from application.accounts.throttling import Visitor
from application.ports import Clock, RateLimiter, Transaction
from application.ports.access.oauth import ClientAssertions, ClientDocuments, ClientRepository
from application.retry import retried
from domain.errors import Unavailable
from domain.hashing import hash_of
from domain.oauth.clients import (
    BASIC,
    DOCUMENT_FRESH,
    DOCUMENT_KEPT,
    JWT,
    LIFETIME,
    NONE,
    REGISTERED_METHODS,
    UNUSED_LIFETIME,
    Client,
    default_name,
    is_document_address,
)
from domain.oauth.documents import client_of
from domain.oauth.errors import InvalidClient, InvalidClientMetadata
from domain.oauth.names import clean_client_name
from domain.oauth.redirects import clean_redirect_uris

AT_ONCE = 1_000
UNKNOWN = "There is no such client (any more). Register again."

log = logging.getLogger(__name__)


class Registration(Struct):
    """The metadata of RFC 7591, 2, that mean something here. Others are accepted and ignored, as the RFC requires."""

    redirect_uris: list[str] = []
    token_endpoint_auth_method: str = BASIC
    client_name: Annotated[str, Meta(max_length=10_000)] = ""
    grant_types: tuple[str, ...] = ("authorization_code",)
    response_types: tuple[str, ...] = ("code",)


@dataclass(frozen=True, slots=True)
class Registered:
    """`secret` is None for a public client. It is shown once and not stored."""

    client: Client
    secret: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Credentials:
    """How a client shows who it is: `secret` is its secret or its assertion, by the method."""

    client_id: str
    method: str = NONE
    secret: str = field(default="", repr=False)


class Clients:
    """`limiter` counts, by address, what makes this server store or fetch something for a stranger. `documents` and
    `assertions` are made at first use."""

    def __init__(
        self,
        clients: ClientRepository,
        documents: Callable[[], ClientDocuments],
        assertions: Callable[[], ClientAssertions],
        transaction: Transaction,
        limiter: RateLimiter,
        clock: Clock,
        new_id: Callable[[], str],
    ) -> None:
        self._clients = clients
        self._documents = documents
        self._assertions = assertions
        self._transaction = transaction
        self._limiter = limiter
        self._clock = clock
        self._new_id = new_id

    async def register(self, form: Registration, visitor: Visitor) -> Registered:
        """Raises `RateLimited`, `InvalidRedirectUri` and `InvalidClientMetadata`."""
        await self._count(visitor)
        client, secret = self._made(form)
        await self._put(client)
        log.info("oauth: client %s registered for %s", client.id, client.redirect_uris[0])
        return Registered(client, secret)

    async def find(self, client_id: str, visitor: Visitor) -> Client:
        """Raises `InvalidClient`, `InvalidClientMetadata` and `RateLimited`."""
        known = await self._clients.get(client_id)
        if not is_document_address(client_id):
            return _existing(known)
        if known and known.fetched_at and self._clock() - known.fetched_at < DOCUMENT_FRESH:
            return known
        return await self._read(client_id, known, visitor)

    async def authenticate(self, credentials: Credentials, audience: Sequence[str]) -> Client:
        """Nothing is fetched for a public client, so that the answer comes at once. Raises `InvalidClient`."""
        client = _existing(await self._clients.get(credentials.client_id))
        if credentials.method != JWT:
            client.check_secret(credentials.method, credentials.secret)
        elif JWT not in client.auth_methods:
            raise InvalidClient("This client has not said that it signs assertions.")
        else:
            await self._assertions().verify(client, credentials.secret, audience)
        return client

    async def forget_unused(self) -> bool:
        """Returns whether more is left."""
        now = self._clock()
        return await self._clients.forget(now - UNUSED_LIFETIME, now - LIFETIME, AT_ONCE) == AT_ONCE

    async def _read(self, address: str, known: Client | None, visitor: Visitor) -> Client:
        """Reads the document. While its address does not answer, what it said before is believed for some days."""
        await self._count(visitor)
        try:
            client = client_of(address, await self._documents().fetch(address), self._clock())
        except (InvalidClient, Unavailable):
            if known and known.fetched_at and self._clock() - known.fetched_at < DOCUMENT_KEPT:
                return known
            raise
        await self._put(client)
        log.info("oauth: the document of client %s was read", address)
        return replace(client, used_at=known.used_at if known else None)

    @retried
    async def _put(self, client: Client) -> None:
        async with self._transaction() as work:
            await self._clients.put(client)
            await work.commit()

    async def _count(self, visitor: Visitor) -> None:
        if visitor.address:
            await self._limiter.hit(f"address {visitor.address}")

    def _made(self, form: Registration) -> tuple[Client, str | None]:
        method = form.token_endpoint_auth_method
        if method not in REGISTERED_METHODS:
            raise InvalidClientMetadata(f"token_endpoint_auth_method is one of {', '.join(REGISTERED_METHODS)}.")
        if "code" not in form.response_types or "authorization_code" not in form.grant_types:
            raise InvalidClientMetadata("Only the authorization_code grant with the response type code is there.")
        redirect_uris = clean_redirect_uris(form.redirect_uris)
        secret = None if method == NONE else secrets.token_urlsafe(32)
        client = Client(
            id=self._new_id(),
            name=clean_client_name(form.client_name) or default_name(redirect_uris[0]),
            redirect_uris=redirect_uris,
            auth_methods=(method,),
            secret_hash=hash_of(secret) if secret else None,
            created_at=self._clock(),
        )
        return client, secret


def _existing(client: Client | None) -> Client:
    if client is None:
        raise InvalidClient(UNKNOWN)
    return client
