"""Sends the events of the log to the webhooks: at least once, in their order, from whichever server comes first."""

import asyncio
import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from application.background import Background
from application.ports import (
    WEBHOOKS_TOPIC,
    Clock,
    EventLog,
    Waiter,
    Wakeups,
    WebhookRepository,
    WebhookSender,
)
from domain.errors import Refusal
from domain.task import Event
from domain.webhook import SEND_SECONDS, State, Undelivered, Webhook

LEASE_SECONDS = 15
"""How soon another server goes on where one died. No sending begins that could outlast its lease, so this is also the
turn that a busy webhook gets before others have theirs."""
POLL_SECONDS = 2.0
"""Retries are due by time alone, and an announcement may be lost."""
MISSED_SECONDS = 20.0
SENDINGS_MOST = 8
EVENTS_AT_ONCE = 20
OUR_FAULT = "It could not be sent: an error on our side."

log = logging.getLogger(__name__)


class Deliveries:
    """Any number of these may run. What is under way is in `background`, so that it may end before the server does.

    `sender` is called when there is something to send: most servers never have.
    """

    def __init__(
        self,
        webhooks: WebhookRepository,
        events: EventLog,
        sender: Callable[[], WebhookSender],
        wakeups: Wakeups,
        clock: Clock,
        new_id: Callable[[], str],
        background: Background,
    ) -> None:
        self._webhooks = webhooks
        self._events = events
        self._sender = sender
        self._wakeups = wakeups
        self._clock = clock
        self._new_id = new_id
        self._background = background
        self._sending: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Until it is cancelled, whatever happens."""
        with self._wakeups.listen(WEBHOOKS_TOPIC) as due:
            while True:
                await self.start_due()
                await self._change(due)

    async def find_missed(self) -> None:
        """Until it is cancelled, whatever happens."""
        while True:
            await asyncio.sleep(MISSED_SECONDS)
            try:
                await self._webhooks.find_missed()
            except Refusal as refusal:
                log.warning("missed changes are not looked for: %s", refusal.code)
            except Exception:
                log.exception("missed changes can't be looked for")

    async def start_due(self) -> Sequence[asyncio.Task[None]]:
        """As many as there is room for."""
        started = [self._background.start(self._deliver(webhook)) for webhook in await self._claimed()]
        self._sending.update(started)
        for sending in started:
            sending.add_done_callback(self._sending.discard)
        return started

    async def _claimed(self) -> Sequence[Webhook]:
        free = SENDINGS_MOST - len(self._sending)
        if not free:
            return ()
        try:
            now = self._clock()
            return await self._webhooks.claim(now, self._new_id(), now + timedelta(seconds=LEASE_SECONDS), free)
        except Refusal as refusal:
            log.warning("webhooks wait: %s", refusal.code)
        except Exception:
            log.exception("webhooks can't be claimed")
        return ()

    async def _change(self, due: Waiter) -> None:
        """Returns when something may be due, or there is room again."""
        waiting = asyncio.ensure_future(due.wait(POLL_SECONDS))
        try:
            await asyncio.wait({waiting, *self._sending}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()

    async def _deliver(self, webhook: Webhook) -> None:
        """What can't be stored is sent again when the lease has lapsed."""
        try:
            if events := await self._events.page(webhook.user_id, EVENTS_AT_ONCE, after=webhook.position):
                await self._send(webhook, events)
            else:
                await self._catch_up(webhook)
        except Refusal as refusal:
            log.warning("what came of sending to webhook %s could not be stored: %s", webhook.id, refusal.code)

    async def _send(self, webhook: Webhook, events: Sequence[Event]) -> None:
        for event in events:
            webhook = await self._attempt(webhook, event)
            last = webhook.failures > 0 or event is events[-1] or not self._has_time(webhook)
            if not await self._webhooks.store(webhook.released() if last else webhook, webhook.lease) or last:
                return

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
        if after.state is State.DEAD:
            log.warning("webhook %s is dead after %s attempts", webhook.id, after.failures)
        return after

    async def _catch_up(self, webhook: Webhook) -> None:
        """The log has forgotten all that was still to be sent."""
        position = (await self._events.span(webhook.user_id)).oldest - 1
        await self._webhooks.store(replace(webhook.released(), position=position), webhook.lease)

    def _has_time(self, webhook: Webhook) -> bool:
        return webhook.lease_until is None or self._clock() + timedelta(seconds=SEND_SECONDS) <= webhook.lease_until
