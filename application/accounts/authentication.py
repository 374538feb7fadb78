"""Who a bearer token speaks for, whoever issued it."""

from application.accounts.revocations import Revocations
from application.ports import AccessTokens, BearerAuthenticator
from domain.accounts.account import Caller
from domain.errors import NotAuthenticated

REFUSED = "Sign in to continue: the access token is missing, invalid or expired."


class Authenticator:
    """The first of `kinds` that recognizes a token decides."""

    def __init__(self, *kinds: BearerAuthenticator) -> None:
        self._kinds = kinds

    async def authenticate(self, bearer: str) -> Caller:
        """Raises `NotAuthenticated`, with one message for every reason."""
        for kind in self._kinds:
            if kind.recognizes(bearer):
                return await kind.authenticate(bearer)
        raise NotAuthenticated(REFUSED)


class AccessTokenAuthenticator(BearerAuthenticator):
    """Those that signing in with us gives; what nobody else recognizes is taken for one."""

    def __init__(self, tokens: AccessTokens, revocations: Revocations) -> None:
        self._tokens = tokens
        self._revocations = revocations

    def recognizes(self, bearer: str) -> bool:  # noqa: ARG002
        return True

    async def authenticate(self, bearer: str) -> Caller:
        claims = self._tokens.verify(bearer)
        if claims.session_id and self._revocations.is_ended(claims.user_id, claims.session_id):
            raise NotAuthenticated(REFUSED)
        return Caller(claims.user_id, session_id=claims.session_id)


class NullAuthenticator(BearerAuthenticator):
    """Of issuers that there are none of."""

    def recognizes(self, bearer: str) -> bool:  # noqa: ARG002
        return False

    async def authenticate(self, bearer: str) -> Caller:  # noqa: ARG002
        raise NotAuthenticated(REFUSED)
