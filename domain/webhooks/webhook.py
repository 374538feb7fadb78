"""A webhook: an address to which a user's events are sent, and how far that has come."""

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
"""RFC 3986 knows ASCII only. A backslash is a slash to some readers and not to others, who then see another host."""

SEND_SECONDS = 10
"""For one attempt, from finding the address to the answer's status."""
RETRY_SECONDS = (1, 5, 30, 120, 600, 1_800, 3_600, 10_800, 21_600, 43_200)
"""Until the next attempt after the first failure, the second, … The attempt after the last, in a day, is the last."""
JITTER = 0.2
"""Up to this part more, so that those who failed together don't try again together."""


class Undelivered(Exception):
    """Why an attempt failed, in words for the webhook's owner; nothing internal is in them."""


class WebhookState(StrEnum):
    """A dead one waits until its owner resumes it."""

    ACTIVE = "active"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A cursor over the user's log: what is up to revision `position` is delivered, what is after it goes out in order.

    Whoever sends holds the `lease`, until `lease_until`. `failures` counts the attempts of the next event so far.
    `secret` is the text itself: who signs needs it.
    """

    user_id: str
    id: str
    url: str
    secret: str = field(repr=False)
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
        """None where nothing waits to be tried again."""
        return self.next_attempt_at if self.failures and self.state is WebhookState.ACTIVE else None

    def answered(self, revision: int, status: int, now: datetime, jitter: float) -> "Webhook":
        """After the event `revision` was sent and answered with the HTTP `status`."""
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
        """`jitter` is a random number from 0 to 1."""
        after = replace(self, failures=self.failures + 1, last_error=error, last_status=None)
        if self.failures >= len(RETRY_SECONDS):
            return replace(after, state=WebhookState.DEAD)
        wait = timedelta(seconds=RETRY_SECONDS[self.failures] * (1 + JITTER * jitter))
        return replace(after, next_attempt_at=now + wait)

    def resumed(self, position: int, now: datetime) -> "Webhook":
        """Whoever is sending meanwhile has lost its lease: what comes of that is not stored."""
        return replace(
            self,
            position=position,
            state=WebhookState.ACTIVE,
            failures=0,
            next_attempt_at=now,
            lease=None,
            lease_until=None,
        )

    def released(self) -> "Webhook":
        return replace(self, lease_until=None)


def check_url(text: str, *, public: bool) -> str:
    """`public`: over HTTPS only, and to no private address. What a name leads to is looked at when something is sent.

    Raises `Invalid`.
    """
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
