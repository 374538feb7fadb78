from datetime import datetime

from sqlalchemy import delete, insert, select, update

from adapters.postgres.driver.connections import Row
from adapters.postgres.driver.database import Database
from adapters.postgres.oauth.rows import columns, values
from adapters.postgres.tables import oauth_codes
from adapters.postgres.work.deletion import delete_some
from application.ports.access.oauth import CodeRepository
from domain.accounts.account import Scope
from domain.oauth.codes import AuthorizationCode

CODE = columns(oauth_codes, AuthorizationCode)


class PostgresCodes(CodeRepository):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, code: AuthorizationCode) -> None:
        await self._database.write(insert(oauth_codes).values(values(oauth_codes, code)))

    async def get_to_change(self, user_id: str, code_hash: bytes) -> AuthorizationCode | None:
        one = select(*CODE).where(oauth_codes.c.user_id == user_id, oauth_codes.c.hash == code_hash)
        rows = await self._database.write(one.with_for_update())
        return _code(rows[0]) if rows else None

    async def mark_used(self, code: AuthorizationCode, at: datetime) -> None:
        own = (oauth_codes.c.user_id == code.user_id, oauth_codes.c.hash == code.hash)
        await self._database.write(update(oauth_codes).where(*own).values(used_at=at))

    async def cancel(self, user_id: str) -> None:
        await self._database.write(delete(oauth_codes).where(oauth_codes.c.user_id == user_id))

    async def forget(self, expired_before: datetime, limit: int) -> int:
        return await delete_some(self._database, oauth_codes, oauth_codes.c.expires_at < expired_before, limit)


def _code(row: Row) -> AuthorizationCode:
    lists = {"scopes": frozenset(map(Scope, row.scopes)), "audience": tuple(row.audience)}
    return AuthorizationCode(**{**row, **lists})
