"""The use-cases of the authorization server over a store of fakes, as other worlds need them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from application.accounts.revocations import Revocations
from application.background import Background
from application.oauth.authentication import ConnectionAuthenticator
from application.oauth.authorization import Authorization
from application.oauth.clients import Clients
from application.oauth.code_exchange import CodeExchange
from application.oauth.connections import Connections
from application.oauth.issuing import TokenIssuer
from application.oauth.refreshing import Refreshing
from application.ports import RateLimiter, Wakeups
from application.ports.access.oauth import OAuthAccessTokens
from tests.fakes import (
    FakeAssertions,
    FakeClients,
    FakeClock,
    FakeCodes,
    FakeConnections,
    FakeDocuments,
    FakeSessions,
    FakeStore,
)

KEY = "a secret"


@dataclass
class OAuth:
    clients: Clients
    authorization: Authorization
    exchange: CodeExchange
    refreshing: Refreshing
    connections: Connections
    bearers: ConnectionAuthenticator
    revocations: Revocations


def oauth_over(
    store: FakeStore,
    clock: FakeClock,
    wakeups: Wakeups,
    documents: FakeDocuments,
    tokens: OAuthAccessTokens,
    limiter: RateLimiter,
    new_id: Callable[[], str],
    background: Background,
) -> OAuth:
    repository, codes, connections = FakeClients(store), FakeCodes(store), FakeConnections(store)
    revocations, issuer = Revocations(connections, wakeups, clock, timedelta(hours=1)), TokenIssuer(tokens, KEY)
    clients = Clients(repository, lambda: documents, FakeAssertions, store, limiter, clock, new_id)
    sessions = FakeSessions(store)
    return OAuth(
        clients=clients,
        authorization=Authorization(clients, repository, codes, sessions, store, clock, new_id, KEY),
        exchange=CodeExchange(codes, connections, store, issuer, revocations, clock),
        refreshing=Refreshing(connections, repository, store, tokens, issuer, revocations, clock),
        connections=Connections(connections, codes, store, revocations, clock, timedelta(days=90)),
        bearers=ConnectionAuthenticator(tokens, connections, revocations, clock, background),
        revocations=revocations,
    )
