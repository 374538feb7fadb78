"""Use-cases of accounts: signing up, signing in, and the profile."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from application.accounts.calendars import Calendars
from application.accounts.sessions import Sessions, SignedIn
from application.accounts.throttling import UNSEEN, WRONG, PasswordCheck, Throttle, Visitor
from application.ports import (
    AccountRepository,
    Clock,
    EmailAddresses,
    PasswordHasher,
    PasswordMatch,
    RingRepository,
    Transaction,
    Wakeups,
)
from application.ports.topics import REMINDERS_TOPIC
from application.retry import retried
from domain.accounts.account import (
    MAX_NAME_LENGTH,
    MAX_PASSWORD_LENGTH,
    MIN_PASSWORD_LENGTH,
    Caller,
    User,
    check_password,
)
from domain.accounts.profile import TIME_OF_DAY, WEEK_STARTS, clean_profile
from domain.errors import EmailTaken, InvalidRequest, NotAuthenticated, WrongCredentials

TIMES = {"timezone", "reminder_time"}
"""What the times of reminders depend on."""
Email = Annotated[
    str,
    Meta(
        description="Compared without regard to case.",
        examples=["ann@example.com"],
        extra_json_schema={"format": "email"},
    ),
]
NewPassword = Annotated[
    str,
    Meta(
        description=f"{MIN_PASSWORD_LENGTH}–{MAX_PASSWORD_LENGTH} characters.",
        examples=["correct horse battery"],
        extra_json_schema={"minLength": MIN_PASSWORD_LENGTH, "maxLength": MAX_PASSWORD_LENGTH, "format": "password"},
    ),
]
Password = Annotated[str, Meta(examples=["correct horse battery"], extra_json_schema={"format": "password"})]


Name = Annotated[
    str,
    Meta(
        description=f"At most {MAX_NAME_LENGTH} characters.",
        examples=["Ann"],
        extra_json_schema={"maxLength": MAX_NAME_LENGTH},
    ),
]
Timezone = Annotated[
    str, Meta(description="Of the IANA Time Zone Database, in any case; UTC by default.", examples=["Europe/Berlin"])
]
WeekStart = Annotated[
    str, Meta(description="Monday by default.", examples=["sunday"], extra_json_schema={"enum": WEEK_STARTS})
]
Locale = Annotated[str, Meta(description="A language tag (RFC 5646); `en` by default.", examples=["en-US"])]
ReminderTime = Annotated[
    str,
    Meta(
        description="When reminders of a day without an hour ring; 09:00 by default.",
        examples=["08:30"],
        extra_json_schema={"pattern": f"^{TIME_OF_DAY.pattern}$"},
    ),
]


class SignUp(Struct, forbid_unknown_fields=True):
    email: Email
    password: NewPassword
    name: Name | None = None
    timezone: Timezone | None = None
    week_start: WeekStart | None = None
    locale: Locale | None = None


class SignIn(Struct, forbid_unknown_fields=True):
    email: Email
    password: Password


class ProfileChanges(Struct, forbid_unknown_fields=True):
    """An absent field keeps its value, and null restores its default."""

    name: Name | UnsetType | None = UNSET
    timezone: Timezone | UnsetType | None = UNSET
    week_start: WeekStart | UnsetType | None = UNSET
    locale: Locale | UnsetType | None = UNSET
    reminder_time: ReminderTime | UnsetType | None = UNSET


class Accounts:
    def __init__(
        self,
        accounts: AccountRepository,
        transaction: Transaction,
        passwords: PasswordHasher,
        sessions: Sessions,
        throttle: Throttle,
        addresses: EmailAddresses,
        clock: Clock,
        new_id: Callable[[], str],
        calendars: Calendars,
        rings: RingRepository,
        wakeups: Wakeups,
    ) -> None:
        self._accounts = accounts
        self._transaction = transaction
        self._passwords = passwords
        self._sessions = sessions
        self._throttle = throttle
        self._check = PasswordCheck(passwords, throttle)
        self._addresses = addresses
        self._clock = clock
        self._new_id = new_id
        self._calendars = calendars
        self._rings = rings
        self._wakeups = wakeups

    async def sign_up(self, form: SignUp, visitor: Visitor = UNSEEN) -> SignedIn:
        await self._throttle.sign_up(visitor)
        email, password = self._addresses.normalize(form.email), check_password("password", form.password)
        profile = clean_profile({name: getattr(form, name) for name in ("name", "timezone", "week_start", "locale")})
        password_hash = await self._passwords.hash(password)
        user = User(id=self._new_id(), email=email, password_hash=password_hash, created_at=self._clock(), **profile)
        return await self._join(user, visitor)

    async def sign_in(self, form: SignIn, visitor: Visitor = UNSEEN) -> SignedIn:
        """Raises `RateLimited`, and `WrongCredentials` with the same message and after the same time for an unknown
        email.
        """
        email = self._addresses.normalize(form.email)
        user = await self._accounts.by_email(email)
        match = await self._check(email, form.password, user.password_hash if user else None, visitor)
        assert user is not None, "without a stored hash no password is right"
        is_outdated = match is PasswordMatch.OUTDATED
        return await self._enter(user, await self._passwords.hash(form.password) if is_outdated else None, visitor)

    async def provision(self, user_id: str) -> None:
        """Creates the account of a user with a token of another issuer, without email and password, if it does not
        exist.
        """
        if await self._accounts.get(user_id) is None:
            user = User(id=user_id, email=None, name=None, password_hash=None, created_at=self._clock())
            with suppress(EmailTaken):
                await self._add(user)

    async def me(self, caller: Caller) -> User:
        """Raises `NotAuthenticated` if the account no longer exists."""
        user = await self._accounts.get(caller.user_id)
        if user is None:
            raise NotAuthenticated("This account no longer exists.")
        return user

    async def change(self, caller: Caller, changes: ProfileChanges) -> User:
        """Returns the changed user. Raises `Forbidden`, `InvalidRequest`, `Invalid` and `NotAuthenticated`."""
        caller.check_is_user()
        given = {name: getattr(changes, name) for name in changes.__struct_fields__}
        values = clean_profile({name: value for name, value in given.items() if value is not UNSET})
        if not values:
            raise InvalidRequest(f"Nothing to change: give at least one of {', '.join(given)}.")
        user = await self._change(caller.user_id, values)
        self._calendars.forget(user.id)
        return user

    @retried
    async def _join(self, user: User, visitor: Visitor) -> SignedIn:
        async with self._transaction() as work:
            await self._accounts.add(user)
            signed_in = await self._sessions.start(user, visitor)
            await work.commit()
        return signed_in

    @retried
    async def _enter(self, user: User, new_hash: str | None, visitor: Visitor) -> SignedIn:
        """Starts a session. A hash that is weaker than today's is replaced while the password is known."""
        async with self._transaction() as work:
            await check_password_unchanged(self._accounts, user)
            if new_hash:
                await self._accounts.set_password(user.id, new_hash)
            signed_in = await self._sessions.start(user, visitor)
            await work.commit()
        return signed_in

    @retried
    async def _add(self, user: User) -> None:
        async with self._transaction() as work:
            await self._accounts.add(user)
            await work.commit()

    @retried
    async def _change(self, user_id: str, values: Mapping[str, Any]) -> User:
        async with self._transaction() as work:
            user = await self._accounts.change(user_id, values)
            if TIMES & values.keys():
                await self._rings.retime(user_id, self._clock())
                await self._wakeups.announce(REMINDERS_TOPIC)
            await work.commit()
        return user


async def check_password_unchanged(accounts: AccountRepository, user: User) -> None:
    """Raises `WrongCredentials` if the password has been changed since it was verified. The account stays locked until
    the unit of work ends."""
    now = await accounts.get_to_change(user.id)
    if now is None or now.password_hash != user.password_hash:
        raise WrongCredentials(WRONG)
