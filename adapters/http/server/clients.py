"""Identifies clients for concurrency limits. Nothing is authorized by this identity."""

from collections.abc import MutableMapping
from functools import lru_cache

from cachetools import FIFOCache
from litestar.exceptions import HTTPException
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from adapters.http.server.addresses import TrustedProxies
from adapters.http.server.concurrency_limits import ClientKey, ConcurrencyLimit

BUSY, TOO_MANY_REQUESTS = 503, 429
RETRY = {"Retry-After": "1"}
TOKENS_REMEMBERED = 10_000
ADDRESSES_REMEMBERED = 1_000


class ClientPermits:
    """The permits of one request. They are counted under the client's address until its user is known."""

    __slots__ = ("_held", "_token", "_users", "key")

    def __init__(self, key: ClientKey, token: int, users: MutableMapping[int, str]) -> None:
        self.key = key
        self._token = token
        self._users = users
        self._held: list[ConcurrencyLimit] = []

    async def acquire(self, limit: ConcurrencyLimit) -> None:
        """Raises `HTTPException` if no permit becomes free in time."""
        if not await limit.acquire(self.key):
            raise self._refusal(limit)
        self._held.append(limit)

    def release(self, limit: ConcurrencyLimit) -> None:
        """Releases the permit. Does nothing if that has been done already."""
        if limit in self._held:
            self._held.remove(limit)
            limit.release(self.key)

    def release_all(self) -> None:
        while self._held:
            self._held.pop().release(self.key)

    async def move_to_user(self, user_id: str) -> None:
        """Moves the permits to the user. Raises `HTTPException` if the user holds too many already."""
        self._users[self._token] = user_id
        before, held = self.key, self._held
        self.key, self._held = user_id, []
        try:
            while held:
                limit = held.pop()
                if not await limit.transfer(before, user_id):
                    raise self._refusal(limit)
                self._held.append(limit)
        finally:
            for each in held:
                each.release(before)

    def _refusal(self, limit: ConcurrencyLimit) -> HTTPException:
        """Refuses with 429 if the client can end a stream of its own, and with 503 if the server is busy."""
        status = TOO_MANY_REQUESTS if limit.is_exhausted_only_for(self.key) else BUSY
        return HTTPException(status_code=status, headers=RETRY)


class Clients:
    """Remembers the users of tokens that were authenticated before. Other clients are identified by address."""

    def __init__(self, proxies: TrustedProxies) -> None:
        self._users: FIFOCache[int, str] = FIFOCache(TOKENS_REMEMBERED)
        self._address = lru_cache(ADDRESSES_REMEMBERED)(proxies.client)

    def of(self, scope: HTTPScope) -> ClientPermits:
        token = 0
        for name, value in scope["headers"]:
            if name == b"authorization":
                token = hash(value)
        return ClientPermits(self._users.get(token) or ("address", self._address_of(scope)), token, self._users)

    def _address_of(self, scope: HTTPScope) -> str:
        forwarded = (value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for")
        client = scope["client"]
        return self._address(client[0] if client else None, tuple(forwarded))


def count_by_user(app: ASGIApp) -> ASGIApp:
    """Counts the permits that a request holds for its user from here on. This middleware comes after authentication."""

    async def count(scope: Scope, receive: Receive, send: Send) -> None:
        permits: ClientPermits | None = scope.get("permits")  # type: ignore[assignment]
        caller = scope.get("user")
        if permits and caller and permits.key != caller.user_id:
            await permits.move_to_user(caller.user_id)
        await app(scope, receive, send)

    return count
