import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field

from application.ports.access.oauth import AccessGrant, OAuthAccessTokens
from domain.accounts.account import Scope
from domain.oauth.connections import ACCESS_LIFETIME, Connection
from domain.oauth.scopes import named
from domain.oauth.secrets import format_refresh_token


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """What a request to the token endpoint may narrow (RFC 6749, 6; RFC 8707, 2.2). `issuer` is our own address."""

    issuer: str
    resources: Sequence[str] = ()
    scope: str = ""


@dataclass(frozen=True, slots=True)
class IssuedTokens:
    """The answer of RFC 6749, 5.1."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    scope: str
    expires_in: int = int(ACCESS_LIFETIME.total_seconds())


class TokenIssuer:
    """`key` derives each refresh token from what comes before it, so that asking once more gives the same one."""

    def __init__(self, tokens: OAuthAccessTokens, key: str) -> None:
        self._tokens = tokens
        self._key = key.encode()

    def issue(
        self,
        connection: Connection,
        refresh_token: str,
        request: TokenRequest,
        scopes: frozenset[Scope],
        audience: tuple[str, ...],
    ) -> IssuedTokens:
        grant = AccessGrant(
            issuer=request.issuer,
            user_id=connection.user_id,
            connection_id=connection.id,
            client_id=connection.client_id,
            scopes=scopes,
            audience=audience,
        )
        return IssuedTokens(self._tokens.issue(grant), refresh_token, named(scopes))

    def following(self, user_id: str, connection_id: str, before: str) -> str:
        """Without the key nobody gets from a code or a used token to the next token."""
        made = hmac.digest(self._key, b"oauth refresh token after " + before.encode("utf-8", "surrogatepass"), "sha256")
        return format_refresh_token(user_id, connection_id, made)
