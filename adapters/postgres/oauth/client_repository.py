from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.driver.connections import Row
from adapters.postgres.driver.database import Database
from adapters.postgres.oauth.rows import columns, values
from adapters.postgres.tables import oauth_clients
from adapters.postgres.work.deletion import delete_some
from application.ports.access.oauth import ClientRepository
from domain.oauth.clients import Client

CLIENT = columns(oauth_clients, Client)
KEPT = ("id", "created_at", "used_at")
"""What stays when a document is read again."""


class PostgresClients(ClientRepository):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, client_id: str) -> Client | None:
        if "\0" in client_id:
            return None
        rows = await self._database.run(select(*CLIENT).where(oauth_clients.c.id == client_id))
        return _client(rows[0]) if rows else None

    async def put(self, client: Client) -> None:
        added = insert(oauth_clients).values(values(oauth_clients, client))
        new = {column.name: added.excluded[column.name] for column in CLIENT if column.name not in KEPT}
        await self._database.write(added.on_conflict_do_update(index_elements=[oauth_clients.c.id], set_=new))

    async def note_use(self, client_id: str, at: datetime) -> None:
        await self._database.write(update(oauth_clients).where(oauth_clients.c.id == client_id).values(used_at=at))

    async def forget(self, unused_since: datetime, used_before: datetime, limit: int) -> int:
        is_unused = oauth_clients.c.used_at.is_(None) & (oauth_clients.c.created_at < unused_since)
        which = or_(is_unused, oauth_clients.c.used_at < used_before)
        return await delete_some(self._database, oauth_clients, which, limit)


def _client(row: Row) -> Client:
    lists = {"redirect_uris": tuple(row.redirect_uris), "auth_methods": tuple(row.auth_methods)}
    return Client(**{**row, **lists})
