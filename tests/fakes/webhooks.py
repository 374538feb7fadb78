"""Webhooks in memory, and a receiver that keeps what is sent to it."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from application.ports import WebhookRepository, WebhookSender
from domain.errors import NotAuthenticated
from domain.tasks.changes import Event
from domain.webhooks.webhook import Webhook, WebhookState
from tests.fakes.work import FakeStore


class FakeWebhooks(WebhookRepository):
    def __init__(self, store: FakeStore) -> None:
        self._store = store

    async def all(self, user_id: str) -> Sequence[Webhook]:
        self._store.reached()
        own = [each for each in self._store.rows.webhooks.values() if each.user_id == user_id]
        return sorted(own, key=lambda each: (each.created_at, each.id))

    async def all_to_add(self, user_id: str) -> Sequence[Webhook]:
        if user_id not in self._store.writing().revisions:
            raise NotAuthenticated("This account no longer exists.")
        return await self.all(user_id)

    async def get(self, user_id: str, webhook_id: str) -> Webhook | None:
        self._store.reached()
        return self._store.rows.webhooks.get((user_id, webhook_id))

    async def get_to_change(self, user_id: str, webhook_id: str) -> Webhook | None:
        self._store.claim((user_id, f"webhook {webhook_id}"))
        return self._store.writing().webhooks.get((user_id, webhook_id))

    async def add(self, webhook: Webhook) -> None:
        self._store.writing().webhooks[webhook.user_id, webhook.id] = webhook

    async def delete(self, user_id: str, webhook_id: str) -> bool:
        return self._store.writing().webhooks.pop((user_id, webhook_id), None) is not None

    async def find_missed(self) -> None:
        """Nothing is: a change looks at the webhooks that are there when it is recorded."""

    async def claim(self, now: datetime, lease: str, until: datetime, most: int, of_user: int) -> Sequence[Webhook]:
        self._store.reached()
        held = Counter(each.user_id for each in self._held(now))
        places: list[tuple[int, datetime, Webhook]] = []
        for each in sorted(self._due(now), key=lambda each: each.next_attempt_at):
            held[each.user_id] += 1
            places.append((held[each.user_id], each.next_attempt_at, each))
        places.sort(key=lambda place: place[:2])
        due = [each for place, _, each in places if place <= of_user][:most]
        claimed = [replace(each, lease=lease, lease_until=until) for each in due]
        self._store.rows.webhooks |= {(each.user_id, each.id): each for each in claimed}
        return claimed

    async def next_due(self, now: datetime) -> datetime | None:
        self._store.reached()
        lapses = [each.lease_until for each in self._held(now) if each.lease_until]
        times = [each.next_attempt_at for each in self._waiting() if each.next_attempt_at > now]
        return min([*lapses, *times], default=None)

    async def store(self, webhook: Webhook, lease: str | None) -> bool:
        self._store.reached()
        stored = self._store.rows.webhooks.get((webhook.user_id, webhook.id))
        if stored is None or stored.lease != lease:
            return False
        self._store.rows.webhooks[webhook.user_id, webhook.id] = webhook
        return True

    def _waiting(self) -> Iterator[Webhook]:
        rows = self._store.rows
        for each in rows.webhooks.values():
            if each.state is WebhookState.ACTIVE and each.position < rows.revisions[each.user_id]:
                yield each

    def _held(self, now: datetime) -> list[Webhook]:
        return [each for each in self._store.rows.webhooks.values() if each.lease_until and each.lease_until > now]

    def _due(self, now: datetime) -> Iterator[Webhook]:
        for each in self._waiting():
            locked = (each.user_id, f"webhook {each.id}") in self._store.claims
            if not locked and each not in self._held(now) and each.next_attempt_at <= now:
                yield each


class FakeReceiver(WebhookSender):
    """Answers with one status after another, then with 204: `answers` may be an exception to raise, too."""

    def __init__(self) -> None:
        self.answers: list[int | Exception] = []
        self.sent: list[tuple[str, int]] = []
        self.hold = asyncio.Event()
        self.hold.set()

    async def send(self, webhook: Webhook, event: Event) -> int:
        self.sent.append((webhook.id, event.revision))
        await self.hold.wait()
        answer = self.answers.pop(0) if self.answers else 204
        if isinstance(answer, Exception):
            raise answer
        return answer
