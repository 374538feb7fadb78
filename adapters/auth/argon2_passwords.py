"""Password hashes by argon2id (RFC 9106). They are made in threads, since the library releases the GIL."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

from application.ports import PasswordHasher, PasswordMatch
from domain.accounts.account import password_forms
from domain.errors import Unavailable

MEMORY_KIB = 19_456
ROUNDS = 2
"""The minimum of OWASP's Password Storage Cheat Sheet for argon2id with a parallelism of 1. Each thread uses 19 MiB."""

THREADS = 2
MAX_WAITING = 100
RETRY_SECONDS = 2
QUIET_SECONDS = 5.0
"""After this time without a hash, freed memory is returned to the system. Doing so after each hash would slow the next
one by half."""

T = TypeVar("T")


class Argon2Passwords(PasswordHasher):
    """Hashes passwords in threads. At most `most_waiting` calls wait or run at a time. Another call raises
    `Unavailable`. `give_memory_back` is called when no password was hashed for `QUIET_SECONDS`."""

    def __init__(
        self,
        *,
        memory_kib: int = MEMORY_KIB,
        rounds: int = ROUNDS,
        threads: int = THREADS,
        most_waiting: int = MAX_WAITING,
        give_memory_back: Callable[[], None] = lambda: None,
    ) -> None:
        self._hasher = argon2.PasswordHasher(time_cost=rounds, memory_cost=memory_kib, parallelism=1)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="argon2")
        self._most_waiting = most_waiting
        self._give_memory_back = give_memory_back
        self._waiting = 0
        self._quiet: asyncio.TimerHandle | None = None

    async def hash(self, password: str) -> str:
        return await self._run(lambda: self._hasher.hash(_encoded(password_forms(password)[0])))

    async def verify(self, password: str, password_hash: str | None) -> PasswordMatch:
        return await self._run(lambda: self._match(password_hash, password_forms(password)))

    def close(self) -> None:
        if self._quiet:
            self._quiet.cancel()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _match(self, password_hash: str | None, forms: Sequence[str]) -> PasswordMatch:
        right = next((form for form in forms if self._matches(password_hash, _encoded(form))), None)
        if right is None or password_hash is None:
            return PasswordMatch.WRONG
        is_today = right == forms[0] and not self._is_weak(password_hash)
        return PasswordMatch.RIGHT if is_today else PasswordMatch.OUTDATED

    def _is_weak(self, password_hash: str) -> bool:
        """Returns whether the hash took less work than today's. A hash that took more work is not weak. Otherwise,
        servers of two versions would keep replacing each other's hashes."""
        try:
            made = argon2.extract_parameters(password_hash)
        except InvalidHashError:
            return True
        work = self._hasher.memory_cost * self._hasher.time_cost
        return made.type is not self._hasher.type or made.memory_cost * made.time_cost < work

    def _matches(self, password_hash: str | None, password: bytes) -> bool:
        """Hashes the password if there is no hash, so that the time does not reveal whether the account exists."""
        if password_hash is None:
            self._hasher.hash(password)
            return False
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, ValueError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= self._most_waiting:
            raise Unavailable("Too many people are signing in at once. Try again in a moment.", RETRY_SECONDS)
        self._waiting += 1
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._pool, work)
        finally:
            self._waiting -= 1
            if self._quiet:
                self._quiet.cancel()
            self._quiet = loop.call_later(QUIET_SECONDS, self._give_memory_back)


def _encoded(password: str) -> bytes:
    """Never fails: even for a lone surrogate, known and unknown addresses must get the same answer."""
    return password.encode("utf-8", "surrogatepass")
