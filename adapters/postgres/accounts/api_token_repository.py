from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Select, insert, or_, select, update

from adapters.postgres.driver.connections import Row
from adapters.postgres.driver.database import Database
from adapters.postgres.tables import api_tokens, users
from application.ports import ApiTokenRepository
from domain.accounts.account import Scope
from domain.accounts.api_token import USE_NOTED_EVERY, ApiToken
from domain.errors import NotAuthenticated

TOKEN = [api_tokens.c[field.name] for field in fields(ApiToken)]


class PostgresApiTokens(ApiTokenRepository):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def live(self, user_id: str, now: datetime) -> Sequence[ApiToken]:
        unexpired = or_(api_tokens.c.expires_at.is_(None), api_tokens.c.expires_at > now)
        own = select(*TOKEN).where(api_tokens.c.user_id == user_id, api_tokens.c.revoked_at.is_(None), unexpired)
        return await self._read(own.order_by(api_tokens.c.created_at, api_tokens.c.id))

    async def live_to_add(self, user_id: str, now: datetime) -> Sequence[ApiToken]:
        """Locks the user so that inserts of other rows that refer to it need not wait."""
        lock = select(users.c.id).where(users.c.id == user_id).with_for_update(key_share=True)
        if not await self._database.write(lock):
            raise NotAuthenticated("This account no longer exists.")
        return await self.live(user_id, now)

    async def find(self, user_id: str, token_hash: bytes) -> ApiToken | None:
        own = (api_tokens.c.user_id == user_id, api_tokens.c.hash == token_hash)
        found = await self._read(select(*TOKEN).where(*own))
        return found[0] if found else None

    async def add(self, token: ApiToken) -> None:
        values = {column.name: getattr(token, column.name) for column in TOKEN}
        await self._database.write(insert(api_tokens).values(values | {"scopes": sorted(token.scopes)}))

    async def revoke(self, user_id: str, token_id: str, now: datetime) -> bool:
        own = (api_tokens.c.user_id == user_id, api_tokens.c.id == token_id, api_tokens.c.revoked_at.is_(None))
        revoked = update(api_tokens).where(*own).values(revoked_at=now).returning(api_tokens.c.id)
        return bool(await self._database.write(revoked))

    async def revoke_all(self, user_id: str, now: datetime) -> int:
        own = (api_tokens.c.user_id == user_id, api_tokens.c.revoked_at.is_(None))
        revoked = update(api_tokens).where(*own).values(revoked_at=now).returning(api_tokens.c.expires_at)
        rows = await self._database.write(revoked)
        return sum(row.expires_at is None or now < row.expires_at for row in rows)

    async def note_use(self, user_id: str, token_id: str, at: datetime) -> None:
        last = api_tokens.c.last_used_at
        is_due = or_(last.is_(None), last <= at - USE_NOTED_EVERY)
        own = (api_tokens.c.user_id == user_id, api_tokens.c.id == token_id, is_due)
        await self._database.run(update(api_tokens).where(*own).values(last_used_at=at).returning(api_tokens.c.id))

    async def _read(self, query: Select[Any]) -> Sequence[ApiToken]:
        return [_token_of(row) for row in await self._database.run(query)]


def _token_of(row: Row) -> ApiToken:
    return ApiToken(**{**row, "scopes": frozenset(map(Scope, row.scopes))})
