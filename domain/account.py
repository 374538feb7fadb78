"""Who uses tasktalk, and in whose name something is done."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from domain.errors import Forbidden, InsufficientScope, Invalid
from domain.text import clean, is_visible

NAME_LONGEST = 100
PASSWORD_SHORTEST, PASSWORD_LONGEST = 8, 128
RESET_TOKEN_LIFETIME = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    id: str
    email: str | None
    name: str | None
    password_hash: str | None = field(repr=False)
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Actor:
    """Who made a change: the user, one of their API tokens, a chat turn or we ourselves, who empty the trash.

    `id` is the token's or the turn's.
    """

    kind: Literal["user", "token", "turn", "system"] = "user"
    id: str | None = None


class Scope(StrEnum):
    """What a bearer may do with the tasks and conversations of its user."""

    READ = "tasks:read"
    WRITE = "tasks:write"


EVERYTHING = frozenset(Scope)


@dataclass(frozen=True, slots=True)
class Caller:
    """The authenticated party of a request: whose rows it may touch, and who is named in the log of changes.

    `session_id` is that of a sign-in with us; `subject` is what another issuer calls the user.
    """

    user_id: str
    actor: Actor = Actor()
    scopes: frozenset[Scope] = EVERYTHING
    session_id: str | None = None
    subject: str | None = None

    def check(self, scope: Scope) -> None:
        """Raises `InsufficientScope`."""
        if scope not in self.scopes:
            raise InsufficientScope(scope)

    @property
    def limits(self) -> str:
        """Tells a limited bearer from the user's own, which is "": it may not see what others were answered."""
        is_own = self.actor.id is None and self.scopes == EVERYTHING
        return "" if is_own else " ".join([self.actor.id or "", *sorted(self.scopes)])

    def check_is_user(self) -> None:
        """Raises `Forbidden` for an API token and for any that is limited: could it make others, it would be worth more
        than it was given.
        """
        if self.actor.kind == "token" or self.scopes != EVERYTHING:
            raise Forbidden("An API token may not do that. Sign in, and do it yourself.")


def clean_name(name: str | None) -> str | None:
    """Returns None for a name in which nothing shows."""
    cleaned = clean("name", name or "", longest=NAME_LONGEST)
    return cleaned if is_visible(cleaned) else None


def check_password(field: str, password: str) -> str:
    """8–128 characters, used exactly as typed. Raises `Invalid`."""
    clean(field, password, longest=len(password))
    if not PASSWORD_SHORTEST <= len(password) <= PASSWORD_LONGEST:
        raise Invalid.field(field, f"must be {PASSWORD_SHORTEST} to {PASSWORD_LONGEST} characters")
    return password
