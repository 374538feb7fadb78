"""Delivers the events of the log to the webhooks: at least once, in order, by any server."""

import asyncio
import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from application.ports import (
    Clock,
    DueWork,
    EventLog,
    WebhookRepository,
    WebhookSender,
)
from application.ports.topics import WEBHOOKS_TOPIC
from domain.errors import Refusal
from domain.tasks.changes import Event
from domain.webhooks.webhook import SEND_SECONDS, Undelivered, Webhook, WebhookState

LEASE_SECONDS = 15
"""How soon another server takes over if one died. No sending begins that could outlast the lease, so this is also how
long a busy webhook is served before others have their turn.
"""
MAX_SENDINGS = 200
"""Sendings of one server at once. Most of the time they wait for the receiver."""
MAX_SENDINGS_PER_USER = 2
"""Sendings of one user at once on all servers, so that slow receivers of one user delay nobody else."""
MAX_STATEMENTS = 4
"""Statements at once. Many sendings that end together must not take the database's connections from requests."""
EVENTS_AT_ONCE = 20
OUR_FAULT = "It could not be sent: an error on our side."

log = logging.getLogger(__name__)


class WebhookDeliveries(DueWork[Webhook]):
    """Delivers to due webhooks. `sender` is a factory, since most servers never send anything."""

    topic = WEBHOOKS_TOPIC

    def __init__(
        self,
        webhooks: WebhookRepository,
        events: EventLog,
        sender: Callable[[], WebhookSender],
        clock: Clock,
        new_id: Callable[[], str],
    ) -> None:
        self._webhooks = webhooks
        self._events = events
        self._sender = sender
        self._clock = clock
        self._new_id = new_id
        self._database = asyncio.Semaphore(MAX_STATEMENTS)

    async def claim(self, limit: int) -> Sequence[Webhook]:
        now = self._clock()
        until = now + timedelta(seconds=LEASE_SECONDS)
        return await self._webhooks.claim(now, self._new_id(), until, limit, MAX_SENDINGS_PER_USER)

    async def next_due(self) -> datetime | None:
        return await self._webhooks.next_due(self._clock())

    async def perform(self, item: Webhook) -> None:
        """Sends the next events. If the result can't be stored, they are sent again after the lease has expired."""
        try:
            async with self._database:
                events = await self._events.page(item.user_id, EVENTS_AT_ONCE, after=item.position)
            await (self._send(item, events) if events else self._catch_up(item))
        except Refusal as refusal:
            log.warning("what came of sending to webhook %s could not be stored: %s", item.id, refusal.code)

    async def _send(self, webhook: Webhook, events: Sequence[Event]) -> None:
        for event in events:
            is_wanted = event.entity in webhook.entities
            webhook = await self._attempt(webhook, event) if is_wanted else webhook.passed(event.revision)
            last = webhook.failures > 0 or event is events[-1] or not self._has_time(webhook)
            if not await self._store(webhook.released() if last else webhook) or last:
                return

    async def _store(self, webhook: Webhook) -> bool:
        async with self._database:
            return await self._webhooks.store(webhook, webhook.lease)

    async def _attempt(self, webhook: Webhook, event: Event) -> Webhook:
        jitter = random.random()  # noqa: S311
        try:
            status = await self._sender().send(webhook, event)
            after = webhook.answered(event.revision, status, self._clock(), jitter)
        except Undelivered as failure:
            after = webhook.failed(str(failure), self._clock(), jitter)
        except Exception:
            log.exception("sending to webhook %s crashed", webhook.id)
            after = webhook.failed(OUR_FAULT, self._clock(), jitter)
        if after.state is WebhookState.DEAD:
            log.warning("webhook %s is dead after %s attempts", webhook.id, after.failures)
        return after

    async def _catch_up(self, webhook: Webhook) -> None:
        """Moves the position to the end of the log if the rest is forgotten, but not past events of entities that only
        a newer version knows."""
        newest = (await self._events.span(webhook.user_id)).newest
        is_sent = not await self._events.page(webhook.user_id, 1, after=webhook.position)
        await self._store(replace(webhook.released(), position=newest if is_sent else webhook.position))

    def _has_time(self, webhook: Webhook) -> bool:
        return webhook.lease_until is None or self._clock() + timedelta(seconds=SEND_SECONDS) <= webhook.lease_until
