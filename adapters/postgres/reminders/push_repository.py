from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql

from adapters.postgres.driver.database import Database
from adapters.postgres.tables import counters, push_subscriptions
from application.ports import PushSubscriptionRepository
from domain.errors import NotAuthenticated
from domain.reminders.push import PushSubscription

COLUMNS = [push_subscriptions.c[name] for name in PushSubscription.__dataclass_fields__]
RENEWED = ("p256dh", "auth")


class PostgresPushSubscriptions(PushSubscriptionRepository):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self, user_id: str) -> Sequence[PushSubscription]:
        own = select(*COLUMNS).where(push_subscriptions.c.user_id == user_id)
        rows = await self._database.run(own.order_by(push_subscriptions.c.created_at, push_subscriptions.c.id))
        return [PushSubscription(**row) for row in rows]

    async def get(self, user_id: str, subscription_id: str) -> PushSubscription | None:
        which = (push_subscriptions.c.user_id == user_id, push_subscriptions.c.id == subscription_id)
        rows = await self._database.run(select(*COLUMNS).where(*which))
        return PushSubscription(**rows[0]) if rows else None

    async def add(self, subscription: PushSubscription) -> str:
        lock = select(counters.c.user_id).where(counters.c.user_id == subscription.user_id).with_for_update()
        if not await self._database.write(lock):
            raise NotAuthenticated("This account no longer exists.")
        row = {column.name: getattr(subscription, column.name) for column in COLUMNS}
        new = postgresql.insert(push_subscriptions).values(row)
        again = {name: new.excluded[name] for name in RENEWED}
        kept = new.on_conflict_do_update(index_elements=["user_id", "endpoint"], set_=again)
        [(subscription_id,)] = await self._database.write(kept.returning(push_subscriptions.c.id))
        return str(subscription_id)

    async def delete(self, user_id: str, subscription_id: str) -> bool:
        which = (push_subscriptions.c.user_id == user_id, push_subscriptions.c.id == subscription_id)
        gone = delete(push_subscriptions).where(*which).returning(push_subscriptions.c.id)
        return bool(await self._database.run(gone))
