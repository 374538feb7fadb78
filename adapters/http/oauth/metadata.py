"""The metadata of the authorization server (RFC 8414), at every address where clients look for it."""

from typing import Any

from litestar import Request, get
from msgspec import Struct

from adapters.http.handlers.dependencies import Dependency
from adapters.http.server.authentication import PUBLIC_ROUTE
from adapters.http.server.own_address import OwnAddress
from domain.oauth.clients import JWT, REGISTERED_METHODS
from domain.oauth.scopes import SUPPORTED

AUTHORIZE, TOKEN, REGISTER, REVOKE = "/oauth/authorize", "/oauth/token", "/oauth/register", "/oauth/revoke"
AT = [
    f"/.well-known/{name}{suffix}"
    for name in ("oauth-authorization-server", "openid-configuration")
    for suffix in ("", "/mcp")
]
"""Clients that know `/mcp` only ask with its path, and some ask for OpenID Connect's document first."""
METHODS = (*REGISTERED_METHODS, JWT)
SIGNING_ALGORITHMS = ("RS256", "ES256", "EdDSA")


class ServerMetadata(Struct):
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    registration_endpoint: str
    revocation_endpoint: str
    scopes_supported: tuple[str, ...] = SUPPORTED
    response_types_supported: tuple[str, ...] = ("code",)
    response_modes_supported: tuple[str, ...] = ("query",)
    grant_types_supported: tuple[str, ...] = ("authorization_code", "refresh_token")
    code_challenge_methods_supported: tuple[str, ...] = ("S256",)
    token_endpoint_auth_methods_supported: tuple[str, ...] = METHODS
    token_endpoint_auth_signing_alg_values_supported: tuple[str, ...] = SIGNING_ALGORITHMS
    revocation_endpoint_auth_methods_supported: tuple[str, ...] = METHODS
    revocation_endpoint_auth_signing_alg_values_supported: tuple[str, ...] = SIGNING_ALGORITHMS
    client_id_metadata_document_supported: bool = True
    authorization_response_iss_parameter_supported: bool = True


@get(AT, opt=PUBLIC_ROUTE, include_in_schema=False, sync_to_thread=False)
def server_metadata(request: Request[Any, Any, Any], own_address: Dependency[OwnAddress]) -> ServerMetadata:
    base = own_address.base(request.scope)
    return ServerMetadata(base, base + AUTHORIZE, base + TOKEN, base + REGISTER, base + REVOKE)
