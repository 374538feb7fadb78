"""Access tokens of connected clients as JSON Web Tokens."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from jose import jwt

from adapters.auth.jose_tokens import JoseTokens
from adapters.auth.oauth_tokens import HEADERS, JoseOAuthTokens
from application.ports.access.oauth import AccessGrant
from domain.accounts.account import ALL_SCOPES
from domain.errors import NotAuthenticated
from tests.fakes import FakeClock

SECRET = "a secret of at least thirty-two characters"
GRANT = AccessGrant(
    issuer="https://tasks.example.com",
    user_id="ann",
    connection_id="k1",
    client_id="https://claude.ai/c",
    scopes=ALL_SCOPES,
    audience=("https://tasks.example.com/mcp",),
)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def tokens(clock: FakeClock) -> JoseOAuthTokens:
    return JoseOAuthTokens(SECRET, clock)


def refuses(tokens: JoseOAuthTokens, bearer: str) -> bool:
    with pytest.raises(NotAuthenticated) as refused:
        tokens.verify(bearer)
    return "Sign in to continue" in str(refused.value)


def test_a_token_says_what_was_granted_in_the_profile_of_the_rfc(tokens: JoseOAuthTokens, clock: FakeClock) -> None:
    bearer = tokens.issue(GRANT)
    assert tokens.recognizes(bearer)
    assert tokens.verify(bearer) == GRANT
    claims: dict[str, Any] = jwt.get_unverified_claims(bearer)
    assert jwt.get_unverified_header(bearer) == {"alg": "HS256", **HEADERS}
    assert claims["exp"] - claims["iat"] == 3600
    assert {"iss", "sub", "aud", "jti", "client_id", "scope"} <= claims.keys()
    assert jwt.get_unverified_claims(tokens.issue(GRANT))["jti"] != claims["jti"]


def test_a_token_ends_also_where_it_is_remembered(tokens: JoseOAuthTokens, clock: FakeClock) -> None:
    bearer = tokens.issue(GRANT)
    for minutes in (0, 59):
        clock.forward(minutes=minutes)
        assert tokens.verify(bearer) == GRANT
    clock.forward(minutes=1)
    assert refuses(tokens, bearer)


def test_an_hour_is_the_longest_whatever_is_set(clock: FakeClock) -> None:
    """`ACCESS_TOKEN_MINUTES` is about sessions, and no setting is about this."""
    bearer = JoseOAuthTokens(SECRET, clock).issue(GRANT)
    clock.forward(hours=1)
    assert refuses(JoseOAuthTokens(SECRET, clock), bearer)


def test_neither_kind_of_token_is_taken_for_the_other(tokens: JoseOAuthTokens, clock: FakeClock) -> None:
    """An application that shares the secret must not take a limited token for its user's own, either."""
    sessions = JoseTokens(SECRET, timedelta(hours=1), clock)
    with pytest.raises(NotAuthenticated):
        sessions.verify(tokens.issue(GRANT))
    session = sessions.issue("ann", "s1")
    assert not tokens.recognizes(session)
    assert refuses(tokens, session)


def forged(**changes: Any) -> str:
    """By somebody who has the shared secret, and not the key that is derived from it."""
    claims = jwt.get_unverified_claims(JoseOAuthTokens(SECRET, FakeClock()).issue(GRANT))
    return str(jwt.encode({**claims, **changes}, SECRET, "HS256", HEADERS))


@pytest.mark.parametrize(
    "bearer",
    [
        "",
        "a.b.c",
        forged(),
        forged(sub="bob"),
        JoseOAuthTokens("another secret of thirty-two characters", FakeClock()).issue(GRANT),
        JoseOAuthTokens(SECRET, FakeClock()).issue(replace(GRANT, user_id="")),
        JoseOAuthTokens(SECRET, FakeClock()).issue(GRANT)[:-4] + "AAAA",
        JoseOAuthTokens(SECRET, FakeClock()).issue(GRANT) + "=",
        JoseOAuthTokens(SECRET, FakeClock()).issue(GRANT) + "x" * 9_000,
    ],
)
def test_a_forged_token_is_refused_in_the_same_words(tokens: JoseOAuthTokens, bearer: str) -> None:
    assert refuses(tokens, bearer)
