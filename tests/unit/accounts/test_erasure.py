import pytest

from application.accounts.erasure import EraseAccount
from application.accounts.inputs import SignIn, SignUp
from domain.accounts.account import Actor, Caller
from domain.errors import Forbidden, Invalid, NotAuthenticated, RateLimited, WrongCredentials
from tests.unit.accounts.accounts_world import ATTEMPTS, World
from tests.unit.accounts.accounts_world import world as world

ANN = Caller("user-1", session_id="session-1")


@pytest.fixture(autouse=True)
async def ann(world: World) -> None:
    await world.accounts.sign_up(SignUp("ann@example.com", "password1"))


async def test_an_account_is_erased_once_its_password_is_given_again(world: World) -> None:
    await world.erasure.erase(ANN, EraseAccount("password1"))
    assert not world.store.rows.users
    assert world.revocations.is_ended("user-1", "session-1")
    with pytest.raises(WrongCredentials):
        await world.accounts.sign_in(SignIn("ann@example.com", "password1"))
    with pytest.raises(NotAuthenticated):
        await world.erasure.erase(ANN, EraseAccount("password1"))
    assert (await world.accounts.sign_up(SignUp("ann@example.com", "password1"))).user.id == "user-2"


@pytest.mark.parametrize("form", [EraseAccount("guess"), EraseAccount(), EraseAccount(confirm="user-1")])
async def test_without_the_password_nothing_is_erased_and_it_can_not_be_guessed(
    world: World, form: EraseAccount
) -> None:
    for _ in range(ATTEMPTS):
        with pytest.raises(WrongCredentials):
            await world.erasure.erase(ANN, form)
    with pytest.raises(RateLimited):
        await world.erasure.erase(ANN, EraseAccount("password1"))
    assert world.store.rows.users


async def test_who_has_no_password_repeats_their_id(world: World) -> None:
    await world.accounts.provision("bob")
    for form in (EraseAccount(), EraseAccount("password1"), EraseAccount(confirm="user-1")):
        with pytest.raises(Invalid):
            await world.erasure.erase(Caller("bob"), form)
    await world.erasure.erase(Caller("bob"), EraseAccount(confirm="bob"))
    assert list(world.store.rows.users) == ["user-1"]


async def test_an_api_token_erases_nobody(world: World) -> None:
    with pytest.raises(Forbidden):
        await world.erasure.erase(Caller("user-1", Actor("token", "t")), EraseAccount("password1"))
