"""Signed tokens. Each allows its holder one action: a button of a notification, to stop the mails, or a call that its
user agrees to."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta

import msgspec

from application.ports import Clock
from domain.errors import InvalidLink

LIFETIME = timedelta(days=30)
"""As long as a reminder can be snoozed."""
USELESS = "This link is incomplete or too old. Open tasktalk, and do it there."


class _Claims(msgspec.Struct, array_like=True):
    purpose: str
    user_id: str
    subject: str
    expires: int


class ActionTokens:
    """A token is for one purpose, one user and one subject. `key` is that of the access tokens, but used for nothing
    else in this form."""

    def __init__(self, key: str, clock: Clock) -> None:
        self._key = hmac.digest(key.encode(), b"tasktalk action tokens", "sha256")
        self._clock = clock

    def issue(self, purpose: str, user_id: str, subject: str, lifetime: timedelta = LIFETIME) -> str:
        expires = int((self._clock() + lifetime).timestamp())
        claims = msgspec.json.encode(_Claims(purpose, user_id, subject, expires))
        return f"{_text(claims)}.{_text(self._mac(claims))}"

    def read(self, purpose: str, token: str) -> tuple[str, str]:
        """Returns the user and the subject. Raises `InvalidLink`, with one message for every reason."""
        try:
            claims, mac = (urlsafe_b64decode(each + "=" * (-len(each) % 4)) for each in token.split("."))
        except ValueError:
            raise InvalidLink(USELESS) from None
        if not hmac.compare_digest(mac, self._mac(claims)):
            raise InvalidLink(USELESS)
        found = msgspec.json.decode(claims, type=_Claims)
        if found.purpose != purpose or datetime.fromtimestamp(found.expires, self._clock().tzinfo) <= self._clock():
            raise InvalidLink(USELESS)
        return found.user_id, found.subject

    def _mac(self, claims: bytes) -> bytes:
        return hmac.digest(self._key, claims, "sha256")


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
