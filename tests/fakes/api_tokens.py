"""API tokens in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from application.ports import ApiTokenRepository
from domain.accounts.api_token import USE_NOTED_EVERY, ApiToken
from domain.errors import NotAuthenticated
from tests.fakes.work import FakeStore


class FakeApiTokens(ApiTokenRepository):
    """`asked` counts what was looked for."""

    def __init__(self, store: FakeStore) -> None:
        self._store = store
        self.asked = 0

    async def live(self, user_id: str, now: datetime) -> Sequence[ApiToken]:
        live = [each for each in self._own(user_id) if each.is_live(now)]
        return sorted(live, key=lambda each: (each.created_at, each.id))

    async def live_to_add(self, user_id: str, now: datetime) -> Sequence[ApiToken]:
        if user_id not in self._store.writing().users:
            raise NotAuthenticated("This account no longer exists.")
        return await self.live(user_id, now)

    async def find(self, user_id: str, token_hash: bytes) -> ApiToken | None:
        self.asked += 1
        return next((each for each in self._own(user_id) if each.hash == token_hash), None)

    async def add(self, token: ApiToken) -> None:
        self._store.writing().api_tokens[token.user_id, token.id] = token

    async def revoke(self, user_id: str, token_id: str, now: datetime) -> bool:
        tokens = self._store.writing().api_tokens
        token = tokens.get((user_id, token_id))
        if token is None or token.revoked_at:
            return False
        tokens[user_id, token_id] = replace(token, revoked_at=now)
        return True

    async def revoke_all(self, user_id: str, now: datetime) -> int:
        live = await self.live(user_id, now)
        for token in self._own(user_id):
            await self.revoke(user_id, token.id, now)
        return len(live)

    async def note_use(self, user_id: str, token_id: str, at: datetime) -> None:
        for token in self._own(user_id):
            is_due = token.last_used_at is None or token.last_used_at <= at - USE_NOTED_EVERY
            if token.id == token_id and is_due:
                self._store.rows.api_tokens[user_id, token_id] = replace(token, last_used_at=at)

    def _own(self, user_id: str) -> list[ApiToken]:
        self._store.reached()
        return [each for each in self._store.rows.api_tokens.values() if each.user_id == user_id]
