"""A webhook is an address to which a user's events are sent, with the position up to which they are delivered."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

from domain.errors import Invalid
from domain.text import clean
from domain.webhooks.internet import is_public, literal_of

MAX_URL_LENGTH = 2000
URL_CHARACTERS = re.compile(r"[\x21-\x5b\x5d-\x7e]+")
"""URLs are ASCII only (RFC 3986). Some parsers read a backslash as a slash and so see another host."""

KEY_PREFIX = "whsec_"
"""As Standard Webhooks has it: the key stands behind it, in base64."""
SEND_SECONDS = 10
"""The time limit of one attempt, from resolving the host to the status of the response."""
RETRY_SECONDS = (1, 5, 30, 120, 600, 1_800, 3_600, 10_800, 21_600, 43_200)
"""Seconds until the next attempt after the first failure, the second, and so on. The last attempt is about a day after
the first.
"""
JITTER = 0.2
"""The wait is longer by up to this fraction, so that webhooks that failed together are not retried together."""


class Undelivered(Exception):
    """The reason why an attempt failed, in words for the owner of the webhook and without internals."""


class WebhookState(StrEnum):
    """The state of a webhook. A dead webhook waits until its owner resumes it."""

    ACTIVE = "active"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A cursor over the user's log: events up to revision `position` are delivered, and later ones are sent in order.
    It is for events of these `entities`. Others are passed over.

    The sending server holds the `lease` until `lease_until`. `failures` counts the failed attempts of the next event.
    `secret` is stored as text, because it is needed to sign.
    """

    user_id: str
    id: str
    url: str
    secret: str = field(repr=False)
    entities: list[str] = field(default_factory=lambda: ["task"], hash=False)
    position: int = 0
    state: WebhookState = WebhookState.ACTIVE
    failures: int = 0
    next_attempt_at: datetime
    lease: str | None = None
    lease_until: datetime | None = None
    last_error: str | None = None
    last_status: int | None = None
    last_delivered_at: datetime | None = None
    created_at: datetime

    @property
    def retry_at(self) -> datetime | None:
        return self.next_attempt_at if self.failures and self.state is WebhookState.ACTIVE else None

    def answered(self, revision: int, status: int, now: datetime, jitter: float) -> "Webhook":
        if not 200 <= status < 300:
            moved = ", a redirect, and those are not followed: give the final address" if 300 <= status < 400 else ""
            return replace(self.failed(f"It answered {status}{moved}.", now, jitter), last_status=status)
        return replace(
            self,
            position=revision,
            failures=0,
            next_attempt_at=now,
            last_error=None,
            last_status=status,
            last_delivered_at=now,
        )

    def failed(self, error: str, now: datetime, jitter: float) -> "Webhook":
        """Returns the webhook after a failed attempt. `jitter` is a random number from 0 to 1."""
        after = replace(self, failures=self.failures + 1, last_error=error, last_status=None)
        if self.failures >= len(RETRY_SECONDS):
            return replace(after, state=WebhookState.DEAD)
        wait = timedelta(seconds=RETRY_SECONDS[self.failures] * (1 + JITTER * jitter))
        return replace(after, next_attempt_at=now + wait)

    def resumed(self, position: int, now: datetime) -> "Webhook":
        """A server that is sending at this time loses its lease, so its result is not stored."""
        return replace(
            self,
            position=position,
            state=WebhookState.ACTIVE,
            failures=0,
            next_attempt_at=now,
            lease=None,
            lease_until=None,
        )

    def passed(self, revision: int) -> "Webhook":
        return replace(self, position=revision)

    def released(self) -> "Webhook":
        return replace(self, lease_until=None)


def check_url(text: str, *, public: bool) -> str:
    """Returns the URL. Raises `Invalid`. With `public` it must be HTTPS and have no private address. The address of a
    host name is checked when an event is sent."""
    text = clean("url", text, longest=MAX_URL_LENGTH, shortest=1)
    if not URL_CHARACTERS.fullmatch(text):
        raise Invalid.field("url", "must be of visible ASCII characters, without a backslash: encode others")
    if wrong := _url_problem(_split(text), public):
        raise Invalid.field("url", wrong)
    return text


def _split(text: str) -> SplitResult | None:
    try:
        url = urlsplit(text)
        return url if url.hostname and url.port != 0 else None
    except ValueError:
        return None


def _url_problem(url: SplitResult | None, public: bool) -> str | None:
    if url is None:
        return "must be a URL with a host, such as https://example.com/hook"
    if url.scheme not in (("https",) if public else ("https", "http")):
        return "must start with https://" if public else "must start with https:// or http://"
    if "@" in url.netloc:
        return "must not contain a user name or password: the signature shows who sends"
    if url.fragment:
        return "must not have a # part"
    if public and _is_literal_private(url.hostname or ""):
        return "must not be a private or reserved address"
    return "must have a host without % signs: write its name as it is" if "%" in url.netloc else None


def _is_literal_private(host: str) -> bool:
    literal = literal_of(host)
    return literal is not None and not is_public(literal)
