"""Creates the accounts of users of other issuers at their first token (just-in-time provisioning)."""

from collections.abc import Awaitable, Callable

from application.ports import BearerAuthenticator
from domain.accounts.account import Caller


class JustInTimeProvisioning(BearerAuthenticator):
    """Lets each user of `tokens` appear, once per process: who is erased later is not brought back by a mere request
    to a server that knew them.

    `remembered` bounds how many users are known to have appeared.
    """

    def __init__(
        self, tokens: BearerAuthenticator, provision: Callable[[str], Awaitable[None]], remembered: int = 100_000
    ) -> None:
        self._tokens = tokens
        self._provision = provision
        self._most = remembered
        self._known: dict[str, None] = {}

    def recognizes(self, bearer: str) -> bool:
        return self._tokens.recognizes(bearer)

    async def authenticate(self, bearer: str) -> Caller:
        caller = await self._tokens.authenticate(bearer)
        if caller.user_id not in self._known:
            await self._provision(caller.user_id)
            self._remember(caller.user_id)
        return caller

    def _remember(self, user_id: str) -> None:
        self._known[user_id] = None
        if len(self._known) > self._most:
            del self._known[next(iter(self._known))]
