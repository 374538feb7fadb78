"""Accounts and sessions over fakes."""

import itertools
from datetime import timedelta

import pytest

from application.accounts.access_revocation import AccessRevocation
from application.accounts.accounts import Accounts
from application.accounts.api_tokens import ApiTokens
from application.accounts.authentication import AccessTokenAuthenticator, Authenticator
from application.accounts.calendars import Calendars
from application.accounts.erasure import Erasure
from application.accounts.passwords import ForgotPassword, Passwords
from application.accounts.revocations import Revocations
from application.accounts.sessions import Sessions
from application.accounts.throttling import ADDRESSES_PER_ACCOUNT, Throttle
from application.accounts.token_authentication import ApiTokenAuthenticator
from application.background import Background
from application.oauth.connections import Connections
from domain.errors import NotAuthenticated
from tests.fakes import (
    FakeAccounts,
    FakeApiTokens,
    FakeClock,
    FakeCodes,
    FakeConnections,
    FakeEmailAddresses,
    FakeMailer,
    FakePasswords,
    FakePushSubscriptions,
    FakeRateLimiter,
    FakeReminderSettings,
    FakeRings,
    FakeSessions,
    FakeStore,
    FakeTokens,
    FakeWakeups,
    FakeWebhooks,
)

ATTEMPTS = 10


def connections_of(store: FakeStore, wakeups: FakeWakeups, clock: FakeClock) -> Connections:
    repository, lifetime = FakeConnections(store), timedelta(hours=1)
    revocations = Revocations(repository, wakeups, clock, lifetime)
    return Connections(repository, FakeCodes(store), store, revocations, clock, timedelta(days=90))


class World:
    def __init__(self) -> None:
        self.clock, self.store, self.mailer, self.passwords = FakeClock(), FakeStore(), FakeMailer(), FakePasswords()
        ids = (f"user-{number}" for number in itertools.count(1))
        self.wakeups = FakeWakeups()
        self.limiters = [FakeRateLimiter(ATTEMPTS, 60, self.clock) for _ in range(3)]
        self.limiters.append(FakeRateLimiter(ATTEMPTS * ADDRESSES_PER_ACCOUNT, 60, self.clock))
        repository, session_ids = FakeSessions(self.store), (f"session-{number}" for number in itertools.count(1))
        self.revocations = Revocations(repository, self.wakeups, self.clock, timedelta(hours=1))
        self.sessions = Sessions(
            repository,
            FakeAccounts(self.store),
            self.store,
            FakeTokens(),
            self.revocations,
            self.clock,
            lambda: next(session_ids),
            "a secret",
            timedelta(days=30),
        )
        self.throttle = Throttle(*self.limiters)
        self.zones = Calendars(FakeAccounts(self.store), self.clock)
        self.accounts = Accounts(
            FakeAccounts(self.store),
            self.store,
            self.passwords,
            self.sessions,
            self.throttle,
            FakeEmailAddresses(),
            self.clock,
            lambda: next(ids),
            self.zones,
            FakeRings(self.store),
            FakeReminderSettings(self.store),
            FakeWakeups(),
        )
        tokens, self.webhooks = FakeApiTokens(self.store), FakeWebhooks(self.store)
        self.api_tokens = ApiTokens(tokens, repository, self.store, self.clock, lambda: next(ids))
        self.bearers = ApiTokenAuthenticator(tokens, self.clock, Background())
        connections = connections_of(self.store, self.wakeups, self.clock)
        subscriptions = FakePushSubscriptions(self.store)
        self.access = AccessRevocation(
            self.sessions, tokens, self.webhooks, connections, subscriptions, self.clock, self.bearers.forget
        )
        self.password_use_cases = Passwords(
            FakeAccounts(self.store),
            self.store,
            self.passwords,
            self.access,
            self.throttle,
            FakeEmailAddresses(),
            self.mailer,
            self.clock,
            "https://app.example.com/reset-password",
        )

        self.erasure = Erasure(
            FakeAccounts(self.store), self.store, self.passwords, self.throttle, self.sessions, connections, self.clock
        )

    async def link_token(self) -> str:
        link = await self.password_use_cases.forgot(ForgotPassword("ann@example.com"))
        assert link is not None
        return link.partition("?token=")[2]

    def server(self) -> "Server":
        """One of several that share the database and hear of each other."""
        return Server(self.store, self.wakeups, self.clock)


class Server:
    def __init__(self, store: FakeStore, wakeups: FakeWakeups, clock: FakeClock) -> None:
        self.revocations = Revocations(FakeSessions(store), wakeups, clock, timedelta(hours=1))
        self._authenticator = Authenticator(AccessTokenAuthenticator(FakeTokens(), self.revocations))

    async def lets_in(self, token: str) -> bool:
        try:
            return bool(await self._authenticator.authenticate(token))
        except NotAuthenticated:
            return False


@pytest.fixture
def world() -> World:
    return World()
