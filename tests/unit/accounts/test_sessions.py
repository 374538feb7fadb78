import asyncio

import pytest

from application.accounts.inputs import SignIn, SignUp
from application.accounts.passwords import ChangePassword, ResetPassword
from application.accounts.sessions import SignedIn
from application.accounts.throttling import Visitor
from application.background import Background
from domain.accounts.account import Actor, Caller
from domain.errors import Forbidden, InvalidRequest, NotAuthenticated, Unavailable, WrongCredentials
from tests.fakes import FakeTokens
from tests.unit.accounts.accounts_world import World
from tests.unit.accounts.accounts_world import world as world

ANN = SignIn("ann@example.com", "password1")


@pytest.fixture
async def here(world: World) -> SignedIn:
    return await world.accounts.sign_up(SignUp("ann@example.com", "password1"), Visitor(user_agent="Firefox\x07" * 99))


@pytest.fixture
async def there(world: World, here: SignedIn) -> SignedIn:
    """The same user on another device."""
    return await world.accounts.sign_in(ANN)


def caller(signed_in: SignedIn) -> Caller:
    claims = FakeTokens().verify(signed_in.token)
    return Caller(claims.user_id, session_id=claims.session_id)


async def is_over(world: World, refresh_token: str) -> bool:
    try:
        await world.sessions.refresh(refresh_token)
    except NotAuthenticated:
        return True
    return False


async def test_a_refresh_token_gives_a_new_access_token_of_the_same_session(world: World, here: SignedIn) -> None:
    refreshed = await world.sessions.refresh(here.refresh_token)
    assert (refreshed.token, refreshed.user) == (here.token, here.user)
    assert refreshed.refresh_token != here.refresh_token


async def test_a_refresh_token_is_kept_hashed_and_shown_nowhere(world: World, here: SignedIn) -> None:
    session = world.store.rows.sessions["user-1", "session-1"]
    assert here.refresh_token.encode() not in session.refresh_hash
    assert here.refresh_token not in repr(here)
    assert session.user_agent == ("Firefox" * 99)[:200]


async def test_each_refresh_token_leads_to_the_next_for_as_long_as_it_is_used(world: World, here: SignedIn) -> None:
    token, seen = here.refresh_token, set()
    for _ in range(5):
        world.clock.forward(days=29)
        seen.add(token := (await world.sessions.refresh(token)).refresh_token)
    assert len(seen) == 5
    world.clock.forward(days=30)
    assert await is_over(world, token)


async def test_two_tabs_that_refresh_at_once_get_the_same_token(world: World, here: SignedIn) -> None:
    one, two = await asyncio.gather(*(world.sessions.refresh(here.refresh_token) for _ in range(2)))
    world.clock.forward(seconds=10)
    late = await world.sessions.refresh(here.refresh_token)
    assert one.refresh_token == two.refresh_token == late.refresh_token
    world.clock.forward(minutes=59)
    assert not await is_over(world, one.refresh_token)


async def test_a_refresh_token_that_is_used_again_ends_the_session_for_thief_and_owner(
    world: World, here: SignedIn, there: SignedIn
) -> None:
    newest = (await world.sessions.refresh(here.refresh_token)).refresh_token
    world.clock.forward(seconds=11)
    assert await is_over(world, here.refresh_token)
    assert await is_over(world, newest)
    assert world.revocations.is_ended("user-1", "session-1")
    assert not await is_over(world, there.refresh_token), "another sign-in is another session"


async def test_one_that_is_older_than_the_last_ends_the_session_at_once(world: World, here: SignedIn) -> None:
    second = (await world.sessions.refresh(here.refresh_token)).refresh_token
    third = (await world.sessions.refresh(second)).refresh_token
    assert await is_over(world, here.refresh_token)
    assert await is_over(world, third)


async def test_what_is_no_refresh_token_is_refused_in_the_same_words(world: World, here: SignedIn) -> None:
    user, session, secret = here.refresh_token.split(".")
    wrong = ["", "x", ".", "..", "\x00.a.b", f"{user}.{session}", f"bob.{session}.{secret}", f"{user}.x.{secret}"]
    wrong += [f"{user}.{session}.", f"{user}\ud800.{session}.{secret}", f"{user}.{session}.{secret}\n", "x" * 100_000]
    messages = set()
    for token in wrong:
        with pytest.raises(NotAuthenticated) as refusal:
            await world.sessions.refresh(token)
        messages.add(refusal.value.message)
    assert len(messages) == 1
    assert not await is_over(world, here.refresh_token)


async def test_signing_out_ends_this_session_alone(world: World, here: SignedIn, there: SignedIn) -> None:
    await world.sessions.sign_out(caller(here))
    assert await is_over(world, here.refresh_token)
    assert not await is_over(world, there.refresh_token)


async def test_signing_out_everywhere_ends_all(world: World, here: SignedIn, there: SignedIn) -> None:
    bob = await world.accounts.sign_up(SignUp("bob@example.com", "password1"))
    await world.sessions.sign_out_everywhere(caller(there))
    assert [await is_over(world, each.refresh_token) for each in (here, there, bob)] == [True, True, False]


async def test_only_users_sign_out_and_only_of_what_is_ours(world: World, here: SignedIn) -> None:
    with pytest.raises(InvalidRequest):
        await world.sessions.sign_out(Caller("user-1"))
    for act in (world.sessions.sign_out, world.sessions.sign_out_everywhere):
        with pytest.raises(Forbidden):
            await act(Caller("user-1", Actor("token", "t"), session_id="session-1"))
    assert not await is_over(world, here.refresh_token)


async def test_a_new_password_ends_the_other_sessions(world: World, here: SignedIn, there: SignedIn) -> None:
    await world.password_use_cases.change(caller(there), ChangePassword("password1", "new password"))
    assert [await is_over(world, each.refresh_token) for each in (here, there)] == [True, False]
    assert world.revocations.is_ended("user-1", "session-1")
    await world.accounts.sign_in(SignIn("ann@example.com", "new password"))


async def test_a_password_is_changed_only_by_who_knows_it(world: World, here: SignedIn, there: SignedIn) -> None:
    with pytest.raises(WrongCredentials):
        await world.password_use_cases.change(caller(here), ChangePassword("password2", "new password"))
    assert not await is_over(world, there.refresh_token)
    await world.accounts.sign_in(ANN)


async def test_a_reset_password_ends_all_sessions(world: World, here: SignedIn, there: SignedIn) -> None:
    await world.password_use_cases.reset(ResetPassword(await world.link_token(), "new password"))
    assert [await is_over(world, each.refresh_token) for each in (here, there)] == [True, True]
    assert world.revocations.is_ended("user-1", "session-1")


async def test_an_access_token_is_refused_on_every_server_once_its_session_has_ended(
    world: World, here: SignedIn, there: SignedIn
) -> None:
    other, background = world.server(), Background()
    background.run_forever(other.revocations.run())
    await asyncio.sleep(0)
    assert await other.lets_in(here.token)
    await world.sessions.sign_out(caller(here))
    assert world.revocations.is_ended("user-1", "session-1"), "here at once"
    for _ in range(10):
        await asyncio.sleep(0)  # others hear of it without a clock's help
    assert not await other.lets_in(here.token)
    assert await other.lets_in(there.token)
    assert await other.lets_in("token-of-ann"), "another issuer's has no session"
    await background.close()


async def test_a_server_that_starts_later_knows_and_one_without_its_database_still_does(
    world: World, here: SignedIn
) -> None:
    await world.sessions.sign_out(caller(here))
    other = world.server()
    await other.revocations.load()
    world.store.fault = Unavailable("away")
    background = Background()
    background.run_forever(other.revocations.run())
    await asyncio.sleep(0)
    assert not await other.lets_in(here.token)
    await background.close()


async def test_ended_sessions_are_remembered_for_as_long_as_their_access_tokens_live(
    world: World, here: SignedIn, there: SignedIn
) -> None:
    other = world.server()
    await world.sessions.sign_out(caller(here))
    await other.revocations.load()
    world.clock.forward(minutes=59)
    await world.sessions.sign_out(caller(there))
    await other.revocations.load()
    assert [other.revocations.is_ended("user-1", f"session-{number}") for number in (1, 2)] == [True, True]
    world.clock.forward(minutes=7)
    await other.revocations.load()
    assert [other.revocations.is_ended("user-1", f"session-{number}") for number in (1, 2)] == [False, True]


async def test_sessions_that_are_over_are_forgotten_at_a_later_sign_in(world: World, here: SignedIn) -> None:
    await world.sessions.sign_out(caller(here))
    world.clock.forward(minutes=61)
    await world.accounts.sign_in(ANN)
    assert list(world.store.rows.sessions) == [("user-1", "session-2")]
