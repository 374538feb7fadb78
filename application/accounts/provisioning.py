"""Creates the accounts of users of other issuers at their first token (just-in-time provisioning)."""

from collections.abc import Awaitable, Callable

from cachetools import FIFOCache

from application.ports import BearerAuthenticator, Resource, nowhere
from domain.accounts.account import Caller


class JustInTimeProvisioning(BearerAuthenticator):
    """Lets each user of `tokens` appear, once per process: who is erased later is not brought back by a mere request to
    a server that knew them. `remembered` bounds how many users are known to have appeared."""

    def __init__(
        self, tokens: BearerAuthenticator, provision: Callable[[str], Awaitable[None]], remembered: int = 100_000
    ) -> None:
        self._tokens = tokens
        self._provision = provision
        self._known: FIFOCache[str, None] = FIFOCache(remembered)

    def recognizes(self, bearer: str) -> bool:
        return self._tokens.recognizes(bearer)

    async def authenticate(self, bearer: str, resource: Resource = nowhere) -> Caller:
        caller = await self._tokens.authenticate(bearer, resource)
        if caller.user_id not in self._known:
            await self._provision(caller.user_id)
            self._known[caller.user_id] = None
        return caller
