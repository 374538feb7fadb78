import pytest

from application.accounts.inputs import SignIn, SignUp
from application.accounts.passwords import ForgotPassword, ResetPassword
from application.accounts.throttling import ADDRESSES_PER_ACCOUNT, Visitor
from domain.errors import InvalidResetToken, RateLimited, WrongCredentials
from tests.unit.accounts.accounts_world import ATTEMPTS, World
from tests.unit.accounts.accounts_world import world as world

ANN = SignIn("ann@example.com", "password1")
EVERYWHERE = ATTEMPTS * ADDRESSES_PER_ACCOUNT
HOME, CAFE = Visitor("203.0.113.7"), Visitor("198.51.100.2")


@pytest.fixture(autouse=True)
async def ann(world: World) -> None:
    await world.accounts.sign_up(SignUp(ANN.email, ANN.password))


async def guess(world: World, email: str, visitor: Visitor, times: int = ATTEMPTS) -> None:
    for _ in range(times):
        with pytest.raises(WrongCredentials):
            await world.accounts.sign_in(SignIn(email, "guess"), visitor)


@pytest.mark.parametrize("email", ["ann@example.com", "nobody@example.com"])
async def test_an_account_is_tried_so_often_from_all_addresses_and_in_whatever_case(world: World, email: str) -> None:
    for number in range(EVERYWHERE):
        await guess(world, email if number % 2 else email.upper(), Visitor(f"203.0.113.{number}"), times=1)
    with pytest.raises(RateLimited) as refusal:
        await world.accounts.sign_in(SignIn(email, "password1"), CAFE)
    assert refusal.value.retry_after == 60
    assert len(world.passwords.verified) == EVERYWHERE, "no password is looked at any more"
    world.clock.forward(seconds=60)
    await guess(world, email, CAFE)


async def test_nobody_else_keeps_the_owner_out_by_guessing_from_one_address(world: World) -> None:
    await guess(world, ANN.email, CAFE)
    for _ in range(5 * ATTEMPTS):
        with pytest.raises(RateLimited):
            await world.accounts.sign_in(ANN, CAFE)
    assert (await world.accounts.sign_in(ANN, HOME)).user.email == ANN.email


async def test_nobody_else_keeps_the_owner_out_by_guessing_from_several(world: World) -> None:
    for number in range(5):
        await guess(world, ANN.email, Visitor(f"203.0.113.{number}"))
    await world.accounts.sign_in(ANN, CAFE)


async def test_without_an_address_an_account_is_tried_as_often_as_an_address_tries(world: World) -> None:
    await guess(world, ANN.email, Visitor())
    with pytest.raises(RateLimited):
        await world.accounts.sign_in(ANN, Visitor())


async def test_a_mailbox_gets_so_many_mails_whoever_asks_for_them(world: World) -> None:
    spellings = ("ann@example.com", "ANN@example.com", "ann+1@example.com", "Ann+todo@Example.com")
    for number in range(ATTEMPTS):
        form = ForgotPassword(spellings[number % len(spellings)])
        await world.password_use_cases.forgot(form, Visitor(f"203.0.113.{number}"))
    mailed = len(world.mailer.sent)
    for email in spellings:
        with pytest.raises(RateLimited):
            await world.password_use_cases.forgot(ForgotPassword(email), CAFE)
    assert len(world.mailer.sent) == mailed
    assert await world.password_use_cases.forgot(ForgotPassword("bob@example.com"), CAFE) is None


async def test_a_mailbox_without_an_account_is_counted_alike(world: World) -> None:
    for number in range(ATTEMPTS):
        await world.password_use_cases.forgot(ForgotPassword("bob@example.com"), Visitor(f"203.0.113.{number}"))
    with pytest.raises(RateLimited):
        await world.password_use_cases.forgot(ForgotPassword("bob@example.com"), CAFE)


async def test_an_address_tries_so_many_accounts(world: World) -> None:
    for number in range(ATTEMPTS):
        await guess(world, f"user{number}@example.com", HOME, times=1)
    with pytest.raises(RateLimited):
        await world.accounts.sign_in(ANN, HOME)
    await world.accounts.sign_in(ANN, CAFE)


async def test_an_address_signs_up_and_forgets_its_password_so_often(world: World) -> None:
    for number in range(ATTEMPTS):
        await world.accounts.sign_up(SignUp(f"user{number}@example.com", "password1"), HOME)
        await world.password_use_cases.forgot(ForgotPassword(f"user{number}@example.com"), HOME)
    with pytest.raises(RateLimited):
        await world.accounts.sign_up(SignUp("late@example.com", "password1"), HOME)
    with pytest.raises(RateLimited):
        await world.password_use_cases.forgot(ForgotPassword("user1@example.com"), HOME)
    with pytest.raises(RateLimited):
        await world.password_use_cases.reset(ResetPassword("x", "new password"), HOME)
    with pytest.raises(InvalidResetToken):
        await world.password_use_cases.reset(ResetPassword("x", "new password"), CAFE)


async def test_what_is_counted_by_account_names_no_email(world: World) -> None:
    await world.accounts.sign_in(ANN, HOME)
    await world.password_use_cases.forgot(ForgotPassword(ANN.email), HOME)
    assert not [subject for limiter in world.limiters for subject in limiter.subjects() if "ann" in subject]
