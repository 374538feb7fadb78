from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain.tasks.changes import Event
from domain.webhooks.webhook import Webhook


class WebhookRepository(Protocol):
    """A webhook is due if there are events after its position, it is active, and the time of its next attempt has
    come."""

    async def all(self, user_id: str) -> Sequence[Webhook]:
        """Returns the user's webhooks, oldest first."""

    async def all_to_add(self, user_id: str) -> Sequence[Webhook]:
        """The user's changes, and other units of work that want to add a webhook, wait until this one ends. Raises
        `NotAuthenticated` if the user no longer exists."""

    async def get(self, user_id: str, webhook_id: str) -> Webhook | None: ...

    async def get_to_change(self, user_id: str, webhook_id: str) -> Webhook | None:
        """Returns the newest state. The webhook can't be claimed or stored by others until this unit of work ends."""

    async def add(self, webhook: Webhook) -> None:
        """Adds a webhook whose position is the newest revision of the user's log."""

    async def delete(self, user_id: str, webhook_id: str) -> bool:
        """Returns False if there is no such webhook."""

    async def find_missed(self) -> None:
        """Makes webhooks due that have missed a change. That happens if the change began before the webhook was added,
        or on a server of an older version."""

    async def claim(self, now: datetime, lease: str, until: datetime, most: int, of_user: int) -> Sequence[Webhook]:
        """Leases up to `most` due webhooks. Each goes to one caller, and nobody waits. A user has at most `of_user` of
        them leased at a time. Users who have the fewest come first, and then the webhooks that have been due the
        longest."""

    async def next_due(self, now: datetime) -> datetime | None:
        """Returns the first time after `now` at which a webhook becomes due or a lease expires, or None."""

    async def store(self, webhook: Webhook, lease: str | None) -> bool:
        """Returns False, and stores nothing, if the webhook is deleted or has another lease by now."""


class WebhookSender(Protocol):
    async def send(self, webhook: Webhook, event: Event) -> int:
        """Returns the HTTP status of the response within `SEND_SECONDS`. Raises `Undelivered` if there is none."""
