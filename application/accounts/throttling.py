"""Rate limits of sign-in, sign-up and password reset. They are counted before a password is verified, which is slow on
purpose."""

import hashlib
from dataclasses import dataclass

from application.ports import PasswordHasher, PasswordMatch, RateLimiter
from domain.accounts.account import MAX_TYPED_PASSWORD_LENGTH, email_key, mailbox_key
from domain.errors import WrongCredentials

WRONG = "Email or password is wrong."
NOT_THIS_ONE = "The password is wrong."
ADDRESSES_PER_ACCOUNT = 10
"""All addresses together may try this many times as often at one account as one address may."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """The client of a request as the network shows it. A client without an address is not counted by address."""

    address: str | None = None
    user_agent: str | None = None


UNSEEN = Visitor()


class Throttle:
    """Counts attempts. Every method raises `RateLimited`. Accounts that do not exist are counted like others. `account`
    counts the sign-ins to one account from all addresses together, and allows more than `sign_in`. Otherwise, somebody
    at one address could lock out the owner at another."""

    def __init__(self, sign_in: RateLimiter, sign_up: RateLimiter, reset: RateLimiter, account: RateLimiter) -> None:
        self._sign_in = sign_in
        self._sign_up = sign_up
        self._reset = reset
        self._account = account

    async def sign_in(self, account: str, visitor: Visitor) -> None:
        """Counts a sign-in. `account` is an email, or the id of a user who has none."""
        await _by_address(self._sign_in, visitor)
        by_account = self._account if visitor.address else self._sign_in
        await by_account.hit(_hidden("account", email_key(account)))

    async def sign_up(self, visitor: Visitor) -> None:
        await _by_address(self._sign_up, visitor)

    async def reset(self, visitor: Visitor) -> None:
        await _by_address(self._reset, visitor)

    async def mail(self, email: str) -> None:
        await self._reset.hit(_hidden("mailbox", mailbox_key(email)))


class PasswordCheck:
    """`refusal` is what somebody reads who gave a wrong password."""

    def __init__(self, passwords: PasswordHasher, throttle: Throttle, refusal: str = NOT_THIS_ONE) -> None:
        self._passwords = passwords
        self._throttle = throttle
        self._refusal = refusal

    async def __call__(self, account: str, given: str, stored: str | None, visitor: Visitor) -> PasswordMatch:
        """Raises `RateLimited` and `WrongCredentials`, with the same message and after the same time if `stored` is
        None."""
        await self._throttle.sign_in(account, visitor)
        match = await self._passwords.verify(given[:MAX_TYPED_PASSWORD_LENGTH], stored)
        if match is PasswordMatch.WRONG:
            raise WrongCredentials(self._refusal)
        return match


async def _by_address(limiter: RateLimiter, visitor: Visitor) -> None:
    if visitor.address:
        await limiter.hit(f"address {visitor.address}")


def _hidden(kind: str, text: str) -> str:
    """Returns a hash, so that no email is stored in the counters."""
    return f"{kind} {hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"
