from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any, Protocol

from domain.accounts.account import Caller, User


class AccountRepository(Protocol):
    async def add(self, user: User) -> None:
        """Raises `EmailTaken` for a taken email or id. Emails are compared by their `email_key`."""

    async def get(self, user_id: str) -> User | None:
        """Returns None for a closed account too."""

    async def get_to_change(self, user_id: str) -> User | None:
        """Returns the newest state, and locks the user until this unit of work ends."""

    async def by_email(self, email: str) -> User | None: ...

    async def set_password(self, user_id: str, password_hash: str) -> None: ...

    async def confirm_email(self, user_id: str, at: datetime) -> None:
        """Confirms the email. The time of the first confirmation is kept."""

    async def set_email(self, user_id: str, email: str) -> None:
        """Sets an unconfirmed email. Raises `EmailTaken` if another account has it."""

    async def add_email_link(self, user_id: str, token_hash: bytes, email: str, expires_at: datetime) -> None: ...

    async def use_email_link(self, user_id: str, token_hash: bytes, now: datetime) -> str | None:
        """Uses up all links of the user. Returns None, and uses up none, if this one is unknown or has expired."""

    async def change(self, user_id: str, values: Mapping[str, Any]) -> User:
        """Returns the changed user. Raises `NotAuthenticated` if the user no longer exists."""

    async def close(self, user_id: str, now: datetime) -> None:
        """Removes all access to the account: its email, password, tokens and webhooks. Its tasks can't be changed any
        more. The rest stays under the user's id until it is erased."""

    async def closed(self, limit: int) -> Sequence[str]:
        """Returns the ids of closed accounts that are not erased yet, first closed first."""

    async def erase(self, user_id: str, limit: int) -> bool:
        """Deletes up to `limit` rows of a closed account, and at last the account. Returns whether more is left."""

    async def add_reset(self, user_id: str, token_hash: bytes, expires_at: datetime) -> None: ...

    async def cancel_resets(self, user_id: str) -> None: ...

    async def use_reset(self, user_id: str, token_hash: bytes, now: datetime) -> bool:
        """Removes all reset tokens. Returns False, and removes none, if this one is unknown or has expired."""


class PasswordMatch(IntEnum):
    """`OUTDATED` means that the password is right, but its hash is weaker than today's or is not that of its NFC."""

    WRONG = 0
    RIGHT = 1
    OUTDATED = 2


class PasswordHasher(Protocol):
    async def hash(self, password: str) -> str: ...

    async def verify(self, password: str, password_hash: str | None) -> PasswordMatch:
        """Compares each of `password_forms` with the hash. For None, which stands for an unknown user, it takes the
        same time as for a wrong password."""


@dataclass(frozen=True, slots=True)
class TokenClaims:
    """The claims of an access token. `session_id` is None if the token is from another service with the same secret."""

    user_id: str
    session_id: str | None = None


class AccessTokens(Protocol):
    def issue(self, user_id: str, session_id: str) -> str: ...

    def verify(self, token: str) -> TokenClaims:
        """Raises `NotAuthenticated`, with one message for every reason."""


Resource = Callable[[], str]
"""Returns the address that a request is for. Only tokens that are for certain addresses need it (RFC 8707)."""


def nowhere() -> str:
    """Is the resource where no address was asked. Tokens that are for certain addresses are then refused."""
    return ""


class BearerAuthenticator(Protocol):
    def recognizes(self, bearer: str) -> bool:
        """Returns whether the token has the form of this kind. It is not verified yet."""

    async def authenticate(self, bearer: str, resource: Resource = nowhere) -> Caller:
        """Raises `NotAuthenticated`, with one message for every reason."""


class EmailAddresses(Protocol):
    def normalize(self, address: str) -> str:
        """Returns the address in the form that is stored and shown. Raises `Invalid` if it is no email address."""


class Mailer(Protocol):
    async def send_reset_link(self, address: str, link: str) -> None:
        """Sends the link. It never raises: a failure is logged."""

    async def send_confirmation(self, address: str, link: str) -> None:
        """Sends the link that confirms the address. It never raises."""

    async def send_email_changed(self, address: str, email: str) -> None:
        """Tells an address that the account now has another `email`. It never raises."""
