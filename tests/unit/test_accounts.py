import pytest

from application.accounts import ChangePassword, ForgotPassword, ResetPassword, SignIn, SignUp
from domain.account import Caller
from domain.errors import EmailTaken, Invalid, InvalidResetToken, NotAuthenticated, WrongCredentials
from tests.fakes import FakeAccounts, user
from tests.unit.accounts_world import World
from tests.unit.accounts_world import world as world


@pytest.fixture
async def ann(world: World) -> None:
    await world.accounts.sign_up(SignUp("ann@example.com", "password1", "Ann"))


async def test_signing_up_signs_in(world: World) -> None:
    session = await world.accounts.sign_up(SignUp("ann@example.com", "password1", " Ann "))
    assert session.token == "token-of-user-1:session-1"
    assert session.user.name == "Ann"
    assert await world.accounts.me(Caller("user-1")) == session.user
    assert "password1" not in repr(session)


@pytest.mark.usefixtures("ann")
async def test_an_email_signs_up_once(world: World) -> None:
    with pytest.raises(EmailTaken):
        await world.accounts.sign_up(SignUp("ANN@example.com", "password1"))


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (SignUp("ann", "password1"), "email"),
        (SignUp("ann@example.com", "1234567"), "password"),
        (SignUp("ann@example.com", "x" * 129), "password"),
        (SignUp("ann@example.com", "pass\x00word"), "password"),
        (SignUp("ann@example.com", "password1", "x" * 101), "name"),
    ],
)
async def test_a_bad_form_is_refused_by_field(world: World, form: SignUp, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        await world.accounts.sign_up(form)
    assert [each.field for each in refusal.value.fields] == [field]
    assert world.store.rows.users == {}


@pytest.mark.usefixtures("ann")
@pytest.mark.parametrize(("email", "password"), [("ann@example.com", "wrong pass"), ("bob@example.com", "password1")])
async def test_wrong_password_and_unknown_email_are_refused_alike(world: World, email: str, password: str) -> None:
    with pytest.raises(WrongCredentials, match="Email or password is wrong"):
        await world.accounts.sign_in(SignIn(email, password))
    assert len(world.passwords.verified) == 1, "the work of a verification is done either way"


@pytest.mark.usefixtures("ann")
async def test_signing_in_takes_the_email_in_any_case(world: World) -> None:
    assert (await world.accounts.sign_in(SignIn("Ann@Example.com", "password1"))).user.id == "user-1"


async def test_an_outdated_hash_is_replaced_at_sign_in(world: World) -> None:
    async with world.store() as work:
        await FakeAccounts(world.store).add(user("ann", password_hash="v1:password1"))
        await work.commit()
    await world.accounts.sign_in(SignIn("ann@example.com", "password1"))
    assert world.store.rows.users["ann"].password_hash == "v2:password1"


@pytest.mark.usefixtures("ann")
async def test_a_password_that_is_over_by_the_time_it_was_verified_opens_and_changes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, verify = await world.link_token(), world.passwords.verify

    async def slowly(password: str, password_hash: str | None) -> bool:
        known = await verify(password, password_hash)
        await world.accounts.reset_password(ResetPassword(link, "password2"))
        return known

    monkeypatch.setattr(world.passwords, "verify", slowly)
    with pytest.raises(WrongCredentials):
        await world.accounts.sign_in(SignIn("ann@example.com", "password1"))
    monkeypatch.undo()
    assert [session.ended_at for session in world.store.rows.sessions.values()] == [world.clock()]
    assert (await world.accounts.sign_in(SignIn("ann@example.com", "password2"))).user.id == "user-1"


@pytest.mark.usefixtures("ann")
async def test_a_changed_password_ends_the_links_that_were_mailed_before(world: World) -> None:
    link = await world.link_token()
    await world.accounts.change_password(Caller("user-1"), ChangePassword("password1", "password2"))
    with pytest.raises(InvalidResetToken):
        await world.accounts.reset_password(ResetPassword(link, "password3"))


async def test_the_account_of_a_token_may_be_gone(world: World) -> None:
    with pytest.raises(NotAuthenticated):
        await world.accounts.me(Caller("nobody"))


@pytest.mark.usefixtures("ann")
async def test_a_forgotten_password_is_reset_by_the_mailed_link(world: World) -> None:
    token = await world.link_token()
    assert world.mailer.sent == [("ann@example.com", f"https://app.example.com/reset-password?token={token}")]
    await world.accounts.reset_password(ResetPassword(token, "new password"))
    await world.accounts.sign_in(SignIn("ann@example.com", "new password"))
    with pytest.raises(WrongCredentials):
        await world.accounts.sign_in(SignIn("ann@example.com", "password1"))


@pytest.mark.usefixtures("ann")
async def test_a_reset_token_works_once_for_an_hour_and_is_stored_hashed(world: World) -> None:
    token = await world.link_token()
    assert token.encode() not in next(iter(world.store.rows.resets))[1]
    with pytest.raises(Invalid):
        await world.accounts.reset_password(ResetPassword(token, "short"))
    await world.accounts.reset_password(ResetPassword(token, "new password"))
    late = await world.link_token()
    world.clock.forward(hours=1)
    for spent in (token, late, "", "user-1.", "user-1.guess", "no-user.x", "\x00.x"):
        with pytest.raises(InvalidResetToken):
            await world.accounts.reset_password(ResetPassword(spent, "other password"))


async def test_an_unknown_email_gets_no_mail(world: World) -> None:
    assert await world.accounts.forgot_password(ForgotPassword("nobody@example.com")) is None
    assert world.mailer.sent == []
