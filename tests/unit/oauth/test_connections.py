"""A user sees who is connected, and ends it."""

from datetime import timedelta

import pytest

from domain.accounts.account import Actor, Caller, Scope
from domain.errors import Forbidden, NotFound
from domain.oauth.errors import InvalidGrant
from tests.unit.oauth.oauth_world import MCP, World


async def test_a_user_sees_who_is_connected_since_when_and_when_it_was_used_last(world: World) -> None:
    tokens = await world.connect(scope="tasks:read")
    world.clock.forward(minutes=10)
    await world.bearers.authenticate(tokens.access_token, lambda: MCP)
    await world.background.close()
    [connection] = await world.connections.all(world.ann)
    assert (connection.client_name, connection.scopes) == ("Claude", frozenset({Scope.READ}))
    assert connection.last_used_at == world.clock() == connection.created_at + timedelta(minutes=10)


async def test_a_use_is_noted_once_a_minute(world: World) -> None:
    tokens = await world.connect()
    for seconds in (0, 30, 30):
        world.clock.forward(seconds=seconds)
        await world.bearers.authenticate(tokens.access_token, lambda: MCP)
        await world.background.close()
    [connection] = await world.connections.all(world.ann)
    assert connection.last_used_at == world.clock()


async def test_an_ended_connection_opens_nothing_here_at_once_and_elsewhere_when_it_hears_of_it(world: World) -> None:
    tokens, kept = await world.connect(), await world.connect()
    [first, _] = await world.connections.all(world.ann)
    elsewhere = world.server_revocations()
    await world.connections.end(world.ann, first.id)
    assert not await world.lets_in(tokens.access_token)
    await elsewhere.load()
    assert elsewhere.is_ended("ann", first.id)
    with pytest.raises(InvalidGrant):
        await world.refresh(tokens.refresh_token)
    assert await world.lets_in(kept.access_token)


async def test_a_connection_that_is_not_there_cannot_be_ended(world: World) -> None:
    await world.connect()
    [connection] = await world.connections.all(world.ann)
    with pytest.raises(NotFound):
        await world.connections.end(Caller("bob"), connection.id)
    await world.connections.end(world.ann, connection.id)
    with pytest.raises(NotFound):
        await world.connections.end(world.ann, connection.id)


async def test_a_client_manages_no_connections(world: World) -> None:
    client = Caller("ann", Actor("token", "c1"))
    with pytest.raises(Forbidden):
        await world.connections.all(client)
    with pytest.raises(Forbidden):
        await world.connections.end(client, "c1")


async def test_codes_and_ended_connections_are_forgotten_in_time(world: World) -> None:
    tokens = await world.connect()
    await world.code()
    world.clock.forward(minutes=30)
    assert await world.connections.forget_codes() is False
    assert len(world.store.rows.oauth_codes) == 2, "a second use of them is noticed yet"
    world.clock.forward(minutes=40)
    await world.connections.forget_codes()
    assert world.store.rows.oauth_codes == {}
    await world.refreshing.revoke(await world.client(), tokens.refresh_token)
    world.clock.forward(days=89)
    await world.connections.forget_ended()
    assert world.store.rows.oauth_connections, "the log of changes may name it"
    world.clock.forward(days=2)
    assert await world.connections.forget_ended() is False
    assert world.store.rows.oauth_connections == {}


async def test_ending_all_also_ends_what_is_about_to_begin(world: World) -> None:
    tokens, code = await world.connect(), await world.code()
    async with world.store() as work:
        ended = await world.connections.end_all("ann")
        await work.commit()
    world.connections.note_ended(ended)
    assert not await world.lets_in(tokens.access_token)
    with pytest.raises(InvalidGrant):
        await world.redeem(code)
