"""The refusals of the authorization server. `error` is the code of the RFC, and `message` its `error_description`."""

from typing import ClassVar

from domain.errors import InvalidRequest


class OAuthError(InvalidRequest):
    """RFC 6749, 4.1.2.1 and 5.2.."""

    error: ClassVar[str] = "invalid_request"


class InvalidClient(OAuthError):
    """The client is unknown, or does not prove that it is the client. A client that gets this registers anew."""

    error = "invalid_client"


class InvalidGrant(OAuthError):
    """The code or the refresh token is wrong, used, expired, ended, or another client's. The message is the same for
    every reason."""

    error = "invalid_grant"

    def __init__(self) -> None:
        super().__init__("The code or refresh token is not valid (any more) for this client. Ask the user to sign in.")


class UnauthorizedClient(OAuthError):
    error = "unauthorized_client"


class UnsupportedGrantType(OAuthError):
    error = "unsupported_grant_type"


class UnsupportedResponseType(OAuthError):
    error = "unsupported_response_type"


class InvalidScope(OAuthError):
    error = "invalid_scope"


class InvalidTarget(OAuthError):
    """RFC 8707, 2: the resource is none of ours, or was not granted."""

    error = "invalid_target"


class AccessDenied(OAuthError):
    """The user has refused."""

    error = "access_denied"


class InvalidRedirectUri(OAuthError):
    """RFC 7591, 3.2.2. At the authorization endpoint, nothing is ever sent to such an address."""

    error = "invalid_redirect_uri"


class InvalidClientMetadata(OAuthError):
    """RFC 7591, 3.2.2, also of a client ID metadata document."""

    error = "invalid_client_metadata"
