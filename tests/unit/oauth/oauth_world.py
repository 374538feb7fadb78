"""The authorization server over fakes. Ann is signed up, and Claude is a client with a metadata document."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from application.accounts.revocations import Revocations
from application.accounts.throttling import UNSEEN, Visitor
from application.background import Background
from application.oauth.authorization import Asked, AuthorizationRequest, RedirectedError
from application.oauth.clients import Credentials, Registration
from application.oauth.code_exchange import GivenCode
from application.oauth.issuing import IssuedTokens, TokenRequest
from domain.accounts.account import Caller
from domain.accounts.session import Session
from domain.errors import NotAuthenticated
from domain.oauth.clients import Client
from domain.oauth.codes import challenge_of
from tests.fakes import (
    FakeClock,
    FakeConnections,
    FakeDocuments,
    FakeOAuthTokens,
    FakeRateLimiter,
    FakeSessions,
    FakeStore,
    FakeWakeups,
    add_users,
)
from tests.unit.oauth.use_cases import oauth_over

ISSUER = "https://tasks.example.com"
MCP, API = f"{ISSUER}/mcp", f"{ISSUER}/api"
VERIFIER = "v" * 43
CLAUDE = "https://claude.ai/oauth/mcp-oauth-client-metadata"
CALLBACK = "https://claude.ai/api/mcp/auth_callback"
CLAUDE_DOCUMENT: Mapping[str, object] = {
    "client_id": CLAUDE,
    "client_name": "Claude",
    "client_uri": "https://claude.ai",
    "redirect_uris": [CALLBACK, "https://claude.com/api/mcp/auth_callback"],
    "grant_types": ["authorization_code", "refresh_token"],
    "response_types": ["code"],
    "token_endpoint_auth_method": "none",
}
REGISTRATIONS = 5


@dataclass(frozen=True)
class Answered:
    """Where the browser was sent, and with what."""

    location: str

    @property
    def address(self) -> str:
        return self.location.partition("?")[0]

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.location).query).items()}


class World:
    def __init__(self) -> None:
        self.clock, self.store, self.wakeups = FakeClock(), FakeStore(), FakeWakeups()
        self.documents, self.tokens, self.background = (
            FakeDocuments({CLAUDE: CLAUDE_DOCUMENT}),
            FakeOAuthTokens(),
            Background(),
        )
        self.limiter = FakeRateLimiter(REGISTRATIONS, 60, self.clock)
        ids = (f"id-{number}" for number in itertools.count(1))
        oauth = oauth_over(
            self.store,
            self.clock,
            self.wakeups,
            self.documents,
            self.tokens,
            self.limiter,
            lambda: next(ids),
            self.background,
        )
        self.clients, self.authorization, self.exchange = oauth.clients, oauth.authorization, oauth.exchange
        self.refreshing, self.connections, self.bearers = oauth.refreshing, oauth.connections, oauth.bearers
        self.revocations = oauth.revocations
        self.ann = Caller("ann", session_id="s1")

    def server_revocations(self) -> Revocations:
        return Revocations(FakeConnections(self.store), self.wakeups, self.clock, timedelta(hours=1))

    async def sign_up(self) -> None:
        await add_users(self.store, "ann")
        now = self.clock()
        session = Session(user_id="ann", id="s1", refresh_hash=b"", created_at=now, expires_at=now + timedelta(days=30))
        async with self.store() as work:
            await FakeSessions(self.store).add(session)
            await work.commit()

    def request(self, **changes: object) -> AuthorizationRequest:
        given = {
            "client_id": CLAUDE,
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "state": "a state",
            "code_challenge": challenge_of(VERIFIER),
            "code_challenge_method": "S256",
            "resource": (MCP,),
        }
        return AuthorizationRequest(**{**given, **changes})  # type: ignore[arg-type]

    async def asked(self, **changes: object) -> Asked:
        return await self.authorization.read(self.request(**changes), ISSUER, UNSEEN)

    async def refusal(self, **changes: object) -> Answered:
        """Where a mistaken request leads."""
        with pytest.raises(RedirectedError) as refused:
            await self.asked(**changes)
        return Answered(refused.value.location)

    async def code(self, *, read_only: bool = False, **changes: object) -> str:
        allowed = await self.authorization.allow(self.ann, await self.asked(**changes), read_only=read_only)
        return Answered(allowed).query["code"]

    async def client(self, client_id: str = CLAUDE) -> Client:
        await self.clients.find(client_id, UNSEEN)
        return await self.clients.authenticate(Credentials(client_id), [ISSUER])

    async def redeem(self, code: str, client: Client | None = None, **changes: object) -> IssuedTokens:
        given = {"code": code, "verifier": VERIFIER, "redirect_uri": CALLBACK} | {
            name: value for name, value in changes.items() if name in ("verifier", "redirect_uri")
        }
        resources = changes.get("resources", ())
        request = TokenRequest(ISSUER, resources)  # type: ignore[arg-type]
        return await self.exchange.exchange(client or await self.client(), GivenCode(**given), request)  # type: ignore[arg-type]

    async def connect(self, **changes: object) -> IssuedTokens:
        return await self.redeem(await self.code(**changes))  # type: ignore[arg-type]

    async def refresh(self, token: str, client: Client | None = None, **changes: object) -> IssuedTokens:
        request = TokenRequest(ISSUER, **changes)  # type: ignore[arg-type]
        return await self.refreshing.refresh(client or await self.client(), token, request)

    async def register(self, visitor: Visitor = UNSEEN, **form: object) -> Client:
        given = {"redirect_uris": ["https://app.example.com/callback"], "token_endpoint_auth_method": "none"}
        return (await self.clients.register(Registration(**{**given, **form}), visitor)).client  # type: ignore[arg-type]

    async def lets_in(self, bearer: str, address: str = MCP) -> bool:
        try:
            return bool(await self.bearers.authenticate(bearer, lambda: address))
        except NotAuthenticated:
            return False


@pytest.fixture
async def world() -> World:
    world = World()
    await world.sign_up()
    return world
