"""How a client says who it is at the token endpoint (RFC 6749, 2.3; RFC 7523, 2.2)."""

from base64 import b64decode, urlsafe_b64decode
from urllib.parse import unquote_plus

import msgspec

from adapters.http.oauth.forms import Values, one
from adapters.http.server.json_request import JsonRequest
from application.oauth.clients import Credentials
from domain.oauth.clients import BASIC, JWT, POST
from domain.oauth.errors import InvalidClient, OAuthError

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Issued(msgspec.Struct):
    iss: str


def credentials_of(request: JsonRequest, form: Values) -> Credentials:
    """Returns what the client shows. Raises `InvalidClient`, and `OAuthError` if it authenticates in several ways."""
    client_id, secret, assertion = (one(form, name) for name in ("client_id", "client_secret", "client_assertion"))
    header = request.headers.get("authorization", "")
    if sum(map(bool, (header, secret, assertion))) > 1:
        raise OAuthError("Authenticate in one way: by header, by client_secret, or by client_assertion.")
    if header:
        return _in_header(header, client_id)
    if assertion:
        return _asserted(form, assertion, client_id)
    return Credentials(client_id, POST, secret) if secret else Credentials(client_id)


def _in_header(header: str, client_id: str) -> Credentials:
    scheme, _, encoded = header.partition(" ")
    try:
        name, _, secret = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except ValueError:
        name, secret = "", ""
    if scheme.lower() != "basic" or client_id not in ("", unquote_plus(name)):
        raise InvalidClient("The Authorization header is not that of this client.")
    return Credentials(unquote_plus(name), BASIC, unquote_plus(secret)) if secret else Credentials(unquote_plus(name))


def _asserted(form: Values, assertion: str, client_id: str) -> Credentials:
    """The assertion names the client; `client_id` is optional. The use-case checks all of the assertion again."""
    if one(form, "client_assertion_type") != ASSERTION_TYPE:
        raise InvalidClient("The client_assertion_type is none that is known here.")
    return Credentials(client_id or _issuer_of(assertion), JWT, assertion)


def _issuer_of(assertion: str) -> str:
    try:
        payload = assertion.split(".")[1]
        return msgspec.json.decode(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)), type=Issued).iss
    except (IndexError, ValueError, RecursionError):
        raise InvalidClient("The client assertion can't be read.") from None
