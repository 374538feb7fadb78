import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from domain.hashing import hash_of
from domain.oauth.errors import InvalidClient, InvalidRedirectUri
from domain.oauth.names import MAX_CLIENT_NAME_LENGTH
from domain.oauth.redirects import is_registered, shown_host

NONE, POST, BASIC, JWT = "none", "client_secret_post", "client_secret_basic", "private_key_jwt"
REGISTERED_METHODS = (NONE, POST, BASIC)
"""How a registered client may authenticate. `private_key_jwt` is for clients with a metadata document."""
MAX_CLIENT_ID_LENGTH = 500
UNUSED_LIFETIME = timedelta(days=1)
"""A client to which no user has said yes is forgotten after this time."""
LIFETIME = timedelta(days=400)
"""Longer than any connection lives without use."""
USE_NOTED_EVERY = timedelta(days=7)
DOCUMENT_FRESH = timedelta(hours=1)
DOCUMENT_KEPT = timedelta(days=7)
"""For so long an old document is good enough if its address does not answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """`auth_methods` are those that the client may use, one of them in each request. `fetched_at` is set if its id is
    the address of its metadata document. `used_at` is when a user last said yes to it."""

    id: str
    name: str
    redirect_uris: tuple[str, ...]
    auth_methods: tuple[str, ...]
    secret_hash: bytes | None = field(default=None, repr=False)
    jwks_uri: str | None = None
    created_at: datetime
    fetched_at: datetime | None = None
    used_at: datetime | None = None

    @property
    def is_document(self) -> bool:
        return self.fetched_at is not None

    def is_use_outdated(self, now: datetime) -> bool:
        """Returns whether the last use is to be noted again, so that a client that is in use is never forgotten."""
        return self.used_at is None or now - self.used_at >= USE_NOTED_EVERY

    def check_redirect(self, uri: str) -> None:
        """Raises `InvalidRedirectUri`. The browser must never be sent to such an address."""
        if not is_registered(uri, self.redirect_uris):
            raise InvalidRedirectUri("The address to go back to is none that this client has registered.")

    def check_secret(self, method: str, secret: str) -> None:
        """Raises `InvalidClient` if the client uses another method than it has registered, or has a wrong secret."""
        if method not in self.auth_methods:
            raise InvalidClient(f"This client authenticates by {' or '.join(self.auth_methods)}.")
        if method != NONE and not hmac.compare_digest(self.secret_hash or b"", hash_of(secret)):
            raise InvalidClient("The client secret is wrong.")


def default_name(redirect_uri: str) -> str:
    return f"A program at {shown_host(redirect_uri)}"[:MAX_CLIENT_NAME_LENGTH]


def is_document_address(client_id: str) -> bool:
    """Returns whether the id is an address of a metadata document: https, with a path, and written in its only way."""
    if len(client_id) > MAX_CLIENT_ID_LENGTH or not client_id.startswith("https://") or not client_id.isascii():
        return False
    try:
        parts = urlsplit(client_id)
        is_plain = parts.port != 0 and not parts.fragment and "#" not in client_id and "@" not in parts.netloc
    except ValueError:
        return False
    segments = parts.path.split("/")
    has_path = parts.path not in ("", "/") and not {".", ".."}.intersection(segments)
    return bool(parts.hostname) and is_plain and has_path and client_id.isprintable() and " " not in client_id


def public_document(client: Client) -> Mapping[str, object]:
    """Returns the metadata of RFC 7591 that a registration is answered with."""
    return {
        "client_id": client.id,
        "client_id_issued_at": int(client.created_at.timestamp()),
        "client_name": client.name,
        "redirect_uris": list(client.redirect_uris),
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": client.auth_methods[0],
    }
