from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update

from adapters.postgres.driver.database import Database, Rows
from adapters.postgres.tables import sessions
from application.ports import SessionRepository
from domain.accounts.session import Session

SESSION = [sessions.c[field.name] for field in fields(Session)]


class PostgresSessions(SessionRepository):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, session: Session) -> None:
        await self._database.write(insert(sessions).values(_values(session)))

    async def get_to_change(self, user_id: str, session_id: str) -> Session | None:
        one = select(*SESSION).where(sessions.c.user_id == user_id, sessions.c.id == session_id)
        found = _sessions(await self._database.write(one.with_for_update()))
        return found[0] if found else None

    async def store(self, session: Session) -> None:
        own = (sessions.c.user_id == session.user_id, sessions.c.id == session.id)
        await self._database.write(update(sessions).where(*own).values(_values(session)))

    async def end(
        self, user_id: str, now: datetime, *, only: str | None = None, except_id: str | None = None
    ) -> Sequence[Session]:
        which = [sessions.c.user_id == user_id, sessions.c.ended_at.is_(None)]
        which += [sessions.c.id == only] if only is not None else []
        which += [sessions.c.id != except_id] if except_id is not None else []
        ended = update(sessions).where(*which).values(ended_at=now).returning(*SESSION)
        return _sessions(await self._database.write(ended))

    async def ended_since(self, since: datetime) -> Sequence[Session]:
        return _sessions(await self._database.run(select(*SESSION).where(sessions.c.ended_at > since)))

    async def forget(self, user_id: str, before: datetime) -> None:
        is_over = func.coalesce(sessions.c.ended_at, sessions.c.expires_at) < before
        await self._database.write(delete(sessions).where(sessions.c.user_id == user_id, is_over))


def _values(session: Session) -> dict[str, object]:
    return {column.name: getattr(session, column.name) for column in SESSION}


def _sessions(rows: Rows) -> Sequence[Session]:
    return [Session(**row) for row in rows]
