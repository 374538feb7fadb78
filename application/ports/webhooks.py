"""Webhooks: where they are kept, and what sends to them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain.tasks.changes import Event
from domain.webhooks.webhook import Webhook


class WebhookRepository(Protocol):
    """A webhook is due while there are events after its position, it is active and its next attempt's time has come."""

    async def all(self, user_id: str) -> Sequence[Webhook]:
        """Oldest first."""

    async def all_to_add(self, user_id: str) -> Sequence[Webhook]:
        """As `all`. The user's changes, and others who would add one, wait until this unit of work ends.

        Raises `NotAuthenticated` where the user is gone.
        """

    async def get(self, user_id: str, webhook_id: str) -> Webhook | None: ...

    async def get_to_change(self, user_id: str, webhook_id: str) -> Webhook | None:
        """In its newest state; nobody claims or stores it until this unit of work ends."""

    async def add(self, webhook: Webhook) -> None:
        """At the end of the user's log: its position is the newest revision."""

    async def delete(self, user_id: str, webhook_id: str) -> bool:
        """False where there is none."""

    async def find_missed(self) -> None:
        """Make those due that a change has missed: one begun before the webhook was there, or on an older server."""

    async def claim(self, now: datetime, lease: str, until: datetime, most: int, of_user: int) -> Sequence[Webhook]:
        """Leases up to `most` due webhooks of all users that nobody holds.

        A user has at most `of_user` of them leased at a time, on all servers together. Users who have
        the fewest come first, then what is due the longest. Each webhook goes to one caller, and nobody waits.
        """

    async def next_due(self, now: datetime) -> datetime | None:
        """Returns the first time after `now` at which one becomes due, or a lease lapses. Returns None if none is."""

    async def store(self, webhook: Webhook, lease: str | None) -> bool:
        """False where it is gone, or held under another lease than this by now: nothing is stored then."""


class WebhookSender(Protocol):
    async def send(self, webhook: Webhook, event: Event) -> int:
        """The HTTP status of the answer, within `SEND_SECONDS`. Raises `Undelivered` where there is none."""
