"""API tokens, which let a program do some of what its user may do."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zlib import crc32

from domain.accounts.account import Actor, Caller, Scope
from domain.text import clean

MAX_TOKEN_NAME_LENGTH = 100
LIFETIME_DAYS, MAX_LIFETIME_DAYS = 90, 366
"""A forgotten token expires by itself. A token that never expires has to be requested."""
USE_NOTED_EVERY = timedelta(minutes=1)

PREFIX = "tt_"
SECRET_BYTES = 32
_SPELLING = re.compile(r"(tt_[A-Za-z0-9_-]{44,1500})_([0-9a-f]{8})")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """`hash` is of the whole text. A revoked token is kept, because the log of changes names it."""

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
    """Returns `tt_`, base64url of the user's id and `SECRET_BYTES` of secret, `_`, and eight hex digits of CRC-32 over
    that. The row is found by the user's id, since every primary key begins with it. The checksum shows a mistyped text
    without a query, and lets secret scanners recognize our tokens."""
    text = PREFIX + urlsafe_b64encode(user_id.encode() + secret).decode().rstrip("=")
    return f"{text}_{_checksum(text)}"


def user_id_of(text: str) -> str | None:
    """Returns the id of the user whose token this would be, or None if the text can't be a token."""
    found = _SPELLING.fullmatch(text)
    if found is None or _checksum(found[1]) != found[2]:
        return None
    encoded = found[1].removeprefix(PREFIX)
    try:
        user_id = urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))[:-SECRET_BYTES].decode()
    except ValueError:
        return None
    return None if "\0" in user_id else user_id


def _checksum(text: str) -> str:
    return f"{crc32(text.encode()):08x}"
