"""Where API tokens are kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain.accounts.api_token import ApiToken


class ApiTokenRepository(Protocol):
    async def live(self, user_id: str, now: datetime) -> Sequence[ApiToken]:
        """Oldest first."""

    async def live_to_add(self, user_id: str, now: datetime) -> Sequence[ApiToken]:
        """As `live`, and others who would add one wait until this unit of work ends.

        Raises `NotAuthenticated` where the user is gone.
        """

    async def find(self, user_id: str, token_hash: bytes) -> ApiToken | None:
        """Alive or not."""

    async def add(self, token: ApiToken) -> None: ...

    async def revoke(self, user_id: str, token_id: str, now: datetime) -> bool:
        """False where there is none that is not revoked yet."""

    async def revoke_all(self, user_id: str, now: datetime) -> int:
        """Returns how many were alive until now."""

    async def note_use(self, user_id: str, token_id: str, at: datetime) -> None:
        """Needs no unit of work. Nothing is written within `USE_NOTED_EVERY` of the use that was noted last."""
