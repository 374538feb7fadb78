"""Webhooks. A change of a task writes `newest` and a delivery writes `position` in the same row, which shows what is
due. A change that began before its user's webhook was added does not see the webhook. `find_missed` corrects that."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Text, Update, bindparam, delete, insert, select, update

from adapters.postgres.driver.connections import Row
from adapters.postgres.driver.database import Database
from adapters.postgres.tables import WEBHOOK_IS_BEHIND, counters, webhooks
from adapters.postgres.work.leases import claim, next_due
from application.ports import WebhookRepository
from domain.errors import NotAuthenticated
from domain.webhooks.webhook import Webhook, WebhookState

WEBHOOK = [webhooks.c[field.name] for field in fields(Webhook)]
STORED = ("position", "state", "failures", "next_attempt_at", "lease", "lease_until")
SHOWN = ("last_error", "last_status", "last_delivered_at")

OF_USER = (
    select(*WEBHOOK)
    .where(webhooks.c.user_id == bindparam("owner", type_=Text))
    .order_by(webhooks.c.created_at, webhooks.c.id)
)
ONE = OF_USER.where(webhooks.c.id == bindparam("webhook", type_=Text))
LOCK_CHANGES = select(counters.c.user_id).where(counters.c.user_id == bindparam("owner")).with_for_update()
CLAIM = claim(webhooks, webhooks.c.next_attempt_at, WEBHOOK_IS_BEHIND).returning(*WEBHOOK)
NEXT_DUE = next_due(webhooks, webhooks.c.next_attempt_at, WEBHOOK_IS_BEHIND)
FIND_MISSED = (
    update(webhooks)
    .where(webhooks.c.user_id == counters.c.user_id, webhooks.c.newest < counters.c.revision)
    .values(newest=counters.c.revision)
    .returning(webhooks.c.id)
)


class PostgresWebhooks(WebhookRepository):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self, user_id: str) -> Sequence[Webhook]:
        return await self._read(OF_USER, owner=user_id)

    async def all_to_add(self, user_id: str) -> Sequence[Webhook]:
        if not await self._database.write(LOCK_CHANGES, {"owner": user_id}):
            raise NotAuthenticated("This account no longer exists.")
        return await self.all(user_id)

    async def get(self, user_id: str, webhook_id: str) -> Webhook | None:
        found = await self._read(ONE, owner=user_id, webhook=webhook_id)
        return found[0] if found else None

    async def get_to_change(self, user_id: str, webhook_id: str) -> Webhook | None:
        rows = await self._database.write(ONE.with_for_update(), {"owner": user_id, "webhook": webhook_id})
        return _webhook_of(rows[0]) if rows else None

    async def add(self, webhook: Webhook) -> None:
        values = {column.name: getattr(webhook, column.name) for column in WEBHOOK}
        await self._database.write(insert(webhooks).values(**values, newest=webhook.position))

    async def delete(self, user_id: str, webhook_id: str) -> bool:
        own = (webhooks.c.user_id == user_id, webhooks.c.id == webhook_id)
        return bool(await self._database.write(delete(webhooks).where(*own).returning(webhooks.c.id)))

    async def find_missed(self) -> None:
        await self._database.run(FIND_MISSED)

    async def claim(self, now: datetime, lease: str, until: datetime, most: int, of_user: int) -> Sequence[Webhook]:
        return await self._read(CLAIM, now=now, by=lease, until=until, most=most, of_user=of_user)

    async def next_due(self, now: datetime) -> datetime | None:
        [(at,)] = await self._database.run(NEXT_DUE, {"now": now})
        return at  # type: ignore[no-any-return]

    async def store(self, webhook: Webhook, lease: str | None) -> bool:
        held = webhooks.c.lease.is_(None) if lease is None else webhooks.c.lease == lease
        own = (webhooks.c.user_id == webhook.user_id, webhooks.c.id == webhook.id, held)
        values = {name: getattr(webhook, name) for name in (*STORED, *SHOWN)}
        stored = update(webhooks).where(*own).values(**values).returning(webhooks.c.id)
        return bool(await self._database.run(stored))

    async def _read(self, statement: Select[Any] | Update, **parameters: Any) -> Sequence[Webhook]:
        return [_webhook_of(row) for row in await self._database.run(statement, parameters)]


def _webhook_of(row: Row) -> Webhook:
    return Webhook(**{**row, "state": WebhookState(row.state)})
