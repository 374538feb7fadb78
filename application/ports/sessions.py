"""Where sign-ins are kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain.accounts.session import Session

SESSIONS_TOPIC = "sessions"
"""Announced when sessions have ended, whoever's they are."""


class SessionRepository(Protocol):
    async def add(self, session: Session) -> None: ...

    async def get_to_change(self, user_id: str, session_id: str) -> Session | None:
        """In its newest state; nobody else gets it so until this unit of work ends."""

    async def store(self, session: Session) -> None: ...

    async def end(
        self, user_id: str, now: datetime, *, only: str | None = None, except_id: str | None = None
    ) -> Sequence[Session]:
        """All of the user's, `only` one or all `but` one; those that had not ended before."""

    async def ended_since(self, since: datetime) -> Sequence[Session]:
        """Of all users."""

    async def forget(self, user_id: str, before: datetime) -> None:
        """The user's sessions that ended or expired before."""
