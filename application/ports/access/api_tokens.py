from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain.accounts.api_token import ApiToken


class ApiTokenRepository(Protocol):
    async def live(self, user_id: str, now: datetime) -> Sequence[ApiToken]:
        """Returns the tokens that are neither revoked nor expired, oldest first."""

    async def live_to_add(self, user_id: str, now: datetime) -> Sequence[ApiToken]:
        """Other units of work that want to add a token wait until this one ends. Raises `NotAuthenticated` if the user
        no longer exists."""

    async def find(self, user_id: str, token_hash: bytes) -> ApiToken | None:
        """Returns the token even if it is revoked or expired."""

    async def add(self, token: ApiToken) -> None: ...

    async def revoke(self, user_id: str, token_id: str, now: datetime) -> bool:
        """Returns False if there is no such token or it was already revoked."""

    async def revoke_all(self, user_id: str, now: datetime) -> int:
        """Returns how many were valid until now."""

    async def note_use(self, user_id: str, token_id: str, at: datetime) -> None:
        """Needs no unit of work. Nothing is written within `USE_NOTED_EVERY` of the last recorded use."""
