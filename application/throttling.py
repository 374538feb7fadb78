"""How often somebody may try to get in. Counted before a password is looked at: that is slow on purpose."""

import hashlib
from dataclasses import dataclass

from application.ports import PasswordHasher, RateLimiter
from domain.account import PASSWORD_LONGEST
from domain.errors import WrongCredentials

WRONG = "Email or password is wrong."


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who stands at the door, as far as the network tells; without an address nobody is counted by it."""

    address: str | None = None
    user_agent: str | None = None


UNSEEN = Visitor()


class Throttle:
    """Every method raises `RateLimited`. What is counted by account is counted for accounts that do not exist, too."""

    def __init__(self, sign_in: RateLimiter, sign_up: RateLimiter, reset: RateLimiter) -> None:
        self._sign_in = sign_in
        self._sign_up = sign_up
        self._reset = reset

    async def sign_in(self, account: str, visitor: Visitor) -> None:
        """`account` is an email, or the id of a user who has none."""
        await _by_address(self._sign_in, visitor)
        await self._sign_in.hit(_hidden(account))

    async def sign_up(self, visitor: Visitor) -> None:
        await _by_address(self._sign_up, visitor)

    async def reset(self, visitor: Visitor) -> None:
        await _by_address(self._reset, visitor)


class PasswordCheck:
    def __init__(self, passwords: PasswordHasher, throttle: Throttle) -> None:
        self._passwords = passwords
        self._throttle = throttle

    async def __call__(self, account: str, given: str, stored: str | None, visitor: Visitor) -> None:
        """Raises `RateLimited` and, in the same time and words where nothing is stored, `WrongCredentials`."""
        await self._throttle.sign_in(account, visitor)
        if not await self._passwords.verify(given[: PASSWORD_LONGEST + 1], stored):
            raise WrongCredentials(WRONG)


async def _by_address(limiter: RateLimiter, visitor: Visitor) -> None:
    if visitor.address:
        await limiter.hit(f"address {visitor.address}")


def _hidden(account: str) -> str:
    """No email is kept where calls are counted."""
    return f"account {hashlib.sha256(account.casefold().encode('utf-8', 'surrogatepass')).hexdigest()}"
