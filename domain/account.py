"""Who uses tasktalk, and in whose name something is done."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from domain.errors import Invalid
from domain.text import clean

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


@dataclass(frozen=True, slots=True)
class Caller:
    """The authenticated party of a request: whose rows it may touch, and who is named in the log of changes."""

    user_id: str
    actor: Actor = Actor()


def clean_name(name: str | None) -> str | None:
    return clean("name", name or "", longest=NAME_LONGEST) or None


def check_password(field: str, password: str) -> str:
    """8–128 characters, used exactly as typed. Raises `Invalid`."""
    clean(field, password, longest=len(password))
    if not PASSWORD_SHORTEST <= len(password) <= PASSWORD_LONGEST:
        raise Invalid.field(field, f"must be {PASSWORD_SHORTEST} to {PASSWORD_LONGEST} characters")
    return password
