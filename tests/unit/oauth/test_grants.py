"""Codes and refresh tokens: each is used once, by whom it was made for."""

import pytest

from domain.accounts.account import ALL_SCOPES, Actor, Scope
from domain.oauth.connections import MAX_CONNECTIONS
from domain.oauth.errors import InvalidGrant, InvalidScope, InvalidTarget, OAuthError
from domain.oauth.secrets import format_code, format_refresh_token
from tests.unit.oauth.oauth_world import API, MCP, World

READ = frozenset({Scope.READ})


async def test_a_code_becomes_tokens_for_what_the_user_has_allowed(world: World) -> None:
    tokens = await world.connect()
    caller = await world.bearers.authenticate(tokens.access_token, lambda: MCP)
    [connection] = await world.connections.all(world.ann)
    assert (caller.user_id, caller.scopes, caller.actor) == ("ann", ALL_SCOPES, Actor("token", connection.id))
    assert (tokens.scope, tokens.expires_in) == ("tasks:read tasks:write offline_access", 3600)
    assert (connection.client_name, connection.host) == ("Claude", "claude.ai")


async def test_a_token_opens_only_the_addresses_that_it_is_for(world: World) -> None:
    mcp, both = await world.connect(), await world.connect(resource=(MCP, API))
    assert await world.lets_in(mcp.access_token)
    assert not await world.lets_in(mcp.access_token, API)
    assert not await world.lets_in(mcp.access_token, "https://other.example.com/mcp")
    assert not await world.lets_in(mcp.access_token, "")
    assert await world.lets_in(both.access_token, API)


@pytest.mark.parametrize(
    "wrong",
    [
        {"verifier": "w" * 43},
        {"verifier": ""},
        {"verifier": "v" * 42},
        {"verifier": "v" * 44},
        {"verifier": "é" * 43},
        {"redirect_uri": "https://claude.com/api/mcp/auth_callback"},
        {"redirect_uri": ""},
    ],
)
async def test_a_code_is_worth_nothing_without_what_it_was_made_with(world: World, wrong: dict[str, object]) -> None:
    code = await world.code()
    with pytest.raises(InvalidGrant):
        await world.redeem(code, **wrong)  # type: ignore[arg-type]
    assert (await world.redeem(code)).access_token, "who has the rest can still use it"


async def test_a_code_is_worth_nothing_to_another_client(world: World) -> None:
    code, other = await world.code(), await world.register()
    with pytest.raises(InvalidGrant):
        await world.redeem(code, other)


async def test_the_redirect_uri_need_not_be_sent_twice(world: World) -> None:
    assert (await world.redeem(await world.code(), redirect_uri=None)).access_token


async def test_a_code_is_good_for_a_minute(world: World) -> None:
    early, late = await world.code(), await world.code()
    world.clock.forward(seconds=59)
    assert (await world.redeem(early)).access_token
    world.clock.forward(seconds=1)
    with pytest.raises(InvalidGrant):
        await world.redeem(late)


async def test_the_second_use_of_a_code_ends_what_the_first_began(world: World) -> None:
    code = await world.code()
    tokens = await world.redeem(code)
    for _ in range(2):
        with pytest.raises(InvalidGrant):
            await world.redeem(code)
    assert not await world.lets_in(tokens.access_token)
    with pytest.raises(InvalidGrant):
        await world.refresh(tokens.refresh_token)
    assert await world.connections.all(world.ann) == []


@pytest.mark.parametrize(
    "code", ["", "ttc_x", "ttc_YW5u", format_code("ann", b"x" * 32), format_code("bob", b"x" * 32)]
)
async def test_a_made_up_code_is_refused_in_the_same_words(world: World, code: str) -> None:
    with pytest.raises(InvalidGrant) as made_up:
        await world.redeem(code)
    with pytest.raises(InvalidGrant) as wrong:
        await world.redeem(await world.code(), verifier="w" * 43)
    assert str(made_up.value) == str(wrong.value)


async def test_each_refresh_token_leads_to_the_next(world: World) -> None:
    tokens = await world.connect()
    for _ in range(5):
        world.clock.forward(days=100)
        following = await world.refresh(tokens.refresh_token)
        assert following.refresh_token != tokens.refresh_token
        assert await world.lets_in(following.access_token)
        tokens = following


async def test_a_lost_answer_may_be_asked_for_again_within_thirty_seconds(world: World) -> None:
    tokens = await world.connect()
    lost = await world.refresh(tokens.refresh_token)
    world.clock.forward(seconds=30)
    again = await world.refresh(tokens.refresh_token)
    assert again.refresh_token == lost.refresh_token
    assert (await world.refresh(again.refresh_token)).access_token
    assert await world.lets_in(again.access_token)


async def test_a_refresh_token_that_is_used_again_later_ends_the_connection_for_thief_and_client(world: World) -> None:
    tokens = await world.connect()
    thiefs = await world.refresh(tokens.refresh_token)
    world.clock.forward(seconds=31)
    for token in (tokens, thiefs, tokens):
        with pytest.raises(InvalidGrant):
            await world.refresh(token.refresh_token)
    assert not await world.lets_in(thiefs.access_token)


async def test_an_older_token_is_reuse_at_once(world: World) -> None:
    first = await world.connect()
    second = await world.refresh(first.refresh_token)
    third = await world.refresh(second.refresh_token)
    with pytest.raises(InvalidGrant):
        await world.refresh(first.refresh_token)
    with pytest.raises(InvalidGrant):
        await world.refresh(third.refresh_token)


async def test_a_refresh_token_is_worth_nothing_to_another_client(world: World) -> None:
    tokens, other = await world.connect(), await world.register()
    with pytest.raises(InvalidGrant):
        await world.refresh(tokens.refresh_token, other)
    assert (await world.refresh(tokens.refresh_token)).access_token, "and nothing has ended"


@pytest.mark.parametrize("token", ["", "ttr_x", format_refresh_token("ann", "id-1", b"x" * 32), "a" * 5_000])
async def test_a_made_up_refresh_token_is_refused(world: World, token: str) -> None:
    with pytest.raises(InvalidGrant):
        await world.refresh(token)


async def test_a_connection_that_is_not_used_for_half_a_year_has_expired(world: World) -> None:
    tokens = await world.connect()
    world.clock.forward(days=181)
    with pytest.raises(InvalidGrant):
        await world.refresh(tokens.refresh_token)
    assert await world.connections.all(world.ann) == []


async def test_refresh_tokens_are_kept_hashed(world: World) -> None:
    tokens = await world.connect()
    assert tokens.refresh_token not in repr((world.store.rows, tokens))
    assert tokens.access_token not in repr(tokens)


async def test_a_refresh_may_ask_for_less_and_never_for_more(world: World) -> None:
    tokens = await world.redeem(await world.code(read_only=True, resource=(MCP, API)))
    with pytest.raises(InvalidScope):
        await world.refresh(tokens.refresh_token, scope="tasks:read tasks:write")
    with pytest.raises(InvalidTarget):
        await world.refresh(tokens.refresh_token, resources=["https://evil.example.com/mcp"])
    narrow = await world.refresh(tokens.refresh_token, scope="tasks:read", resources=[MCP])
    assert not await world.lets_in(narrow.access_token, API)
    usual = await world.refresh(narrow.refresh_token, scope="offline_access")
    assert await world.lets_in(usual.access_token, API), "less was for one access token"


async def test_a_refresh_asks_for_no_resource_that_was_not_allowed(world: World) -> None:
    tokens = await world.connect(resource=(MCP,))
    with pytest.raises(InvalidTarget):
        await world.refresh(tokens.refresh_token, resources=[API])
    with pytest.raises(InvalidTarget):
        await world.redeem(await world.code(resource=(MCP,)), resources=[API])


async def test_a_refused_refresh_uses_nothing_up(world: World) -> None:
    tokens = await world.redeem(await world.code(read_only=True))
    with pytest.raises(OAuthError):
        await world.refresh(tokens.refresh_token, scope="tasks:write")
    world.clock.forward(minutes=5)
    assert (await world.refresh(tokens.refresh_token)).access_token


@pytest.mark.parametrize("kind", ["refresh_token", "access_token"])
async def test_a_client_gives_back_what_it_has(world: World, kind: str) -> None:
    tokens = await world.connect()
    await world.refreshing.revoke(await world.client(), getattr(tokens, kind))
    assert not await world.lets_in(tokens.access_token)
    with pytest.raises(InvalidGrant):
        await world.refresh(tokens.refresh_token)


async def test_a_client_gives_back_nothing_of_anothers(world: World) -> None:
    tokens, other = await world.connect(), await world.register()
    for token in (tokens.refresh_token, tokens.access_token, "nonsense", ""):
        await world.refreshing.revoke(other, token)
    assert await world.lets_in(tokens.access_token)


async def test_an_account_that_is_gone_gets_no_tokens(world: World) -> None:
    code = await world.code()
    del world.store.rows.users["ann"]
    with pytest.raises(InvalidGrant):
        await world.redeem(code)


async def test_one_connection_too_many_ends_the_one_that_was_used_the_longest_ago(world: World) -> None:
    first = await world.connect()
    for _ in range(MAX_CONNECTIONS - 1):
        world.clock.forward(seconds=1)
        last = await world.connect()
    await world.bearers.authenticate(first.access_token, lambda: MCP)
    await world.background.close()
    await world.connect()
    assert len(await world.connections.all(world.ann)) == MAX_CONNECTIONS
    assert (await world.refresh(first.refresh_token)).access_token, "it was used just now"
    assert (await world.refresh(last.refresh_token)).access_token


async def test_what_a_scope_of_a_token_does_not_name_is_not_allowed(world: World) -> None:
    tokens = await world.redeem(await world.code(scope="tasks:read"))
    assert (await world.bearers.authenticate(tokens.access_token, lambda: MCP)).scopes == READ
