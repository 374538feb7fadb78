"""Use-cases of where reminders go: settings, push subscriptions, and the end of mails by one click."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from application.accounts.calendars import Calendars
from application.accounts.sessions import check_signed_in
from application.action_tokens import ActionTokens
from application.ports import (
    Clock,
    NotificationRepository,
    PushSubscriptionRepository,
    RateLimiter,
    ReminderSettingsRepository,
    SessionRepository,
    Transaction,
    Wakeups,
)
from application.ports.topics import NOTIFICATIONS_TOPIC
from application.reminders.channels import UNSUBSCRIBE
from application.retry import retried
from domain.accounts.account import Caller
from domain.accounts.profile import TIME_OF_DAY
from domain.errors import InvalidRequest, NotFound, QuotaReached
from domain.reminders.push import PushSubscription
from domain.reminders.settings import ReminderSettings, check_quiet_hours, clean_settings

MAX_SUBSCRIPTIONS = 20
"""Of one user: a browser on each device."""
QUIET = {"quiet_from", "quiet_to"}
TimeOfDay = Annotated[str, Meta(examples=["22:00"], extra_json_schema={"pattern": f"^{TIME_OF_DAY.pattern}$"})]


class SettingsChanges(Struct, forbid_unknown_fields=True):
    """An absent field keeps its value, and null ends what it is about."""

    push: bool | UnsetType = UNSET
    mail: Annotated[bool, Meta(description="To the confirmed address.")] | UnsetType = UNSET
    quiet_from: TimeOfDay | UnsetType | None = UNSET
    quiet_to: TimeOfDay | UnsetType | None = UNSET
    morning_time: Annotated[TimeOfDay | None, Meta(description="When a mail says what is due.")] | UnsetType = UNSET


class PushKeys(Struct):
    p256dh: Annotated[str, Meta(max_length=200)]
    auth: Annotated[str, Meta(max_length=100)]


class SubscriptionDraft(Struct):
    """What `PushSubscription.toJSON()` gives in a browser."""

    endpoint: Annotated[str, Meta(max_length=2000, examples=["https://push.example.com/send/abc"])]
    keys: PushKeys


class ReminderPreferences:
    """Only the user may change these. With an API token, a program could send the user's data to any address."""

    def __init__(
        self,
        settings: ReminderSettingsRepository,
        subscriptions: PushSubscriptionRepository,
        notifications: NotificationRepository,
        transaction: Transaction,
        calendars: Calendars,
        tokens: ActionTokens,
        limiter: RateLimiter,
        sessions: SessionRepository,
        wakeups: Wakeups,
        clock: Clock,
        new_id: Callable[[], str],
        *,
        public: bool,
    ) -> None:
        self._settings = settings
        self._subscriptions = subscriptions
        self._notifications = notifications
        self._transaction = transaction
        self._calendars = calendars
        self._tokens = tokens
        self._limiter = limiter
        self._sessions = sessions
        self._wakeups = wakeups
        self._clock = clock
        self._new_id = new_id
        self._public = public

    async def get(self, caller: Caller) -> ReminderSettings:
        return await self._settings.get(caller.user_id)

    async def change(self, caller: Caller, changes: SettingsChanges) -> ReminderSettings:
        """Raises `Forbidden`, `InvalidRequest` and `Invalid`."""
        caller.check_is_user()
        given = {name: getattr(changes, name) for name in changes.__struct_fields__}
        values = clean_settings({name: value for name, value in given.items() if value is not UNSET})
        if not values:
            raise InvalidRequest(f"Nothing to change: give at least one of {', '.join(given)}.")
        return await self._save(caller.user_id, **values)

    async def unsubscribe(self, token: str) -> None:
        """Ends the mails that the link in one of them is about. Raises `InvalidLink`."""
        user_id, kind = self._tokens.read(UNSUBSCRIBE, token)
        ended: dict[str, bool | None] = {"mail": False} if kind == "mail" else {"morning_time": None}
        await self._save(user_id, **ended)

    async def subscriptions(self, caller: Caller) -> Sequence[PushSubscription]:
        return await self._subscriptions.all(caller.user_id)

    async def subscribe(self, caller: Caller, draft: SubscriptionDraft) -> PushSubscription:
        """Adds a browser, or renews its keys. Raises `Forbidden`, `Invalid`, `RateLimited` and `QuotaReached`."""
        caller.check_is_user()
        await self._limiter.hit(caller.user_id)
        new = PushSubscription(
            user_id=caller.user_id,
            id=self._new_id(),
            endpoint=draft.endpoint,
            p256dh=draft.keys.p256dh,
            auth=draft.keys.auth,
            created_at=self._clock(),
        )
        new.check(public=self._public)
        return await self._subscribe(caller, new)

    @retried
    async def _subscribe(self, caller: Caller, new: PushSubscription) -> PushSubscription:
        async with self._transaction() as work:
            subscription_id = await self._subscriptions.add(new)
            await check_signed_in(self._sessions, caller)
            if len(await self._subscriptions.all(new.user_id)) > MAX_SUBSCRIPTIONS:
                raise QuotaReached(f"You may have {MAX_SUBSCRIPTIONS} browsers with notifications. Remove one first.")
            await work.commit()
        return replace(new, id=subscription_id)

    async def end_subscription(self, caller: Caller, subscription_id: str) -> None:
        caller.check_is_user()
        if not await self._subscriptions.delete(caller.user_id, subscription_id):
            raise NotFound("There is no such browser. It may have been removed.")

    @retried
    async def _save(self, user_id: str, **values: object) -> ReminderSettings:
        now, _ = await self._calendars.now(user_id)
        async with self._transaction() as work:
            settings = replace(await self._settings.get(user_id), **values)  # type: ignore[arg-type]
            check_quiet_hours(settings)
            await self._settings.save(user_id, settings, settings.next_morning(now))
            if QUIET & values.keys():
                await self._notifications.hasten(user_id, self._clock())
                await self._wakeups.announce(NOTIFICATIONS_TOPIC)
            await work.commit()
        return settings
