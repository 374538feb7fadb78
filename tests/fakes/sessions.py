"""Sessions in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from application.ports import SessionRepository
from domain.accounts.session import Session
from tests.fakes.work import FakeStore


class FakeSessions(SessionRepository):
    def __init__(self, store: FakeStore) -> None:
        self._store = store

    async def add(self, session: Session) -> None:
        self._store.writing().sessions[session.user_id, session.id] = session

    async def get_to_change(self, user_id: str, session_id: str) -> Session | None:
        return self._store.writing().sessions.get((user_id, session_id))

    async def store(self, session: Session) -> None:
        self._store.writing().sessions[session.user_id, session.id] = session

    async def end(
        self, user_id: str, now: datetime, *, only: str | None = None, except_id: str | None = None
    ) -> Sequence[Session]:
        own = [each for each in self._store.writing().sessions.values() if each.user_id == user_id]
        which = [each for each in own if not each.ended_at and only in (None, each.id) and each.id != except_id]
        ended = [replace(each, ended_at=now) for each in which]
        self._store.rows.sessions |= {(each.user_id, each.id): each for each in ended}
        return ended

    async def ended_since(self, since: datetime) -> Sequence[Session]:
        self._store.reached()
        return [each for each in self._store.rows.sessions.values() if each.ended_at and each.ended_at > since]

    async def forget(self, user_id: str, before: datetime) -> None:
        sessions = self._store.writing().sessions
        for key in [key for key in sessions if key[0] == user_id]:
            if (sessions[key].ended_at or sessions[key].expires_at) < before:
                del sessions[key]
