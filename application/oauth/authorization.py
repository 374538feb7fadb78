"""The use-case of consent: a client asks, its user allows or refuses, and the client gets a code."""

import hmac
import json
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from msgspec import Struct, structs

from application.accounts.sessions import check_signed_in
from application.accounts.throttling import Visitor
from application.oauth.clients import Clients
from application.ports import Clock, SessionRepository, Transaction
from application.ports.access.oauth import ClientRepository, CodeRepository
from application.retry import retried
from domain.accounts.account import Caller, Scope
from domain.errors import Forbidden
from domain.hashing import hash_of
from domain.oauth.clients import Client
from domain.oauth.codes import CODE_LIFETIME, AuthorizationCode, clean_challenge, flow_of
from domain.oauth.errors import AccessDenied, OAuthError, UnsupportedResponseType
from domain.oauth.redirects import answered
from domain.oauth.resources import asked_resources
from domain.oauth.scopes import READ_ONLY, asked_scopes
from domain.oauth.secrets import SECRET_BYTES, format_code

MAX_STATE_LENGTH = 4_000

log = logging.getLogger(__name__)


class AuthorizationRequest(Struct, frozen=True):
    """The parameters of RFC 6749, 4.1.1, RFC 7636 and RFC 8707, as the client sent them."""

    client_id: str = ""
    redirect_uri: str = ""
    response_type: str = ""
    scope: str = ""
    state: str | None = None
    code_challenge: str = ""
    code_challenge_method: str = ""
    resource: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """An authorization request whose every parameter was found good. `issuer` is our own address."""

    client: Client
    redirect_uri: str
    state: str | None
    scopes: frozenset[Scope]
    audience: tuple[str, ...]
    challenge: str
    issuer: str

    @property
    def flow(self) -> str:
        return flow_of(self.client.id, self.challenge)


class RedirectedError(Exception):
    """The request is refused, and its client learns that by the browser (RFC 6749, 4.1.2.1)."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


class Authorization:
    """`key` protects consent forms from being sent by other pages."""

    def __init__(
        self,
        clients: Clients,
        client_repository: ClientRepository,
        codes: CodeRepository,
        sessions: SessionRepository,
        transaction: Transaction,
        clock: Clock,
        new_id: Callable[[], str],
        key: str,
    ) -> None:
        self._clients = clients
        self._client_repository = client_repository
        self._codes = codes
        self._sessions = sessions
        self._transaction = transaction
        self._clock = clock
        self._new_id = new_id
        self._key = key.encode()

    async def read(self, request: AuthorizationRequest, issuer: str, visitor: Visitor) -> Asked:
        """Raises `OAuthError` if it is not certain that the redirect URI is the client's, so that nobody is sent there,
        and `RedirectedError` for other mistakes."""
        client = await self._clients.find(request.client_id, visitor)
        redirect_uri = _redirect_uri(client, request)
        try:
            return _asked(client, redirect_uri, request, issuer)
        except OAuthError as error:
            raise RedirectedError(_refused(redirect_uri, request.state, issuer, error)) from error

    async def allow(self, caller: Caller, asked: Asked, *, read_only: bool) -> str:
        """Returns the redirect address with the code. Raises `NotAuthenticated` if the user has signed out since."""
        text = format_code(caller.user_id, secrets.token_bytes(SECRET_BYTES))
        scopes = READ_ONLY if read_only else asked.scopes
        await self._store(caller, self._code(caller.user_id, text, asked, scopes))
        log.info("oauth %s: user %s has allowed %s", asked.flow, caller.user_id, " ".join(sorted(scopes)))
        return answered(asked.redirect_uri, code=text, state=asked.state, iss=asked.issuer)

    def refuse(self, asked: Asked) -> str:
        log.info("oauth %s: the user has refused", asked.flow)
        return _refused(asked.redirect_uri, asked.state, asked.issuer, AccessDenied("The user has refused."))

    def form_token(self, caller: Caller, request: AuthorizationRequest) -> str:
        shown = json.dumps([caller.user_id, caller.session_id, structs.asdict(request)])
        return hmac.digest(self._key, b"consent form " + shown.encode(), "sha256").hex()

    def check_form(self, caller: Caller, request: AuthorizationRequest, token: str) -> None:
        if not hmac.compare_digest(self.form_token(caller, request).encode(), token.encode("utf-8", "replace")):
            raise Forbidden("This form is not valid any more.")

    @retried
    async def _store(self, caller: Caller, code: AuthorizationCode) -> None:
        async with self._transaction() as work:
            await check_signed_in(self._sessions, caller)
            await self._codes.add(code)
            await self._client_repository.note_use(code.client_id, self._clock())
            await work.commit()

    def _code(self, user_id: str, text: str, asked: Asked, scopes: frozenset[Scope]) -> AuthorizationCode:
        return AuthorizationCode(
            user_id=user_id,
            hash=hash_of(text),
            connection_id=self._new_id(),
            client_id=asked.client.id,
            client_name=asked.client.name,
            redirect_uri=asked.redirect_uri,
            challenge=asked.challenge,
            scopes=scopes,
            audience=asked.audience,
            flow=asked.flow,
            expires_at=self._clock() + CODE_LIFETIME,
        )


def _redirect_uri(client: Client, request: AuthorizationRequest) -> str:
    """Returns where the browser goes back to. A client with one redirect URI need not name it (RFC 6749, 3.1.2.3)."""
    if not request.redirect_uri and len(client.redirect_uris) == 1:
        return client.redirect_uris[0]
    client.check_redirect(request.redirect_uri)
    return request.redirect_uri


def _asked(client: Client, redirect_uri: str, request: AuthorizationRequest, issuer: str) -> Asked:
    if len(request.state or "") > MAX_STATE_LENGTH:
        raise OAuthError(f"state has at most {MAX_STATE_LENGTH} characters.")
    if request.response_type != "code":
        raise UnsupportedResponseType("The response type is code.")
    return Asked(
        client,
        redirect_uri,
        request.state,
        asked_scopes(request.scope),
        asked_resources(issuer, request.resource),
        clean_challenge(request.code_challenge, request.code_challenge_method),
        issuer,
    )


def _refused(redirect_uri: str, state: str | None, issuer: str, error: OAuthError) -> str:
    return answered(redirect_uri, error=error.error, error_description=error.message, state=state, iss=issuer)
