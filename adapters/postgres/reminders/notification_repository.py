from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, true, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.elements import ColumnElement

from adapters.postgres.driver.database import Database
from adapters.postgres.tables import notifications, used_actions
from adapters.postgres.work.deletion import delete_some
from adapters.postgres.work.leases import claim, next_due
from application.ports import NotificationRepository
from domain.reminders.notification import Channel, Notification

COLUMNS = [notifications.c[name] for name in Notification.__dataclass_fields__]
CLAIM = claim(notifications, notifications.c.next_attempt_at, true()).returning(*COLUMNS)
NEXT_DUE = next_due(notifications, notifications.c.next_attempt_at, true())


class PostgresNotifications(NotificationRepository):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(
        self, now: datetime, lease: str, until: datetime, most: int, of_user: int
    ) -> Sequence[Notification]:
        given = {"now": now, "by": lease, "until": until, "most": most, "of_user": of_user}
        rows = await self._database.run(CLAIM, given)
        return [Notification(**{**row, "channel": Channel(row.channel)}) for row in rows]

    async def next_due(self, now: datetime) -> datetime | None:
        [(at,)] = await self._database.run(NEXT_DUE, {"now": now})
        return at  # type: ignore[no-any-return]

    async def end(self, notification: Notification) -> None:
        await self._database.run(delete(notifications).where(*_held(notification)).returning(notifications.c.id))

    async def postpone(self, notification: Notification, until: datetime, *, failed: bool) -> None:
        values = {"next_attempt_at": until, "lease": None, "lease_until": None}
        again = update(notifications).where(*_held(notification))
        again = again.values(**values, failures=notifications.c.failures + int(failed))
        await self._database.run(again.returning(notifications.c.id))

    async def hasten(self, user_id: str, now: datetime) -> None:
        table = notifications.c
        held_back = (table.user_id == user_id, table.lease.is_(None), table.failures == 0, table.next_attempt_at > now)
        again = update(notifications).where(*held_back).values(next_attempt_at=now)
        await self._database.write(again.returning(table.id))

    async def use_action(self, user_id: str, ring_id: int, at: datetime) -> bool:
        row = {"user_id": user_id, "ring_id": ring_id, "used_at": at}
        used = postgresql.insert(used_actions).values(row).on_conflict_do_nothing()
        return bool(await self._database.write(used.returning(used_actions.c.ring_id)))

    async def forget_actions(self, before: datetime, limit: int) -> int:
        return await delete_some(self._database, used_actions, used_actions.c.used_at < before, limit)


def _held(notification: Notification) -> tuple[ColumnElement[bool], ...]:
    table = notifications.c
    return (table.user_id == notification.user_id, table.id == notification.id, table.lease == notification.lease)
