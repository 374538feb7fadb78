from typing import Annotated

from litestar import Controller, delete, get, patch, post
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Redirect

from adapters.http.api.reminders.schemas import (
    ActedOut,
    PushKeyOut,
    ReminderSettingsOut,
    SubscriptionOut,
    SubscriptionsOut,
)
from adapters.http.errors import errors
from adapters.http.handlers.dependencies import Dependency
from adapters.http.schemas import MessageOut, out
from adapters.http.server.authentication import PUBLIC_ROUTE
from application.reminders.actions import ReminderAction, ReminderActions
from application.reminders.preferences import ReminderPreferences, SettingsChanges, SubscriptionDraft
from domain.accounts.account import Caller

SETTINGS = "/api/users/{user_id:str}/reminder-settings"
SUBSCRIPTIONS = "/api/users/{user_id:str}/push-subscriptions"

UnsubscribeToken = Annotated[str, QueryParameter(name="token", description="From the link in the mail.")]


class ReminderPreferenceController(Controller):
    tags = ("Reminders",)

    @get(SETTINGS, summary="Get my reminder settings", responses=errors(400, 401, 403))
    async def get_reminder_settings(
        self, caller: Dependency[Caller], preferences: Dependency[ReminderPreferences]
    ) -> ReminderSettingsOut:
        """Returns where your reminders go, and when they are quiet."""
        settings: ReminderSettingsOut = out(await preferences.get(caller), ReminderSettingsOut)
        return settings

    @patch(SETTINGS, summary="Change my reminder settings", responses=errors(400, 401, 403, 413, 415))
    async def update_reminder_settings(
        self, caller: Dependency[Caller], preferences: Dependency[ReminderPreferences], data: JSONBody[SettingsChanges]
    ) -> ReminderSettingsOut:
        """Takes a merge patch (RFC 7396). The feed and webhooks get every reminder; push and mail wait while it is
        quiet."""
        settings: ReminderSettingsOut = out(await preferences.change(caller, data), ReminderSettingsOut)
        return settings

    @get(
        "/api/push/key",
        opt=PUBLIC_ROUTE,
        security=[{}],
        summary="Get the key for push subscriptions",
        responses=errors(431),
    )
    async def get_push_key(self, push_key: Dependency[str]) -> PushKeyOut:
        """Returns the public key of this service (RFC 8292), which a browser takes as `applicationServerKey`."""
        return PushKeyOut(push_key)

    @get(SUBSCRIPTIONS, summary="List browsers with notifications", responses=errors(400, 401, 403))
    async def list_subscriptions(
        self, caller: Dependency[Caller], preferences: Dependency[ReminderPreferences]
    ) -> SubscriptionsOut:
        """Returns the browsers that get notifications. Their addresses and keys are not shown."""
        return SubscriptionsOut(out(await preferences.subscriptions(caller), list[SubscriptionOut]))

    @post(SUBSCRIPTIONS, summary="Add a browser", responses=errors(400, 401, 403, 413, 415, 429))
    async def create_subscription(
        self,
        caller: Dependency[Caller],
        preferences: Dependency[ReminderPreferences],
        data: JSONBody[SubscriptionDraft],
    ) -> SubscriptionOut:
        """Takes what `PushSubscription.toJSON()` gives. A browser that is added again keeps its id."""
        added: SubscriptionOut = out(await preferences.subscribe(caller, data), SubscriptionOut)
        return added

    @delete(
        f"{SUBSCRIPTIONS}/{{subscription_id:str}}",
        status_code=200,
        summary="Remove a browser",
        responses=errors(400, 401, 403, 404),
    )
    async def delete_subscription(
        self, caller: Dependency[Caller], preferences: Dependency[ReminderPreferences], subscription_id: FromPath[str]
    ) -> MessageOut:
        """Ends the notifications of a browser."""
        await preferences.end_subscription(caller, subscription_id)
        return MessageOut("This browser gets no more notifications.")

    @post(
        "/api/reminders/act",
        opt=PUBLIC_ROUTE,
        security=[{}],
        status_code=200,
        summary="Press a button of a notification",
        responses=errors(400, 404, 409, 413, 415),
    )
    async def send_reminder_action(
        self, reminder_actions: Dependency[ReminderActions], data: JSONBody[ReminderAction]
    ) -> ActedOut:
        """Completes the task or snoozes the reminder. The token of the notification allows that once, without signing
        in."""
        until = await reminder_actions.act(data)
        return ActedOut("It rings again later." if until else "Done.", until)

    @post(
        "/api/mail/unsubscribe",
        opt=PUBLIC_ROUTE,
        security=[{}],
        status_code=200,
        summary="End mails by one click",
        responses=errors(400),
    )
    async def stop_mails(self, preferences: Dependency[ReminderPreferences], token: UnsubscribeToken) -> MessageOut:
        """Ends the mails whose header named this address (RFC 8058). The body is not read."""
        await preferences.unsubscribe(token)
        return MessageOut("You get no more of these mails. The settings can turn them on again.")

    @get("/api/mail/unsubscribe", opt=PUBLIC_ROUTE, include_in_schema=False)
    async def show_mail_settings(self) -> Redirect:
        """Leads to the settings. A mailbox that knows no RFC 8058 opens the address of the header, and programs that
        look at links do, too, so this ends nothing."""
        return Redirect("/settings/reminders")
