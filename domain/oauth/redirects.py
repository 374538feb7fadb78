"""Redirect URIs: which may be registered, which of them an authorization request may name, and how people see them."""

import re
from collections.abc import Iterable
from urllib.parse import SplitResult, urlencode, urlsplit, urlunsplit

from domain.oauth.errors import InvalidRedirectUri

MAX_REDIRECT_URI_LENGTH = 2_000
MAX_REDIRECT_URIS = 20
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
APP_SCHEMES = frozenset(
    {"cursor", "vscode", "vscode-insiders", "vscodium", "windsurf", "zed", "claude", "codex", "goose"}
)
"""The private schemes of well-known apps. Other apps use the reverse of a domain name (RFC 8252, 7.1), which has a dot.
So no scheme that a browser itself runs or reads (`javascript`, `data`, `file`, …) passes."""
_CHARACTERS = re.compile(r"[A-Za-z0-9\-._~:/?\[\]@!$&'()+,;=%]+")
"""Those of RFC 3986 but `#`, since a fragment is refused (RFC 6749, 3.1.2), and `*`, which promises a pattern."""
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|::1")


def clean_redirect_uri(uri: str) -> str:
    if len(uri) > MAX_REDIRECT_URI_LENGTH or not _CHARACTERS.fullmatch(uri):
        raise InvalidRedirectUri("A redirect URI has at most 2,000 characters, none of which is #, * or a space.")
    parts = _split(uri)
    if parts is None or "@" in parts.netloc or not _leads_to_an_app(parts):
        raise InvalidRedirectUri(
            "A redirect URI is https, or http to this device (127.0.0.1, [::1], localhost), or has an app's own scheme."
        )
    return uri


def clean_redirect_uris(uris: Iterable[str]) -> tuple[str, ...]:
    cleaned = tuple(map(clean_redirect_uri, uris))
    if not 1 <= len(cleaned) <= MAX_REDIRECT_URIS:
        raise InvalidRedirectUri(f"Give one to {MAX_REDIRECT_URIS} redirect URIs.")
    return cleaned


def is_registered(uri: str, registered: Iterable[str]) -> bool:
    """Compares character by character (RFC 9700, 2.1), but for the port of a loopback address (RFC 8252, 7.3)."""
    return any(uri == each or _without_port(uri) == _without_port(each) for each in registered)


def is_loopback(uri: str) -> bool:
    """Returns whether the URI leads to a program on the user's own device, and any program there may claim it."""
    parts = _split(uri)
    return parts is not None and parts.scheme == "http" and parts.hostname in LOOPBACK


def shown_host(uri: str) -> str:
    """Returns the host for people, or the scheme of an app."""
    if is_loopback(uri):
        return "this device"
    parts = urlsplit(uri)
    return parts.hostname or "" if parts.scheme == "https" else f"{parts.scheme}:"


def origin_of(uri: str) -> str:
    """Returns the origin for a Content Security Policy, which knows no IPv6 addresses: their scheme stands for them."""
    parts = urlsplit(uri)
    is_web = parts.scheme in ("http", "https") and "[" not in parts.netloc
    return f"{parts.scheme}://{parts.netloc}" if is_web else f"{parts.scheme}:"


def answered(uri: str, **parameters: str | None) -> str:
    """Returns the URI with the parameters of a response in its query (RFC 6749, 4.1.2)."""
    given = {name: value for name, value in parameters.items() if value is not None}
    parts = urlsplit(uri)
    return urlunsplit(parts._replace(query="&".join(filter(None, [parts.query, urlencode(given)]))))


def _leads_to_an_app(parts: SplitResult) -> bool:
    if parts.scheme == "https":
        return bool(_HOST.fullmatch(parts.hostname or ""))
    if parts.scheme == "http":
        return parts.hostname in LOOPBACK
    return ("." in parts.scheme or parts.scheme in APP_SCHEMES) and bool(parts.netloc or parts.path.strip("/"))


def _without_port(uri: str) -> object:
    """Returns a value that is equal for loopback URIs that differ in the port only, and for no others."""
    parts = _split(uri)
    if parts is None or not is_loopback(uri):
        return object()
    host = parts.netloc.rpartition(":")[0] if parts.port is not None else parts.netloc
    return host, parts.path, parts.query


def _split(uri: str) -> SplitResult | None:
    try:
        parts = urlsplit(uri)
        return parts if parts.scheme and parts.port != 0 else None
    except ValueError:
        return None
