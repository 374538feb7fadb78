from typing import Any
from unicodedata import normalize

import pytest

from application.accounts.access_revocation import Integrations
from application.accounts.api_tokens import ApiTokenDraft
from application.accounts.erasure import EraseAccount
from application.accounts.inputs import SignIn, SignUp
from application.accounts.passwords import ChangePassword, ForgotPassword, ResetPassword
from application.accounts.throttling import Visitor
from application.ports import PasswordMatch
from domain.accounts.account import Caller
from domain.errors import EmailTaken, Invalid, InvalidResetToken, NotAuthenticated, WriteConflict, WrongCredentials
from domain.webhooks.webhook import Webhook
from tests.fakes import FakeAccounts, user
from tests.unit.accounts.accounts_world import World
from tests.unit.accounts.accounts_world import world as world

TWO_MAILBOXES = [
    ("straße", "strasse"),
    ("strasse", "straße"),
    ("\ufb01ona", "fiona"),
    ("\u017fmith", "smith"),
    ("\u0131pek", "ipek"),
]
ONE_MAILBOX = [("straße", "STRAẞE"), ("strasse", "STRASSE"), ("zoë", normalize("NFD", "ZOË")), ("νικος", "ΝΙΚΟΣ")]


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

    async def slowly(password: str, password_hash: str | None) -> PasswordMatch:
        known = await verify(password, password_hash)
        await world.password_use_cases.reset(ResetPassword(link, "password2"))
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
    await world.password_use_cases.change(Caller("user-1"), ChangePassword("password1", "password2"))
    with pytest.raises(InvalidResetToken):
        await world.password_use_cases.reset(ResetPassword(link, "password3"))


async def test_the_account_of_a_token_may_be_gone(world: World) -> None:
    with pytest.raises(NotAuthenticated):
        await world.accounts.me(Caller("nobody"))


@pytest.mark.usefixtures("ann")
async def test_a_forgotten_password_is_reset_by_the_mailed_link(world: World) -> None:
    token = await world.link_token()
    assert world.mailer.sent == [("ann@example.com", f"https://app.example.com/reset-password?token={token}")]
    await world.password_use_cases.reset(ResetPassword(token, "new password"))
    await world.accounts.sign_in(SignIn("ann@example.com", "new password"))
    with pytest.raises(WrongCredentials):
        await world.accounts.sign_in(SignIn("ann@example.com", "password1"))


@pytest.mark.usefixtures("ann")
async def test_a_reset_token_works_once_for_an_hour_and_is_stored_hashed(world: World) -> None:
    token = await world.link_token()
    assert token.encode() not in next(iter(world.store.rows.resets))[1]
    with pytest.raises(Invalid):
        await world.password_use_cases.reset(ResetPassword(token, "short"))
    await world.password_use_cases.reset(ResetPassword(token, "new password"))
    late = await world.link_token()
    world.clock.forward(hours=1)
    for spent in (token, late, "", "user-1.", "user-1.guess", "no-user.x", "\x00.x"):
        with pytest.raises(InvalidResetToken):
            await world.password_use_cases.reset(ResetPassword(spent, "other password"))


async def test_an_unknown_email_gets_no_mail(world: World) -> None:
    assert await world.password_use_cases.forgot(ForgotPassword("nobody@example.com")) is None
    assert world.mailer.sent == []


@pytest.mark.parametrize(("taken", "free"), TWO_MAILBOXES)
async def test_addresses_that_differ_in_more_than_case_are_two_people(world: World, taken: str, free: str) -> None:
    first = await world.accounts.sign_up(SignUp(f"{taken}@example.com", "password1"))
    second = await world.accounts.sign_up(SignUp(f"{free}@example.com", "password2"))
    assert first.user.id != second.user.id
    assert (await world.accounts.sign_in(SignIn(f"{taken}@example.com", "password1"))).user.id == first.user.id
    with pytest.raises(WrongCredentials):
        await world.accounts.sign_in(SignIn(f"{free}@example.com", "password1"))


@pytest.mark.parametrize(("typed", "other"), ONE_MAILBOX)
async def test_an_address_is_one_in_any_case_and_normal_form(world: World, typed: str, other: str) -> None:
    await world.accounts.sign_up(SignUp(f"{typed}@example.com", "password1"))
    assert (await world.accounts.sign_in(SignIn(f"{other}@example.com", "password1"))).user.id == "user-1"
    with pytest.raises(EmailTaken):
        await world.accounts.sign_up(SignUp(f"{other}@example.com", "password1"))


async def test_a_password_is_counted_and_matched_in_nfc_and_its_old_hash_is_replaced(world: World) -> None:
    async with world.store() as work:
        await FakeAccounts(world.store).add(user("ann", password_hash=f"v2:{normalize('NFD', 'crème brûlée')}"))
        await work.commit()
    for form in ("NFC", "NFD"):
        await world.accounts.sign_in(SignIn("ann@example.com", normalize(form, "crème brûlée")))
        assert world.store.rows.users["ann"].password_hash == f"v2:{normalize('NFC', 'crème brûlée')}"
    longest = "é" * 128
    signed_up = await world.accounts.sign_up(SignUp("bob@example.com", normalize("NFD", longest)))
    assert (await world.accounts.sign_in(SignIn("bob@example.com", longest))).user == signed_up.user
    for refused in (normalize("NFD", "é" * 7), normalize("NFD", longest + "é")):
        with pytest.raises(Invalid):
            await world.accounts.sign_up(SignUp("cem@example.com", refused))


async def furnish(world: World, caller: Caller) -> str:
    """An API token and a webhook; the token's text."""
    async with world.store() as work:
        now = world.clock()
        await world.webhooks.add(
            Webhook(user_id=caller.user_id, id="w", url="", secret="", created_at=now, next_attempt_at=now)
        )
        await work.commit()
    return (await world.api_tokens.add(caller, ApiTokenDraft("Script"))).text


async def test_a_reset_mail_cuts_off_whoever_signed_up_with_the_address(world: World) -> None:
    thief = await world.accounts.sign_up(SignUp("ann@example.com", "password1"))
    assert not thief.user.email_confirmed
    caller = Caller(thief.user.id, session_id="session-1")
    text = await furnish(world, caller)
    await world.bearers.authenticate(text)
    ended = await world.password_use_cases.reset(ResetPassword(await world.link_token(), "my own password"))
    assert (ended.integrations, len(ended.sessions)) == (Integrations(1, 1), 1)
    assert world.revocations.is_ended(thief.user.id, "session-1")
    with pytest.raises(NotAuthenticated):
        await world.bearers.authenticate(text)
    with pytest.raises(NotAuthenticated):
        await world.sessions.refresh(thief.refresh_token)
    assert await world.webhooks.all(thief.user.id) == []
    ann = (await world.accounts.sign_in(SignIn("ann@example.com", "my own password"))).user
    assert ann.email_confirmed_at == world.clock()
    world.clock.forward(days=1)
    await world.password_use_cases.reset(ResetPassword(await world.link_token(), "another password"))
    assert world.store.rows.users[ann.id].email_confirmed_at == ann.email_confirmed_at, "the first time counts"


@pytest.mark.usefixtures("ann")
@pytest.mark.parametrize(("answer", "left"), [(None, 1), (False, 1), (True, 0)])
async def test_a_changed_password_asks_whether_programs_end(world: World, answer: bool | None, left: int) -> None:
    caller = Caller("user-1", session_id="session-1")
    text = await furnish(world, caller)
    form = ChangePassword("password1", "password2", answer)
    ended, kept = await world.password_use_cases.change(caller, form)
    assert (ended.integrations, kept) == (None if left else Integrations(1, 1), Integrations(left, left))
    assert len(await world.webhooks.all("user-1")) == left
    if left:
        await world.bearers.authenticate(text)
    assert not world.store.rows.users["user-1"].email_confirmed


async def clashing(world: World, monkeypatch: pytest.MonkeyPatch, times: int = 2) -> list[str]:
    """The next units of work that start or end a session clash; gives what was hashed from now on."""
    hashed, hashing, left = list[str](), world.passwords.hash, [WriteConflict("met")] * times
    forget, end = world.sessions._sessions.forget, world.sessions._sessions.end

    async def hash_once(password: str) -> str:
        hashed.append(password)
        return await hashing(password)

    async def meet(*args: Any, **options: Any) -> Any:
        if left:
            raise left.pop()
        return await (end if options else forget)(*args, **options)

    monkeypatch.setattr(world.passwords, "hash", hash_once)
    monkeypatch.setattr(world.sessions._sessions, "forget", meet)
    monkeypatch.setattr(world.sessions._sessions, "end", meet)
    return hashed


async def test_what_clashes_is_done_again_without_counting_or_hashing_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    door, ann = Visitor("203.0.113.7"), "ann@example.com"
    hashed = await clashing(world, monkeypatch)
    await world.accounts.sign_up(SignUp(ann, "password1"), door)
    assert (hashed, world.limiters[1].count("address 203.0.113.7")) == (["password1"], 1)
    await clashing(world, monkeypatch)
    await world.accounts.sign_in(SignIn(ann, "password1"), door)
    assert (len(world.passwords.verified), world.limiters[0].count("address 203.0.113.7")) == (1, 1)
    hashed = await clashing(world, monkeypatch)
    caller = Caller("user-1", session_id="session-3")
    await world.password_use_cases.change(caller, ChangePassword("password1", "password2"), door)
    assert (hashed, world.limiters[0].count("address 203.0.113.7")) == (["password2"], 2)
    link = await world.link_token()
    hashed = await clashing(world, monkeypatch)
    await world.password_use_cases.reset(ResetPassword(link, "password3"), door)
    assert (hashed, world.limiters[2].count("address 203.0.113.7")) == (["password3"], 1)
    await clashing(world, monkeypatch)
    await world.erasure.erase(Caller("user-1"), EraseAccount("password3"), door)
    assert world.limiters[0].count("address 203.0.113.7") == 3
    assert not world.store.rows.users
