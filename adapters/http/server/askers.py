"""Who asks, as far as that is known: places are counted by it, and nothing is allowed for it."""

from collections.abc import MutableMapping
from functools import lru_cache

from cachetools import FIFOCache
from litestar.exceptions import HTTPException
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from adapters.http.server.addresses import TrustedProxies
from adapters.http.server.concurrency_limits import ConcurrencyLimit, Key

BUSY, TOO_MANY = 503, 429
RETRY = {"Retry-After": "1"}
TOKENS_REMEMBERED = 10_000
ADDRESSES_REMEMBERED = 1_000


class Asker:
    """A request's places. They are held under the address it comes from until its user is known."""

    __slots__ = ("_held", "_token", "_users", "key")

    def __init__(self, key: Key, token: int, users: MutableMapping[int, str]) -> None:
        self.key = key
        self._token = token
        self._users = users
        self._held: list[ConcurrencyLimit] = []

    async def enter(self, limit: ConcurrencyLimit) -> None:
        """Raises `HTTPException` where no place gets free in time."""
        if not await limit.enter(self.key):
            raise self._refusal(limit)
        self._held.append(limit)

    def leave(self, limit: ConcurrencyLimit) -> None:
        """Does nothing where the place is given back already."""
        if limit in self._held:
            self._held.remove(limit)
            limit.leave(self.key)

    def leave_all(self) -> None:
        while self._held:
            self._held.pop().leave(self.key)

    async def is_user(self, user_id: str) -> None:
        """Raises `HTTPException` where the user holds too many places already."""
        self._users[self._token] = user_id
        before, held = self.key, self._held
        self.key, self._held = user_id, []
        try:
            while held:
                limit = held.pop()
                if not await limit.rename(before, user_id):
                    raise self._refusal(limit)
                self._held.append(limit)
        finally:
            for each in held:
                each.leave(before)

    def _refusal(self, limit: ConcurrencyLimit) -> HTTPException:
        """Who waits for a place is told that the server is busy, who would only add to many that last, to end one."""
        status = TOO_MANY if limit.is_only_closed_to(self.key) else BUSY
        return HTTPException(status_code=status, headers=RETRY)


class Askers:
    """Knows the users of tokens that were taken before. Whoever comes with another one is known by address."""

    def __init__(self, proxies: TrustedProxies) -> None:
        self._users: FIFOCache[int, str] = FIFOCache(TOKENS_REMEMBERED)
        self._address = lru_cache(ADDRESSES_REMEMBERED)(proxies.client)

    def of(self, scope: HTTPScope) -> Asker:
        token = 0
        for name, value in scope["headers"]:
            if name == b"authorization":
                token = hash(value)
        return Asker(self._users.get(token) or ("address", self._address_of(scope)), token, self._users)

    def _address_of(self, scope: HTTPScope) -> str:
        forwarded = (value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for")
        client = scope["client"]
        return self._address(client[0] if client else None, tuple(forwarded))


def counted(app: ASGIApp) -> ASGIApp:
    """Middleware behind authentication: from here on, the places that a request holds are its user's."""

    async def count(scope: Scope, receive: Receive, send: Send) -> None:
        asker: Asker | None = scope.get("asker")  # type: ignore[assignment]
        caller = scope.get("user")
        if asker and caller and asker.key != caller.user_id:
            await asker.is_user(caller.user_id)
        await app(scope, receive, send)

    return count
