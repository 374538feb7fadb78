from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from msgspec import UNSET

from application.accounts.calendars import Calendars
from application.accounts.inputs import ProfileChanges, SignIn, SignUp
from application.accounts.sessions import Sessions, SignedIn
from application.accounts.throttling import UNSEEN, WRONG, PasswordCheck, Throttle, Visitor
from application.ports import (
    AccountRepository,
    Clock,
    EmailAddresses,
    PasswordHasher,
    PasswordMatch,
    ReminderSettingsRepository,
    RingRepository,
    Transaction,
    Wakeups,
)
from application.ports.topics import REMINDERS_TOPIC
from application.retry import retried
from domain.accounts.account import Caller, User, check_password
from domain.accounts.profile import clean_profile
from domain.errors import EmailTaken, InvalidRequest, NotAuthenticated, WrongCredentials
from domain.tasks.dates.calendar import Calendar

TIMES = {"timezone", "reminder_time"}
"""What the times of reminders depend on."""


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
        reminder_settings: ReminderSettingsRepository,
        wakeups: Wakeups,
    ) -> None:
        self._accounts = accounts
        self._transaction = transaction
        self._passwords = passwords
        self._sessions = sessions
        self._throttle = throttle
        self._check = PasswordCheck(passwords, throttle, WRONG)
        self._addresses = addresses
        self._clock = clock
        self._new_id = new_id
        self._calendars = calendars
        self._rings = rings
        self._reminder_settings = reminder_settings
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
        email."""
        email = self._addresses.normalize(form.email)
        user = await self._accounts.by_email(email)
        match = await self._check(email, form.password, user.password_hash if user else None, visitor)
        assert user is not None, "without a stored hash no password is right"
        is_outdated = match is PasswordMatch.OUTDATED
        return await self._enter(user, await self._passwords.hash(form.password) if is_outdated else None, visitor)

    async def provision(self, user_id: str) -> None:
        """Creates the account of a user of another issuer, if it does not exist."""
        if await self._accounts.get(user_id) is None:
            user = User(id=user_id, email=None, name=None, password_hash=None, created_at=self._clock())
            with suppress(EmailTaken):
                await self._add(user)

    async def me(self, caller: Caller) -> User:
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
            if "timezone" in values:
                await self._move_morning(user)
            if TIMES & values.keys():
                await self._rings.retime(user_id, self._clock())
                await self._wakeups.announce(REMINDERS_TOPIC)
            await work.commit()
        return user

    async def _move_morning(self, user: User) -> None:
        """Moves the next mail of the morning to the morning of the user's zone of now."""
        settings = await self._reminder_settings.get(user.id)
        if settings.morning_time:
            local = Calendar(user.timezone).local(self._clock())
            await self._reminder_settings.save(user.id, settings, settings.next_morning(local))


async def check_password_unchanged(accounts: AccountRepository, user: User) -> None:
    """Raises `WrongCredentials` if the password has been changed since it was verified. The account stays locked until
    the unit of work ends."""
    now = await accounts.get_to_change(user.id)
    if now is None or now.password_hash != user.password_hash:
        raise WrongCredentials(WRONG)
