"""Who uses tasktalk, and in whose name something is done."""

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
"""One character of NFC is at most four as typed: what is longer than this is too long in any form."""
RESET_TOKEN_LIFETIME = timedelta(hours=1)
WEEK_START, LOCALE = "monday", "en"
"""Until the user says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """`timezone` is a name of the IANA Time Zone Database, `locale` a language tag (RFC 5646).

    The email is confirmed once a link that was mailed to it has come back. Until then, anybody may have signed up
    with it.
    """

    id: str
    email: str | None
    name: str | None
    password_hash: str | None = field(repr=False)
    created_at: datetime
    email_confirmed_at: datetime | None = None
    timezone: str = "UTC"
    week_start: str = WEEK_START
    locale: str = LOCALE

    @property
    def email_confirmed(self) -> bool:
        return self.email_confirmed_at is not None


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


ALL_SCOPES = frozenset(Scope)


@dataclass(frozen=True, slots=True)
class Caller:
    """The authenticated party of a request: whose rows it may touch, and who is named in the log of changes.

    `session_id` is that of a sign-in with us; `subject` is what another issuer calls the user.
    """

    user_id: str
    actor: Actor = Actor()
    scopes: frozenset[Scope] = ALL_SCOPES
    session_id: str | None = None
    subject: str | None = None

    def check(self, scope: Scope) -> None:
        """Raises `InsufficientScope`."""
        if scope not in self.scopes:
            raise InsufficientScope(scope)

    @property
    def limits(self) -> str:
        """Tells a limited bearer from the user's own, which is "": it may not see what others were answered."""
        is_own = self.actor.id is None and self.scopes == ALL_SCOPES
        return "" if is_own else " ".join([self.actor.id or "", *sorted(self.scopes)])

    def check_is_user(self) -> None:
        """Raises `Forbidden` for an API token and for any that is limited: could it make others, it would be worth more
        than it was given.
        """
        if self.actor.kind == "token" or self.scopes != ALL_SCOPES:
            raise Forbidden("An API token may not do that. Sign in, and do it yourself.")


def clean_name(name: str | None) -> str | None:
    """Returns None for a name in which nothing shows."""
    cleaned = clean("name", name or "", longest=MAX_NAME_LENGTH)
    return cleaned if is_visible(cleaned) else None


def check_password(field: str, password: str) -> str:
    """Returns the password in NFC, which has 8–128 characters: keyboards differ in how they write an é.

    Nothing else of it is changed (RFC 8265, OpaqueString). Raises `Invalid`.
    """
    clean(field, password, longest=len(password))
    password = normalize("NFC", password[:MAX_TYPED_PASSWORD_LENGTH])
    if not MIN_PASSWORD_LENGTH <= len(password) <= MAX_PASSWORD_LENGTH:
        raise Invalid.field(field, f"must be {MIN_PASSWORD_LENGTH} to {MAX_PASSWORD_LENGTH} characters")
    return password


def password_forms(password: str) -> Sequence[str]:
    """Returns the ways in which this password may have been hashed: in NFC, which is today's, and before that as it was
    typed, on whatever keyboard.
    """
    return list(dict.fromkeys([normalize("NFC", password), password, normalize("NFD", password)]))


def email_key(email: str) -> str:
    """Returns the text by which addresses are the same: in NFC and without case.

    Lower case, not case folding: that makes one of `straße` and `strasse`, which are two mailboxes.
    """
    return normalize("NFC", normalize("NFC", email).lower())


def mailbox_key(email: str) -> str:
    """Returns the text by which mails are counted: `ann+todo@example.com` most likely comes to `ann@example.com`."""
    local, _, host = email_key(email).rpartition("@")
    return f"{local.partition('+')[0] or local}@{host}"
