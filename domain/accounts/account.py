from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal
from unicodedata import normalize

from domain.errors import Forbidden, InsufficientScope, Invalid
from domain.text import clean, is_visible

MAX_NAME_LENGTH = 100
MIN_PASSWORD_LENGTH, MAX_PASSWORD_LENGTH = 8, 128
MAX_TYPED_PASSWORD_LENGTH = 4 * MAX_PASSWORD_LENGTH + 1
"""Typed text has at most four characters for one of NFC, so longer text is too long in any form."""
RESET_TOKEN_LIFETIME = timedelta(hours=1)
WEEK_START, LOCALE, DAY_TIME = "monday", "en", "09:00"
"""The defaults of a new user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """`timezone` is a name of the IANA Time Zone Database, and `locale` a language tag (RFC 5646). Reminders of days
    without an hour ring at `reminder_time`. The email is confirmed when a link that was mailed to it has been opened.
    Before that, anybody may have signed up with it."""

    id: str
    email: str | None
    name: str | None
    password_hash: str | None = field(repr=False)
    created_at: datetime
    email_confirmed_at: datetime | None = None
    timezone: str = "UTC"
    week_start: str = WEEK_START
    locale: str = LOCALE
    reminder_time: str = DAY_TIME

    @property
    def email_confirmed(self) -> bool:
        return self.email_confirmed_at is not None


@dataclass(frozen=True, slots=True)
class Actor:
    """`id` is that of the API token, the client's connection or the chat turn. The system empties the trash."""

    kind: Literal["user", "token", "turn", "system"] = "user"
    id: str | None = None


class Scope(StrEnum):
    """The permission to read or to change the tasks and conversations of a user."""

    READ = "tasks:read"
    WRITE = "tasks:write"


ALL_SCOPES = frozenset(Scope)


@dataclass(frozen=True, slots=True)
class Caller:
    """The authenticated party of a request: its user, and the actor whom the log of changes names. `session_id` is set
    if the user signed in here. `subject` is the name that another issuer has for the user."""

    user_id: str
    actor: Actor = Actor()
    scopes: frozenset[Scope] = ALL_SCOPES
    session_id: str | None = None
    subject: str | None = None

    def check(self, scope: Scope) -> None:
        if scope not in self.scopes:
            raise InsufficientScope(scope)

    @property
    def limits(self) -> str:
        """Returns "" for the user's own access, else a text that names the restriction. It is a part of what identifies
        a request, since a limited caller must not see the answers that others were given."""
        is_own = self.actor.id is None and self.scopes == ALL_SCOPES
        return "" if is_own else " ".join([self.actor.id or "", *sorted(self.scopes)])

    def check_is_user(self) -> None:
        """Raises `Forbidden` for an API token and for any token with fewer scopes, which could otherwise create a token
        with more rights than its own."""
        if self.actor.kind == "token" or self.scopes != ALL_SCOPES:
            raise Forbidden("An API token may not do that. Sign in, and do it yourself.")


def clean_name(name: str | None) -> str | None:
    cleaned = clean("name", name or "", longest=MAX_NAME_LENGTH)
    return cleaned if is_visible(cleaned) else None


def check_password(field: str, password: str) -> str:
    """Returns the password in NFC, because keyboards differ in how they write an é. Nothing else is changed (RFC 8265,
    OpaqueString). Raises `Invalid` if it does not have 8 to 128 characters."""
    clean(field, password, longest=len(password))
    password = normalize("NFC", password[:MAX_TYPED_PASSWORD_LENGTH])
    if not MIN_PASSWORD_LENGTH <= len(password) <= MAX_PASSWORD_LENGTH:
        raise Invalid.field(field, f"must be {MIN_PASSWORD_LENGTH} to {MAX_PASSWORD_LENGTH} characters")
    return password


def password_forms(password: str) -> Sequence[str]:
    """Returns the forms in which this password may have been hashed. Today, that is its NFC. Formerly, it was the text
    as typed, and keyboards differ in the normal form that they type."""
    return list(dict.fromkeys([normalize("NFC", password), password, normalize("NFD", password)]))


def email_key(email: str) -> str:
    """Returns a text that is equal for equal addresses: in NFC and in lower case. Case folding would be wrong: it makes
    `straße` and `strasse` equal, which are two mailboxes."""
    return normalize("NFC", normalize("NFC", email).lower())


def mailbox_key(email: str) -> str:
    """Returns the text by which mails are counted. `ann+todo@example.com` most likely belongs to `ann@example.com`."""
    local, _, host = email_key(email).rpartition("@")
    return f"{local.partition('+')[0] or local}@{host}"
