"""The published keys of one issuer, and when they are fetched again."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Protocol

import httpx2

from adapters.auth.issuers import Issuer
from adapters.auth.public_keys import PublicKey
from application.ports import Clock

PAUSE_SECONDS = 30
"""The least time between two requests to one issuer."""
FRESH_SECONDS = 300
KEPT_SECONDS = 600
"""A key that is no longer published is refused after this time, if its issuer answers."""
FAILURES = (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError, RecursionError)
"""`TimeoutError` is included, as it is an `OSError`."""

log = logging.getLogger(__name__)


class KeySource(Protocol):
    async def fetch(self, issuer: Issuer) -> Sequence[PublicKey]:
        """Raises one of `FAILURES`."""

    async def close(self) -> None: ...


class KeySet:
    """The keys of an issuer. They are fetched at first use, again for an unknown `kid`, and in the background when they
    are older than `FRESH_SECONDS`. If fetching fails, the keys stay as they are."""

    def __init__(self, issuer: Issuer, source: KeySource, clock: Clock) -> None:
        self._issuer = issuer
        self._source = source
        self._clock = clock
        self._keys: Sequence[PublicKey] = ()
        self._fetched_at = self._asked_at = float("-inf")
        self._is_away = False
        self._flight: asyncio.Task[None] | None = None

    async def key(self, kid: str | None) -> PublicKey | None:
        """Without a `kid`, returns the only key, or None if there are several. Never raises."""
        await self._freshen()
        found = self._find(kid)
        if found is None and (flight := self._ask()):
            await asyncio.shield(flight)
            found = self._find(kid)
        return found

    async def close(self) -> None:
        if self._flight:
            self._flight.cancel()
            await asyncio.gather(self._flight, return_exceptions=True)

    async def _freshen(self) -> None:
        age = self._since(self._fetched_at)
        if age >= FRESH_SECONDS and (flight := self._ask()) and age >= KEPT_SECONDS and not self._is_away:
            await asyncio.shield(flight)

    def _find(self, kid: str | None) -> PublicKey | None:
        found = [each for each in self._keys if kid is None or each.jwk.kid == kid]
        return None if kid is None and len(found) > 1 else next(iter(found), None)

    def _ask(self) -> asyncio.Task[None] | None:
        """Starts a fetch unless one runs, or returns None during a pause. All callers wait for the same fetch."""
        if self._flight is None or self._flight.done():
            if self._since(self._asked_at) < PAUSE_SECONDS:
                return None
            self._asked_at = self._now()
            self._flight = asyncio.create_task(self._renew())
        return self._flight

    async def _renew(self) -> None:
        try:
            self._keys = await self._source.fetch(self._issuer)
        except FAILURES as failure:
            self._is_away = True
            log.warning("the keys of issuer %s can't be fetched: %s", self._issuer.issuer, type(failure).__name__)
        else:
            self._is_away, self._fetched_at = False, self._now()

    def _since(self, moment: float) -> float:
        """Returns infinity if the clock was set back, so that the keys are fetched again."""
        seconds = self._now() - moment
        return seconds if seconds >= 0 else float("inf")

    def _now(self) -> float:
        return self._clock().timestamp()
