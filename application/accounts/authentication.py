from functools import lru_cache

from application.accounts.revocations import Revocations
from application.ports import AccessTokens, BearerAuthenticator, Resource, nowhere
from domain.accounts.account import Caller
from domain.errors import NotAuthenticated

CALLERS_REMEMBERED = 10_000
REFUSED = "Sign in to continue: the access token is missing, invalid or expired."


class Authenticator:
    def __init__(self, *kinds: BearerAuthenticator) -> None:
        self._kinds = kinds

    async def authenticate(self, bearer: str, resource: Resource = nowhere) -> Caller:
        """Raises `NotAuthenticated` with one message for every reason."""
        for kind in self._kinds:
            if kind.recognizes(bearer):
                return await kind.authenticate(bearer, resource)
        raise NotAuthenticated(REFUSED)


class AccessTokenAuthenticator(BearerAuthenticator):
    """Accepts our own access tokens. It recognizes every token, so it must be asked last."""

    def __init__(self, tokens: AccessTokens, revocations: Revocations) -> None:
        self._tokens = tokens
        self._revocations = revocations

    def recognizes(self, bearer: str) -> bool:  # noqa: ARG002
        return True

    async def authenticate(self, bearer: str, resource: Resource = nowhere) -> Caller:  # noqa: ARG002
        claims = self._tokens.verify(bearer)
        if claims.session_id and self._revocations.is_ended(claims.user_id, claims.session_id):
            raise NotAuthenticated(REFUSED)
        return _caller(claims.user_id, claims.session_id)


@lru_cache(CALLERS_REMEMBERED)
def _caller(user_id: str, session_id: str | None) -> Caller:
    """Returns the same caller again, since a frozen dataclass takes 10,000 instructions to make."""
    return Caller(user_id, session_id=session_id)


class NullAuthenticator(BearerAuthenticator):
    def recognizes(self, bearer: str) -> bool:  # noqa: ARG002
        return False

    async def authenticate(self, bearer: str, resource: Resource = nowhere) -> Caller:  # noqa: ARG002
        raise NotAuthenticated(REFUSED)
