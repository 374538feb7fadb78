"""Identifies clients for concurrency limits. Nothing is authorized by this identity."""

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
    """The permits of one request. They are counted under the client's address until its user is known."""

    __slots__ = ("_held", "_token", "_users", "key")

    def __init__(self, key: Key, token: int, users: MutableMapping[int, str]) -> None:
        self.key = key
        self._token = token
        self._users = users
        self._held: list[ConcurrencyLimit] = []

    async def enter(self, limit: ConcurrencyLimit) -> None:
        """Raises `HTTPException` if no permit becomes free in time."""
        if not await limit.enter(self.key):
            raise self._refusal(limit)
        self._held.append(limit)

    def leave(self, limit: ConcurrencyLimit) -> None:
        """Does nothing if the permit has been released already."""
        if limit in self._held:
            self._held.remove(limit)
            limit.leave(self.key)

    def leave_all(self) -> None:
        while self._held:
            self._held.pop().leave(self.key)

    async def is_user(self, user_id: str) -> None:
        """Moves the permits to the user. Raises `HTTPException` if the user holds too many already."""
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
        """Refuses with 429 if the client can free a permit by ending a stream of its own, and with 503 if the server is
        busy."""
        status = TOO_MANY if limit.is_only_closed_to(self.key) else BUSY
        return HTTPException(status_code=status, headers=RETRY)


class Askers:
    """Remembers the users of tokens that were authenticated before. Other clients are identified by address."""

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
    """Middleware after authentication. From here on, the permits that a request holds are counted for its user."""

    async def count(scope: Scope, receive: Receive, send: Send) -> None:
        asker: Asker | None = scope.get("asker")  # type: ignore[assignment]
        caller = scope.get("user")
        if asker and caller and asker.key != caller.user_id:
            await asker.is_user(caller.user_id)
        await app(scope, receive, send)

    return count
