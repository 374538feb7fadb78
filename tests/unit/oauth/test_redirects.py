"""Which redirect URIs a client may register, and which of them a request may name."""

import pytest

from domain.oauth.clients import is_document_address
from domain.oauth.errors import InvalidRedirectUri
from domain.oauth.names import clean_client_name
from domain.oauth.redirects import (
    answered,
    clean_redirect_uri,
    clean_redirect_uris,
    is_loopback,
    is_registered,
    origin_of,
    shown_host,
)

GOOD = [
    "https://claude.ai/api/mcp/auth_callback",
    "https://example.com:8443/back?tenant=1",
    "https://8.8.8.8/back",
    "http://127.0.0.1/callback",
    "http://127.0.0.1:43117/callback",
    "http://[::1]:43117/callback",
    "http://localhost:43117/callback",
    "cursor://anysphere.cursor-retrieval/oauth/user-tasktalk/callback",
    "vscode://ms-vscode.mcp/callback",
    "com.example.app:/oauth2redirect",
]
BAD = [
    "",
    "/callback",
    "//evil.example.com/",
    "http://example.com/callback",
    "http://localhost.evil.example.com/callback",
    "http://127.0.0.1.nip.io/callback",
    "http://0x7f000001/callback",
    "https://",
    "https:///callback",
    "https://example.com/callback#",
    "https://example.com/callback#fragment",
    "https://*.example.com/callback",
    "https://user@example.com/callback",
    "https://claude.ai@evil.example.com/callback",
    "https://claude.ai\\@evil.example.com/",
    "https://example.com/a b",
    "https://example.com/\nSet-Cookie:x",
    "https://exämple.com/callback",
    "https://example.com:0/callback",
    "https://example.com:99999/callback",
    "https://[::1/callback",
    "javascript:alert(1)",
    "javascript://example.com/%0aalert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "ftp://example.com/",
    "myapp://callback",
    "https://example.com/" + "a" * 2_000,
]


@pytest.mark.parametrize("uri", GOOD)
def test_an_address_of_a_web_server_of_this_device_or_of_an_app_may_be_registered(uri: str) -> None:
    assert clean_redirect_uri(uri) == uri
    assert is_registered(uri, [uri])


@pytest.mark.parametrize("uri", BAD)
def test_any_other_address_is_refused(uri: str) -> None:
    with pytest.raises(InvalidRedirectUri):
        clean_redirect_uri(uri)


@pytest.mark.parametrize("uris", [[], GOOD * 3])
def test_a_client_has_some_addresses_and_not_too_many(uris: list[str]) -> None:
    with pytest.raises(InvalidRedirectUri):
        clean_redirect_uris(uris)


@pytest.mark.parametrize(
    "uri",
    [
        "https://claude.ai/api/mcp/auth_callback/",
        "https://claude.ai/api/mcp/auth_callback?x=1",
        "https://claude.ai/api/mcp/auth_callback/../steal",
        "https://claude.ai:443/api/mcp/auth_callback",
        "https://claude.ai:8443/api/mcp/auth_callback",
        "https://CLAUDE.ai/api/mcp/auth_callback",
        "http://claude.ai/api/mcp/auth_callback",
        "https://claude.ai.evil.example.com/api/mcp/auth_callback",
        "https://evil.example.com/?https://claude.ai/api/mcp/auth_callback",
        "https://claude.ai/api/mcp/auth_callback%00",
        "",
    ],
)
def test_a_redirect_uri_is_compared_letter_by_letter(uri: str) -> None:
    assert not is_registered(uri, [GOOD[0], "http://127.0.0.1/callback"])


@pytest.mark.parametrize(
    ("uri", "fits"),
    [
        ("http://127.0.0.1:50000/callback", True),
        ("http://127.0.0.1/callback", True),
        ("http://localhost:50000/callback", False),
        ("http://[::1]:50000/callback", False),
        ("http://127.0.0.1:50000/callback?x=1", False),
        ("http://127.0.0.1:50000/other", False),
        ("https://127.0.0.1:50000/callback", False),
        ("http://127.0.0.1:50000@evil.example.com/callback", False),
        ("http://127.0.0.2:50000/callback", False),
    ],
)
def test_the_port_of_a_loopback_address_is_free(uri: str, fits: bool) -> None:
    assert is_registered(uri, ["http://127.0.0.1:3118/callback"]) is fits


def test_people_see_where_they_go() -> None:
    assert [shown_host(uri) for uri in (GOOD[0], GOOD[4], GOOD[5], GOOD[7])] == [
        "claude.ai",
        "this device",
        "this device",
        "cursor:",
    ]
    assert [is_loopback(uri) for uri in (GOOD[0], GOOD[4], GOOD[5], GOOD[6], GOOD[7])] == [
        False,
        True,
        True,
        True,
        False,
    ]
    assert [origin_of(uri) for uri in (GOOD[1], GOOD[4], GOOD[5], GOOD[7])] == [
        "https://example.com:8443",
        "http://127.0.0.1:43117",
        "http:",
        "cursor:",
    ]


def test_an_answer_keeps_the_query_of_the_address() -> None:
    assert answered(GOOD[1], code="a b&c", state=None) == "https://example.com:8443/back?tenant=1&code=a+b%26c"
    assert answered("com.example.app:/back", code="x") == "com.example.app:/back?code=x"


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("https://claude.ai/oauth/mcp-oauth-client-metadata", True),
        ("https://chatgpt.com/oauth/kDmjx77UnKOM/client.json", True),
        ("https://example.com:8443/client?x=1", True),
        ("http://claude.ai/oauth/client", False),
        ("HTTPS://claude.ai/oauth/client", False),
        ("https://claude.ai", False),
        ("https://claude.ai/", False),
        ("https://claude.ai/a/../b", False),
        ("https://claude.ai/./b", False),
        ("https://claude.ai/b#", False),
        ("https://claude.ai/b#x", False),
        ("https://ann@claude.ai/b", False),
        ("https://claude.ai/b c", False),
        ("https://clàude.ai/b", False),
        ("https:///b", False),
        ("https://claude.ai:0/b", False),
        ("https://claude.ai:x/b", False),
        ("https://claude.ai/" + "b" * 500, False),
        ("an-id-that-was-registered", False),
    ],
)
def test_an_id_is_the_address_of_a_document_only_in_its_one_spelling(address: str, is_one: bool) -> None:
    assert is_document_address(address) is is_one


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Claude", "Claude"),
        ("  My\n app ", "My app"),
        ("safe\u202etxt.exe", "safetxt.exe"),
        ("\u200b\u200b", None),
        ("", None),
        ("\ud800x\0", "x"),
        ("x" * 200, "x" * 100),
    ],
)
def test_a_clients_name_can_play_no_tricks(name: str, shown: str | None) -> None:
    assert clean_client_name(name) == shown
