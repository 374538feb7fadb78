from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import DateTime, Integer, bindparam, select, text, update
from sqlalchemy.dialects import postgresql

from adapters.postgres.driver.database import Database
from adapters.postgres.tables import counters, reminder_settings
from application.ports import ReminderSettingsRepository
from domain.errors import NotAuthenticated
from domain.reminders.settings import ReminderSettings

COLUMNS = [reminder_settings.c[name] for name in ReminderSettings.__dataclass_fields__]
CLAIM = text("""
    UPDATE reminder_settings SET next_morning = :now + interval '1 hour'
    WHERE user_id IN (
        SELECT user_id FROM reminder_settings WHERE next_morning <= :now
        ORDER BY next_morning LIMIT :most FOR UPDATE SKIP LOCKED
    )
    RETURNING user_id
""").bindparams(bindparam("now", type_=DateTime(timezone=True)), bindparam("most", type_=Integer))


class PostgresReminderSettings(ReminderSettingsRepository):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, user_id: str) -> ReminderSettings:
        rows = await self._database.run(select(*COLUMNS).where(reminder_settings.c.user_id == user_id))
        return ReminderSettings(**rows[0]) if rows else ReminderSettings()

    async def save(self, user_id: str, settings: ReminderSettings, next_morning: datetime | None) -> None:
        lock = select(counters.c.user_id).where(counters.c.user_id == user_id).with_for_update()
        if not await self._database.write(lock):
            raise NotAuthenticated("This account no longer exists.")
        values = {column.name: getattr(settings, column.name) for column in COLUMNS} | {"next_morning": next_morning}
        new = postgresql.insert(reminder_settings).values(user_id=user_id, **values)
        await self._database.write(new.on_conflict_do_update(index_elements=["user_id"], set_=values))

    async def claim_mornings(self, now: datetime, limit: int) -> Sequence[str]:
        return [row.user_id for row in await self._database.run(CLAIM, {"now": now, "most": limit})]

    async def set_morning(self, user_id: str, at: datetime | None) -> None:
        own = update(reminder_settings).where(reminder_settings.c.user_id == user_id)
        await self._database.run(own.values(next_morning=at).returning(reminder_settings.c.user_id))
