from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain.accounts.session import Session


class SessionRepository(Protocol):
    async def add(self, session: Session) -> None: ...

    async def get_to_change(self, user_id: str, session_id: str) -> Session | None:
        """Returns the newest state, and locks the session until this unit of work ends."""

    async def store(self, session: Session) -> None: ...

    async def end(
        self, user_id: str, now: datetime, *, only: str | None = None, except_id: str | None = None
    ) -> Sequence[Session]:
        """Ends all sessions of the user, `only` one, or all but `except_id`. Returns those that it ended."""

    async def ended_since(self, since: datetime) -> Sequence[Session]:
        """Returns the sessions of all users that have ended since then."""

    async def forget(self, user_id: str, before: datetime) -> None:
        """Deletes the user's sessions that ended or expired before that time."""
