"""Tokens of other issuers at our resource address, in the shapes that Keycloak, Auth0, Okta, Entra and Better Auth
document."""

from typing import Any

import pytest

from adapters.auth.foreign_tokens import ForeignTokens
from adapters.auth.issuers import Issuer, parse
from domain.accounts.account import ALL_SCOPES, Scope
from domain.errors import NotAuthenticated
from tests.fakes import FakeClock
from tests.servers.issuers import Json, ed25519_key, jwks, rs256_key
from tests.unit.accounts.tokens.foreign_keys import FakeKeys

MCP = "https://tasks.example.com/mcp"
EPOCH = int(FakeClock().now.timestamp())
READ = frozenset({Scope.READ})
RSA, ED = rs256_key("k1"), ed25519_key("k1")
KEYCLOAK = "https://login.example.com/realms/main"
AUTH0 = "https://example.eu.auth0.com/"
OKTA = "https://example.okta.com/oauth2/default"
ENTRA = "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"
BETTER_AUTH = "https://app.example.com"
TIMES = {"iat": EPOCH, "exp": EPOCH + 300}
SHAPES: dict[str, tuple[Json, frozenset[Scope]]] = {
    "Keycloak, with a mapper for the audience": (
        {
            "iss": KEYCLOAK,
            "aud": [MCP, "account"],
            "sub": "f8a1b2c3-0000-4000-8000-000000000001",
            "typ": "Bearer",
            "azp": "claude",
            "realm_access": {"roles": ["offline_access", "default-roles-main"]},
            "scope": "profile email tasks:read",
        },
        READ,
    ),
    "Auth0, with the address as its API": (
        {
            "iss": AUTH0,
            "sub": "auth0|65f0c0ffee",
            "aud": [MCP, "https://example.eu.auth0.com/userinfo"],
            "azp": "x",
            "scope": "openid profile tasks:read tasks:write offline_access",
        },
        ALL_SCOPES,
    ),
    "Okta, whose scopes are an array in scp": (
        {
            "iss": OKTA,
            "ver": 1,
            "aud": MCP,
            "cid": "0oa1",
            "uid": "00u1",
            "scp": ["openid", "tasks:read"],
            "sub": "ann",
        },
        READ,
    ),
    "Entra, whose scopes are a text in scp": (
        {
            "iss": ENTRA,
            "ver": "2.0",
            "aud": MCP,
            "azp": "x",
            "oid": "y",
            "scp": "tasks:read",
            "sub": "AAAAAA",
            "tid": "z",
        },
        READ,
    ),
    "Better Auth's OAuth server": (
        {"iss": BETTER_AUTH, "aud": MCP, "sub": "k3XwVZp0", "azp": "x", "scope": "openid tasks:read"},
        READ,
    ),
    "a limited token of Entra's for something else": (
        {"iss": ENTRA, "aud": MCP, "scp": "User.Read", "sub": "AAAAAA"},
        frozenset(),
    ),
    "an array of scopes": ({"iss": OKTA, "aud": MCP, "scopes": ["tasks:read"], "sub": "ann"}, READ),
    "an array in scope": ({"iss": OKTA, "aud": MCP, "scope": ["tasks:read"], "sub": "ann"}, READ),
}
ISSUERS = tuple(Issuer(issuer=each, audience="api://default") for each in (KEYCLOAK, AUTH0, OKTA, ENTRA, BETTER_AUTH))


def tokens_of(*issuers: Issuer) -> ForeignTokens:
    published: dict[str, bytes | Exception] = {each.issuer: jwks(RSA) for each in issuers}
    return ForeignTokens(issuers, FakeKeys(published), FakeClock())


async def refuses(tokens: ForeignTokens, bearer: str, resource: str = "") -> bool:
    with pytest.raises(NotAuthenticated):
        await tokens.authenticate(bearer, lambda: resource)
    return True


@pytest.mark.parametrize(("claims", "rights"), SHAPES.values(), ids=SHAPES)
async def test_a_token_for_our_address_is_accepted_there_whatever_audience_is_configured(
    claims: Json, rights: frozenset[Scope]
) -> None:
    tokens, bearer = tokens_of(*ISSUERS), RSA.token({**TIMES, **claims})
    assert (await tokens.authenticate(bearer, lambda: MCP)).scopes == rights
    assert await refuses(tokens, bearer, "https://tasks.example.com/api")
    assert await refuses(tokens, bearer, "https://other.example.com/mcp")
    assert await refuses(tokens, bearer)


async def test_an_issuer_may_have_several_audiences() -> None:
    [issuer] = parse(f"{OKTA},audience=api://default,audience=tasktalk", public=True)
    tokens = tokens_of(issuer)
    for audience in ("api://default", "tasktalk", ["x", "tasktalk"]):
        claims = {**TIMES, "iss": OKTA, "sub": "ann", "aud": audience}
        assert (await tokens.authenticate(RSA.token(claims))).subject == "ann"
    assert await refuses(tokens, RSA.token({**TIMES, "iss": OKTA, "sub": "ann", "aud": OKTA}))


@pytest.mark.parametrize("claims", [{}, {"scope": "openid profile"}])
async def test_a_token_that_says_nothing_of_rights_has_all_unless_its_issuer_is_given_less(claims: Any) -> None:
    bearer = RSA.token({**TIMES, "iss": BETTER_AUTH, "aud": BETTER_AUTH, "sub": "ann", **claims})
    [usual] = parse(BETTER_AUTH, public=True)
    [less] = parse(f"{BETTER_AUTH},scopes=tasks:read", public=True)
    [both] = parse(f"{BETTER_AUTH},scopes=tasks:read,scopes=tasks:write", public=True)
    rights = [(await tokens_of(each).authenticate(bearer)).scopes for each in (usual, less, both)]
    assert rights == [ALL_SCOPES, READ, ALL_SCOPES]


async def test_what_an_issuer_is_given_does_not_widen_a_limited_token() -> None:
    [issuer] = parse(f"{BETTER_AUTH},scopes=tasks:read,scopes=tasks:write", public=True)
    bearer = RSA.token({**TIMES, "iss": BETTER_AUTH, "aud": BETTER_AUTH, "sub": "ann", "scope": "tasks:read"})
    assert (await tokens_of(issuer).authenticate(bearer)).scopes == READ


async def test_a_refused_audience_is_named_in_the_log_once_and_only_of_a_real_token(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tokens = tokens_of(Issuer(issuer=OKTA, audience="tasktalk"))
    claims = {**TIMES, "iss": OKTA, "sub": "ann", "aud": "api://other"}
    for key in (ED, RSA, RSA):
        assert await refuses(tokens, key.token(claims), MCP)
    [line] = caplog.messages
    assert all(named in line for named in (OKTA, "api://other", "tasktalk"))
