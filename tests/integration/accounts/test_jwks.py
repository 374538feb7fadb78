"""Keys over real sockets, from issuers that are slow, away, huge or write nonsense."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.auth import jwks as jwks_module
from adapters.auth.foreign_tokens import ForeignTokens
from adapters.auth.issuers import Issuer
from adapters.auth.jwks import MAX_BYTES, Jwks
from adapters.auth.key_sets import FAILURES, PAUSE_SECONDS
from domain.errors import NotAuthenticated
from tests.fakes import FakeClock
from tests.servers.issuers import DISCOVERY, JWKS, IssuerServer, Play, answered, ed25519_key, hang_up, jwks, silence

KEY = ed25519_key("k1")


@pytest.fixture
async def server() -> AsyncIterator[IssuerServer]:
    async with IssuerServer() as server:
        server.pages[JWKS] = jwks(KEY)
        yield server


@pytest.fixture
async def source() -> AsyncIterator[Jwks]:
    source = Jwks()
    yield source
    await source.close()


def by_address(server: IssuerServer) -> Issuer:
    return Issuer(issuer=server.url, jwks_url=server.url + JWKS)


def document(server: IssuerServer, **changes: str) -> bytes:
    return json.dumps({"issuer": server.url, "jwks_uri": server.url + JWKS, "x": 1} | changes).encode()


async def test_keys_are_fetched_from_their_address(server: IssuerServer, source: Jwks) -> None:
    [key] = await source.fetch(by_address(server))
    key.verify(KEY.token({}))
    assert server.asked == [JWKS]


async def test_without_an_address_the_issuer_is_asked_for_it(server: IssuerServer, source: Jwks) -> None:
    server.pages[DISCOVERY] = document(server)
    assert len(await source.fetch(Issuer(issuer=server.url))) == 1
    assert server.asked == [DISCOVERY, JWKS]


async def test_an_issuer_may_live_in_a_folder(server: IssuerServer, source: Jwks) -> None:
    issuer = f"{server.url}/realms/one/"
    server.pages[f"/realms/one{DISCOVERY}"] = document(server, issuer=issuer)
    assert len(await source.fetch(Issuer(issuer=issuer))) == 1


@pytest.mark.parametrize(
    "changes", [{"issuer": "https://app.example.com"}, {"jwks_uri": "file:///etc/passwd"}, {"jwks_uri": "//x"}]
)
async def test_a_document_of_somebody_else_is_not_believed(
    server: IssuerServer, source: Jwks, changes: dict[str, str]
) -> None:
    server.pages[DISCOVERY] = document(server, **changes)
    with pytest.raises(ValueError):
        await source.fetch(Issuer(issuer=server.url))
    assert server.asked == [DISCOVERY]


def test_an_issuer_with_tls_has_its_keys_with_tls() -> None:
    secure, plain = Issuer(issuer="https://app.example.com"), Issuer(issuer="http://localhost:3000")
    addresses = ("https://keys.example.com/jwks", "http://keys.example.com/jwks", "https://ada:x@keys.example.com")
    assert [secure.may_send_keys_from(each) for each in addresses] == [True, False, False]
    assert [plain.may_send_keys_from(each) for each in addresses] == [True, True, False]


FAULTS: dict[str, bytes | Play] = {
    "garbage": b"<html>Sign in</html>",
    "nothing": b"",
    "a list": b"[]",
    "no keys": b'{"keys": null}',
    "too deep": b'{"keys": ' + b"[" * 100_000,
    "no UTF-8": b'{"keys": [{"kty": "\xff"}], "x": ',
    "huge": b'{"keys": [' + b" " * MAX_BYTES + b"]}",
    "an error": answered(500, jwks(KEY)),
    "a redirect": answered(302, b"", location="/elsewhere"),
    "packed": answered(200, b"\x1f\x8b\x08\x00", **{"content-encoding": "gzip"}),
    "hung up": hang_up,
    "slow": silence,
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_a_faulty_answer_is_a_failure_and_the_keys_are_kept(
    server: IssuerServer, source: Jwks, fault: bytes | Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jwks_module, "FETCH_SECONDS", 0.2)
    server.pages["/elsewhere"] = jwks(KEY)
    clock = FakeClock()
    tokens = ForeignTokens([by_address(server)], source, clock)
    assert not await refused(tokens, token(server, clock))
    server.pages[JWKS] = fault
    with pytest.raises(FAILURES):
        await source.fetch(by_address(server))
    clock.forward(hours=1)
    for _ in range(2):
        assert not await refused(tokens, token(server, clock))
    assert server.asked == [JWKS] * 3, "the second of these found the pause"
    await tokens.close()


async def test_after_a_fault_the_new_keys_are_found(server: IssuerServer, source: Jwks) -> None:
    clock, new = FakeClock(), ed25519_key("k2")
    tokens = ForeignTokens([by_address(server)], source, clock)
    server.pages[JWKS] = hang_up
    assert await refused(tokens, token(server, clock))
    server.pages[JWKS] = jwks(new)
    clock.forward(seconds=PAUSE_SECONDS)
    assert not await refused(tokens, token(server, clock, new))
    assert await refused(tokens, token(server, clock))


async def test_an_issuer_nobody_listens_for_is_away(source: Jwks) -> None:
    async with IssuerServer() as gone:
        pass
    with pytest.raises(FAILURES):
        await source.fetch(by_address(gone))


async def test_a_hundred_requests_with_unknown_keys_are_one_question(server: IssuerServer, source: Jwks) -> None:
    clock = FakeClock()
    tokens = ForeignTokens([by_address(server)], source, clock)
    storm = [token(server, clock, ed25519_key(f"stranger-{number}")) for number in range(100)]
    assert all(await asyncio.gather(*(refused(tokens, each) for each in storm)))
    assert server.asked == [JWKS]


async def test_no_proxy_of_the_environment_is_asked(server: IssuerServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    source = Jwks()
    assert await source.fetch(by_address(server))
    await source.close()


def token(server: IssuerServer, clock: FakeClock, key: Any = KEY) -> str:
    now = clock().timestamp()
    return str(key.token({"iss": server.url, "aud": server.url, "sub": "ada", "iat": now, "exp": now + 900}))


async def refused(tokens: ForeignTokens, bearer: str) -> bool:
    try:
        await tokens.authenticate(bearer)
    except NotAuthenticated:
        return True
    return False
