from datetime import timedelta

import pytest

from application.accounts.api_tokens import ApiTokenDraft
from domain.accounts.account import Actor, Caller, Scope
from domain.accounts.api_token import format_token
from domain.errors import Unavailable
from tests.fakes import FakeStore
from tests.unit.accounts.test_api_tokens import ANN, SECRET, TEXT, World
from tests.unit.accounts.test_api_tokens import world as world


async def test_whoever_has_a_token_speaks_for_its_user_within_its_scopes(world: World) -> None:
    text = await world.add(ApiTokenDraft("Reader", frozenset({Scope.READ})))
    assert await world.server.authenticate(text) == Caller("ann", Actor("token", "k1"), frozenset({Scope.READ}))
    assert world.server.recognizes(text)
    assert not world.server.recognizes("eyJhbGciOi.eyJzdWIi.x")


@pytest.mark.parametrize(
    "text", [TEXT, format_token("bob", SECRET), TEXT[:-1], "tt_", "tt_\ud800", format_token("a\0", SECRET)]
)
async def test_no_other_token_is_taken(world: World, text: str) -> None:
    await world.add()
    assert not await world.takes(text)


async def test_a_damaged_token_is_refused_without_asking_the_database(world: World) -> None:
    text = await world.add()
    for wrong in (text[:-1], text.replace("tt_", "tt_x"), "tt_"):
        assert not await world.takes(wrong)
    assert world.repository.asked == 0


async def test_a_revoked_token_is_refused_everywhere_within_a_minute(world: World) -> None:
    text, other = await world.add(), world.another_server()
    assert await world.takes(text)
    await world.tokens.revoke(ANN, "k1")
    assert not await world.takes(text, other), "a server that did not know it"
    world.clock.forward(seconds=30)
    assert not await world.takes(text)
    assert await world.tokens.all(ANN) == []


async def test_a_clock_that_is_set_back_lets_no_revoked_token_live_on(world: World) -> None:
    text = await world.add()
    assert await world.takes(text)
    await world.tokens.revoke(ANN, "k1")
    world.clock.forward(hours=-1)
    assert not await world.takes(text)


async def test_a_token_is_looked_for_once_in_half_a_minute(world: World) -> None:
    text = await world.add()
    for _ in range(60):
        assert await world.takes(text)
        world.clock.forward(seconds=1)
    assert world.repository.asked == 2


async def test_the_memory_for_tokens_has_bounds(world: World) -> None:
    server, texts = world.another_server(remembered_most=2), [await world.add() for _ in range(3)]
    for text in (*texts, texts[2], texts[1]):
        assert await world.takes(text, server)
    assert world.repository.asked == 3
    assert await world.takes(texts[0], server)
    assert world.repository.asked == 4, "the one that was known for the longest is forgotten"


async def test_a_token_that_was_unknown_works_as_soon_as_it_is_there(world: World) -> None:
    text = await world.add()
    rows, world.store.rows = world.store.rows, FakeStore().rows
    assert not await world.takes(text)
    world.store.rows = rows
    assert await world.takes(text)


async def test_the_last_use_is_noted_at_most_once_a_minute(world: World) -> None:
    text, began = await world.add(), world.clock()
    assert await world.used() is None
    await world.takes(text)
    assert await world.used() == began
    world.clock.forward(seconds=59)
    for server in (world.server, world.another_server()):
        await world.takes(text, server)
    assert await world.used() == began
    world.clock.forward(seconds=1)
    await world.takes(text)
    assert await world.used() == began + timedelta(minutes=1)


async def test_a_database_that_is_away_refuses_nobody_who_is_remembered(world: World) -> None:
    text = await world.add(ApiTokenDraft("Laptop", expires_in_days=None))
    await world.takes(text)
    await world.background.close()
    world.store.fault = Unavailable("away")
    world.clock.forward(seconds=29)
    assert await world.takes(text)
    with pytest.raises(Unavailable):
        await world.another_server().authenticate(text)


async def test_a_use_that_can_not_be_noted_is_no_error(world: World, caplog: pytest.LogCaptureFixture) -> None:
    text = await world.add()
    assert await world.takes(text)
    world.store.fault = Unavailable("away")
    await world.background.close()
    assert caplog.records == []
    world.store.fault = None
    assert await world.used() is None
