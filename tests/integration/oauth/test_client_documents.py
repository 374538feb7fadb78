"""Documents of clients over real sockets and TLS. Names are looked up by the tests, and nothing leaves this machine."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.auth import public_documents
from adapters.auth.client_documents import HttpClientDocuments, SignedAssertions
from domain.oauth.clients import Client
from domain.oauth.documents import MAX_DOCUMENT_BYTES
from domain.oauth.errors import InvalidClient, InvalidClientMetadata
from tests.servers.client_site import PUBLIC, ClientSite
from tests.servers.issuers import answered, es256_key, hang_up, jwks, rs256_key, silence
from tests.servers.mail_server import certified

HOST = "claude.ai"
ADDRESS = f"https://{HOST}/oauth/mcp-oauth-client-metadata"
PATH = "/oauth/mcp-oauth-client-metadata"
DOCUMENT = {"client_id": ADDRESS, "client_name": "Claude", "redirect_uris": ["https://claude.ai/api/mcp/auth_callback"]}
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
EPOCH = int(NOW.timestamp())
TOKEN_ENDPOINT = "https://tasks.example.com/oauth/token"
KEY, OTHER_KEY = rs256_key("k1"), es256_key("k1")
CLIENT = Client(
    id=ADDRESS,
    name="ChatGPT",
    redirect_uris=("https://chatgpt.com/back",),
    auth_methods=("private_key_jwt",),
    jwks_uri=f"https://{HOST}/jwks.json",
    created_at=NOW,
    fetched_at=NOW,
)
CLAIMS = {"iss": ADDRESS, "sub": ADDRESS, "aud": TOKEN_ENDPOINT, "exp": EPOCH + 300, "iat": EPOCH, "jti": "1"}


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[ClientSite]:
    async with ClientSite(certified(tmp_path, HOST)) as site:
        site.pages = {PATH: json.dumps(DOCUMENT).encode(), "/jwks.json": jwks(KEY)}
        yield site


async def test_a_document_is_fetched_by_https_from_the_address_that_was_checked(site: ClientSite) -> None:
    assert await HttpClientDocuments(site.documents).fetch(ADDRESS) == DOCUMENT
    assert (site.asked, site.transport.reached, site.names.asked) == ([PATH], [PUBLIC], [(HOST, 443)])


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.0.0.7"],
        ["169.254.169.254"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["fd00::1"],
        [PUBLIC, "192.168.0.1"],
        [],
        OSError("no such name"),
        UnicodeError("no name"),
    ],
)
async def test_a_name_that_leads_into_our_own_network_is_not_connected_to(
    site: ClientSite, addresses: Sequence[str] | Exception
) -> None:
    site.names.known = {"claude_ai": addresses}
    with pytest.raises(InvalidClient):
        await HttpClientDocuments(site.documents).fetch(ADDRESS)
    assert site.transport.reached == []


@pytest.mark.parametrize("address", [ADDRESS.replace("https", "http"), "file:///etc/passwd"])
async def test_only_https_is_fetched(site: ClientSite, address: str) -> None:
    with pytest.raises(InvalidClient):
        await HttpClientDocuments(site.documents).fetch(address)
    assert site.transport.reached == []


@pytest.mark.parametrize(
    "page",
    [
        answered(404),
        answered(500),
        answered(204),
        answered(301, location=f"https://{HOST}/elsewhere"),
        answered(302, location="http://169.254.169.254/"),
        answered(200, b" " * (MAX_DOCUMENT_BYTES + 1)),
        hang_up,
    ],
)
async def test_a_redirect_an_error_or_too_much_is_no_document(site: ClientSite, page: Any) -> None:
    site.pages[PATH] = page
    with pytest.raises(InvalidClient):
        await HttpClientDocuments(site.documents).fetch(ADDRESS)
    assert site.asked == [PATH]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"nonsense", b"\xff", b"[" * 4_000, gzip.compress(json.dumps(DOCUMENT).encode())]
)
async def test_what_is_not_a_json_object_is_no_document(site: ClientSite, body: bytes) -> None:
    site.pages[PATH] = answered(200, body, **{"content-encoding": "gzip"})
    with pytest.raises(InvalidClientMetadata):
        await HttpClientDocuments(site.documents).fetch(ADDRESS)


async def test_a_document_of_the_greatest_length_is_taken(site: ClientSite) -> None:
    site.pages[PATH] = json.dumps(DOCUMENT).encode().ljust(MAX_DOCUMENT_BYTES)
    assert await HttpClientDocuments(site.documents).fetch(ADDRESS) == DOCUMENT


async def test_a_site_that_is_silent_is_waited_for_only_so_long(
    site: ClientSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_documents, "FETCH_SECONDS", 0.05)
    site.pages[PATH] = silence
    async with asyncio.timeout(5):
        with pytest.raises(InvalidClient):
            await HttpClientDocuments(site.documents).fetch(ADDRESS)


async def test_a_certificate_of_another_name_is_refused(tmp_path: Path) -> None:
    async with ClientSite(certified(tmp_path, "other.example")) as site:
        site.pages = {PATH: json.dumps(DOCUMENT).encode()}
        with pytest.raises(InvalidClient):
            await HttpClientDocuments(site.documents).fetch(ADDRESS)


async def accepts(site: ClientSite, assertion: str) -> bool:
    try:
        await SignedAssertions(site.documents, lambda: NOW).verify(CLIENT, assertion, [TOKEN_ENDPOINT])
    except InvalidClient:
        return False
    return True


async def test_an_assertion_of_the_client_is_accepted(site: ClientSite) -> None:
    assert await accepts(site, KEY.token(CLAIMS))
    assert await accepts(site, KEY.token({**CLAIMS, "aud": [TOKEN_ENDPOINT, "x"]}))


@pytest.mark.parametrize(
    "assertion",
    [
        "",
        "a.b.c",
        OTHER_KEY.token(CLAIMS),
        KEY.token(CLAIMS, alg="none"),
        KEY.token(CLAIMS, alg="HS256"),
        KEY.token(CLAIMS, crit=["x"]),
        KEY.token(CLAIMS, kid="k2"),
        KEY.token({**CLAIMS, "iss": "https://evil.example.com/c"}),
        KEY.token({**CLAIMS, "sub": "ann"}),
        KEY.token({**CLAIMS, "aud": "https://other.example.com/oauth/token"}),
        KEY.token({**CLAIMS, "exp": EPOCH}),
        KEY.token({**CLAIMS, "exp": EPOCH + 86_400}),
        KEY.token({**CLAIMS, "nbf": EPOCH + 600}),
        KEY.token({name: value for name, value in CLAIMS.items() if name != "exp"}),
        KEY.token(CLAIMS)[:-4] + "AAAA",
        KEY.token(CLAIMS) + "x" * 9_000,
    ],
)
async def test_a_forged_assertion_is_refused(site: ClientSite, assertion: str) -> None:
    assert not await accepts(site, assertion)


async def test_keys_in_our_own_network_are_not_fetched(site: ClientSite) -> None:
    site.names.known = {"claude_ai": ["10.0.0.7"]}
    assert not await accepts(site, KEY.token(CLAIMS))
    assert site.transport.reached == []
