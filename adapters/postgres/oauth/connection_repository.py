from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, insert, or_, select, update

from adapters.postgres.driver.connections import Row
from adapters.postgres.driver.database import Database
from adapters.postgres.oauth.rows import columns, values
from adapters.postgres.tables import oauth_connections, users
from adapters.postgres.work.deletion import delete_some
from application.ports.access.oauth import ConnectionRepository
from domain.accounts.account import Scope
from domain.errors import NotAuthenticated
from domain.oauth.connections import USE_NOTED_EVERY, Connection

TABLE = oauth_connections.c
CONNECTION = columns(oauth_connections, Connection)


class PostgresConnections(ConnectionRepository):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def live(self, user_id: str, now: datetime) -> Sequence[Connection]:
        own = select(*CONNECTION).where(TABLE.user_id == user_id, TABLE.ended_at.is_(None), TABLE.expires_at > now)
        return await self._read(own.order_by(TABLE.created_at, TABLE.id))

    async def live_to_add(self, user_id: str, now: datetime) -> Sequence[Connection]:
        """Locks the user so that inserts of other rows that refer to it need not wait."""
        open_one = select(users.c.id).where(users.c.id == user_id, users.c.erased_at.is_(None))
        if not await self._database.write(open_one.with_for_update(key_share=True)):
            raise NotAuthenticated("This account no longer exists.")
        return await self.live(user_id, now)

    async def add(self, connection: Connection) -> None:
        await self._database.write(insert(oauth_connections).values(values(oauth_connections, connection)))

    async def get_to_change(self, user_id: str, connection_id: str) -> Connection | None:
        one = select(*CONNECTION).where(TABLE.user_id == user_id, TABLE.id == connection_id)
        rows = await self._database.write(one.with_for_update())
        return _connection(rows[0]) if rows else None

    async def store(self, connection: Connection) -> None:
        own = (TABLE.user_id == connection.user_id, TABLE.id == connection.id)
        changed = values(oauth_connections, connection)
        del changed["last_used_at"]  # which is noted by itself meanwhile
        await self._database.write(update(oauth_connections).where(*own).values(changed))

    async def end(self, user_id: str, now: datetime, *, only: str | None = None) -> Sequence[Connection]:
        which = [TABLE.user_id == user_id, TABLE.ended_at.is_(None)]
        which += [TABLE.id == only] if only is not None else []
        ended = update(oauth_connections).where(*which).values(ended_at=now).returning(*CONNECTION)
        return [_connection(row) for row in await self._database.write(ended)]

    async def ended_since(self, since: datetime) -> Sequence[Connection]:
        return await self._read(select(*CONNECTION).where(TABLE.ended_at > since))

    async def note_use(self, user_id: str, connection_id: str, at: datetime) -> None:
        is_due = or_(TABLE.last_used_at.is_(None), TABLE.last_used_at <= at - USE_NOTED_EVERY)
        own = (TABLE.user_id == user_id, TABLE.id == connection_id, is_due)
        await self._database.run(update(oauth_connections).where(*own).values(last_used_at=at).returning(TABLE.id))

    async def forget(self, over_before: datetime, limit: int) -> int:
        which = or_(TABLE.ended_at < over_before, TABLE.expires_at < over_before)
        return await delete_some(self._database, oauth_connections, which, limit)

    async def _read(self, query: Select[Any]) -> Sequence[Connection]:
        return [_connection(row) for row in await self._database.run(query)]


def _connection(row: Row) -> Connection:
    lists = {"scopes": frozenset(map(Scope, row.scopes)), "audience": tuple(row.audience)}
    return Connection(**{**row, **lists})
