"""API tokens over fakes, for two users."""

import pytest

from application.accounts.api_tokens import ApiTokenDraft, ApiTokens
from application.accounts.authentication import REFUSED
from application.accounts.token_authentication import ApiTokenAuthenticator
from application.background import Background
from domain.accounts.account import Caller
from domain.accounts.api_token import SECRET_BYTES, format_token
from domain.errors import NotAuthenticated
from tests.fakes import FakeApiTokens, FakeClock, FakeSessions, FakeStore, add_users

ANN, BOB = Caller("ann"), Caller("bob")
SECRET = bytes(range(SECRET_BYTES))
TEXT = format_token("ann", SECRET)


class World:
    """Ann's and Bob's tokens, and servers that tokens come to."""

    def __init__(self) -> None:
        self.clock, self.store, self.background = FakeClock(), FakeStore(), Background()
        self.repository = FakeApiTokens(self.store)
        ids = iter(f"k{number}" for number in range(1, 1000))
        self.tokens = ApiTokens(self.repository, FakeSessions(self.store), self.store, self.clock, lambda: next(ids))
        self.server = self.another_server()

    def another_server(self, remembered_most: int = 10_000) -> ApiTokenAuthenticator:
        return ApiTokenAuthenticator(self.repository, self.clock, self.background, remembered_most)

    async def add(self, draft: ApiTokenDraft | None = None, caller: Caller = ANN) -> str:
        return (await self.tokens.add(caller, draft or ApiTokenDraft("Laptop"))).text

    async def used(self) -> object:
        """When its last use was, as the owner sees it."""
        await self.background.close()
        return (await self.tokens.all(ANN))[0].last_used_at

    async def takes(self, text: str, server: ApiTokenAuthenticator | None = None) -> bool:
        try:
            await (server or self.server).authenticate(text)
        except NotAuthenticated as refusal:
            return refusal.message != REFUSED
        return True


@pytest.fixture
async def world() -> World:
    world = World()
    await add_users(world.store, "ann", "bob")
    return world
