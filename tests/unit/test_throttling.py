import pytest

from application.accounts import ForgotPassword, ResetPassword, SignIn, SignUp
from application.throttling import Visitor
from domain.errors import InvalidResetToken, RateLimited, WrongCredentials
from tests.unit.accounts_world import ATTEMPTS, World
from tests.unit.accounts_world import world as world

ANN = SignIn("ann@example.com", "password1")
HOME, CAFE = Visitor("203.0.113.7"), Visitor("198.51.100.2")


@pytest.fixture(autouse=True)
async def ann(world: World) -> None:
    await world.accounts.sign_up(SignUp(ANN.email, ANN.password))


async def guess(world: World, email: str, visitor: Visitor, times: int = ATTEMPTS) -> None:
    for _ in range(times):
        with pytest.raises(WrongCredentials):
            await world.accounts.sign_in(SignIn(email, "guess"), visitor)


@pytest.mark.parametrize("email", ["ann@example.com", "nobody@example.com"])
async def test_an_account_is_tried_so_often_from_wherever_and_in_whatever_case(world: World, email: str) -> None:
    for number in range(ATTEMPTS):
        await guess(world, email if number % 2 else email.upper(), Visitor(f"203.0.113.{number}"), times=1)
    with pytest.raises(RateLimited) as refusal:
        await world.accounts.sign_in(SignIn(email, "password1"), CAFE)
    assert refusal.value.retry_after == 60
    assert len(world.passwords.verified) == ATTEMPTS, "no password is looked at any more"
    world.clock.forward(seconds=60)
    await guess(world, email, CAFE)


async def test_an_address_tries_so_many_accounts(world: World) -> None:
    for number in range(ATTEMPTS):
        await guess(world, f"user{number}@example.com", HOME, times=1)
    with pytest.raises(RateLimited):
        await world.accounts.sign_in(ANN, HOME)
    await world.accounts.sign_in(ANN, CAFE)


async def test_an_address_signs_up_and_forgets_its_password_so_often(world: World) -> None:
    for number in range(ATTEMPTS):
        await world.accounts.sign_up(SignUp(f"user{number}@example.com", "password1"), HOME)
        await world.accounts.forgot_password(ForgotPassword(f"user{number}@example.com"), HOME)
    with pytest.raises(RateLimited):
        await world.accounts.sign_up(SignUp("late@example.com", "password1"), HOME)
    with pytest.raises(RateLimited):
        await world.accounts.forgot_password(ForgotPassword("user1@example.com"), HOME)
    with pytest.raises(RateLimited):
        await world.accounts.reset_password(ResetPassword("x", "new password"), HOME)
    with pytest.raises(InvalidResetToken):
        await world.accounts.reset_password(ResetPassword("x", "new password"), CAFE)


async def test_what_is_counted_by_account_names_no_email(world: World) -> None:
    await world.accounts.sign_in(ANN, HOME)
    assert not [subject for subject in world.limiters[0].subjects() if "ann" in subject]
