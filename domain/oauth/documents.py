"""Client ID metadata documents (draft-ietf-oauth-client-id-metadata-document): a client whose id is the address of what
it says about itself."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from domain.oauth.clients import JWT, NONE, Client, default_name
from domain.oauth.errors import InvalidClientMetadata
from domain.oauth.names import clean_client_name
from domain.oauth.redirects import clean_redirect_uris

MAX_DOCUMENT_BYTES = 5 * 1024
"""The limit that the draft recommends (§6.6)."""


def client_of(address: str, document: Mapping[str, object], now: datetime) -> Client:
    """Raises `InvalidClientMetadata` and `InvalidRedirectUri`."""
    if document.get("client_id") != address:
        raise InvalidClientMetadata("The document's client_id is not its own address.")
    redirect_uris = clean_redirect_uris(_texts(document.get("redirect_uris")))
    jwks_uri = document.get("jwks_uri")
    name = document.get("client_name")
    return Client(
        id=address,
        name=clean_client_name(name if isinstance(name, str) else "") or default_name(redirect_uris[0]),
        redirect_uris=redirect_uris,
        auth_methods=_methods(document),
        jwks_uri=jwks_uri if isinstance(jwks_uri, str) else None,
        created_at=now,
        fetched_at=now,
    )


def _methods(document: Mapping[str, object]) -> tuple[str, ...]:
    """Returns which of `none` and `private_key_jwt` the client may use. ChatGPT prefers the latter, and lists both
    (OpenID Connect Relying Party Metadata Choices). Shared secrets are refused: nobody has given the client one."""
    offered = [*_texts(document.get("token_endpoint_auth_methods_supported"))]
    method = document.get("token_endpoint_auth_method")
    offered += [method] if isinstance(method, str) else [] if offered else [NONE]
    methods = tuple(each for each in (NONE, JWT) if each in offered)
    if not methods or (JWT in methods and NONE not in methods and not document.get("jwks_uri")):
        raise InvalidClientMetadata("The document must offer none, or private_key_jwt with a jwks_uri.")
    return methods


def _texts(value: object) -> Sequence[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
