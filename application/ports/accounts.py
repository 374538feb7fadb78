"""What accounts need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any, Protocol

from domain.accounts.account import Caller, User


class AccountRepository(Protocol):
    async def add(self, user: User) -> None:
        """Raises `EmailTaken`, for a taken id too; emails are compared by their `email_key`."""

    async def get(self, user_id: str) -> User | None:
        """Returns None for a closed account too."""

    async def get_to_change(self, user_id: str) -> User | None:
        """In its newest state; nobody else changes it until this unit of work ends."""

    async def by_email(self, email: str) -> User | None: ...

    async def set_password(self, user_id: str, password_hash: str) -> None: ...

    async def confirm_email(self, user_id: str, at: datetime) -> None:
        """Keeps the time of the first confirmation."""

    async def change(self, user_id: str, values: Mapping[str, Any]) -> User:
        """Returns the user as they are then. Raises `NotAuthenticated` where the user is gone."""

    async def close(self, user_id: str, now: datetime) -> None:
        """Takes away all that leads to the account: its email, password, tokens and webhooks. No task can be changed.

        What is left is found and erased under the user's id.
        """

    async def closed(self, limit: int) -> Sequence[str]:
        """Returns the ids of closed accounts that are not erased yet, those closed the longest first."""

    async def erase(self, user_id: str, limit: int) -> bool:
        """Deletes up to `limit` rows of a closed account, and at last the account. Returns whether there is more."""

    async def add_reset(self, user_id: str, token_hash: bytes, expires_at: datetime) -> None: ...

    async def cancel_resets(self, user_id: str) -> None: ...

    async def use_reset(self, user_id: str, token_hash: bytes, now: datetime) -> bool:
        """True once for a token that has not expired; it and the user's other ones are then gone."""


class PasswordMatch(IntEnum):
    """`OUTDATED`: the password is right, and its hash is weaker than today's or not made of its NFC."""

    WRONG = 0
    RIGHT = 1
    OUTDATED = 2


class PasswordHasher(Protocol):
    async def hash(self, password: str) -> str: ...

    async def verify(self, password: str, password_hash: str | None) -> PasswordMatch:
        """Compares each of `password_forms`. Takes the same time for a wrong password and for None, where there is no
        such user.
        """


@dataclass(frozen=True, slots=True)
class TokenClaims:
    """`session_id` is None where somebody else who shares our secret signed the token."""

    user_id: str
    session_id: str | None = None


class AccessTokens(Protocol):
    def issue(self, user_id: str, session_id: str) -> str: ...

    def verify(self, token: str) -> TokenClaims:
        """Raises `NotAuthenticated`, with one message for every reason."""


class BearerAuthenticator(Protocol):
    """One kind of tokens that a request may carry."""

    def recognizes(self, bearer: str) -> bool:
        """By its looks alone: it is not believed yet."""

    async def authenticate(self, bearer: str) -> Caller:
        """Raises `NotAuthenticated`, with one message for every reason."""


class EmailAddresses(Protocol):
    def normalize(self, address: str) -> str:
        """The address as it is stored and shown. Raises `Invalid` for what is none."""


class Mailer(Protocol):
    async def send_reset_link(self, address: str, link: str) -> None:
        """Never raises: a mail that can't be sent is logged."""
