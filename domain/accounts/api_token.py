"""An API token: what a user gives to a program, so that it may do some of what they may do themselves."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from zlib import crc32

from domain.accounts.account import Actor, Caller, Scope
from domain.text import clean

MAX_TOKEN_NAME_LENGTH = 100
LIFETIME_DAYS, MAX_LIFETIME_DAYS = 90, 366
"""A token that nobody thinks of any more ends by itself; who wants one that never does has to say so."""
USE_NOTED_EVERY = timedelta(minutes=1)

PREFIX = "tt_"
SECRET_BYTES = 32
_SPELLING = re.compile(r"(tt_[A-Za-z0-9_-]{44,1500})_([0-9a-f]{8})")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """`hash` is of the whole text, which is kept nowhere. A revoked one stays: the log of changes names it."""

    user_id: str
    id: str
    name: str
    hash: bytes = field(repr=False)
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None

    def is_live(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    @property
    def caller(self) -> Caller:
        return Caller(self.user_id, Actor("token", self.id), self.scopes)


def clean_token_name(name: str) -> str:
    return clean("name", name, longest=MAX_TOKEN_NAME_LENGTH, shortest=1)


def format_token(user_id: str, secret: bytes) -> str:
    """`tt_`, base64url of the user's id and `SECRET_BYTES` of secret, `_`, and eight hex digits of CRC-32 over that.

    The id is what the row is found by, as every table leads its keys with it. By the checksum a text that was cut
    off or mistyped is known without asking the database, and a scanner for secrets knows ours from others.
    """
    text = PREFIX + urlsafe_b64encode(user_id.encode() + secret).decode().rstrip("=")
    return f"{text}_{_checksum(text)}"


def user_id_of(text: str) -> str | None:
    """The id of the user whose token this would be; None where it can be nobody's."""
    found = _SPELLING.fullmatch(text)
    if found is None or _checksum(found[1]) != found[2]:
        return None
    encoded = found[1].removeprefix(PREFIX)
    try:
        user_id = urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))[:-SECRET_BYTES].decode()
    except ValueError:
        return None
    return None if "\0" in user_id else user_id


def hash_of(text: str) -> bytes:
    """A random secret of 256 bits needs no slow hash."""
    return sha256(text.encode("utf-8", "surrogatepass")).digest()


def _checksum(text: str) -> str:
    return f"{crc32(text.encode()):08x}"
