import json
from dataclasses import replace
from typing import Any

import pytest

from application.action_tokens import LIFETIME, ActionTokens
from application.background import Background
from application.due_work import Worker
from application.reminders.actions import ReminderAction, ReminderActions
from application.reminders.channels import MailChannel, PushChannel
from application.reminders.deliveries import NotificationDeliveries
from application.reminders.mornings import Mornings
from application.reminders.preferences import (
    MAX_SUBSCRIPTIONS,
    PushKeys,
    ReminderPreferences,
    SettingsChanges,
    SubscriptionDraft,
)
from application.tasks.inputs import TaskChanges
from domain.accounts.account import Actor, Caller
from domain.errors import Conflict, Forbidden, Invalid, InvalidLink, InvalidRequest, NotFound, QuotaReached
from domain.reminders.notification import Channel
from domain.reminders.push import RETRY_SECONDS
from domain.webhooks.webhook import Undelivered
from tests.fakes import (
    FakeAccounts,
    FakeEntities,
    FakeNotifications,
    FakePushService,
    FakePushSubscriptions,
    FakeRateLimiter,
    FakeReminderMailer,
    FakeReminderSettings,
    FakeSessions,
    add_users,
)
from tests.servers.push_service import Browser
from tests.unit.reminders.reminders_world import ANN, BOB, World

KEYS = PushKeys(**Browser().keys)
UNSUBSCRIBE = "https://tasks.example.com/api/mail/unsubscribe"


class SendingWorld(World):
    """A server that also sends, and what arrives."""

    def __init__(self) -> None:
        super().__init__()
        numbers = iter(range(1, 1000))
        self.push, self.mailer = FakePushService(), FakeReminderMailer()
        self.tokens = ActionTokens("a secret", self.clock)
        accounts, settings = FakeAccounts(self.store), FakeReminderSettings(self.store)
        subscriptions, self.notifications = FakePushSubscriptions(self.store), FakeNotifications(self.store)
        mails = MailChannel(accounts, settings, self.mailer, self.tokens, "https://tasks.example.com", UNSUBSCRIBE)
        self.preferences = ReminderPreferences(
            settings,
            subscriptions,
            self.notifications,
            self.store,
            self.calendars,
            self.tokens,
            FakeRateLimiter(100, 60, self.clock),
            FakeSessions(self.store),
            self.wakeups,
            self.clock,
            lambda: f"id-{next(numbers)}",
            public=True,
        )
        self.deliveries = NotificationDeliveries(
            self.notifications,
            self.events,
            FakeEntities(self.store),
            settings,
            self.calendars,
            {Channel.PUSH: PushChannel(subscriptions, lambda: self.push), Channel.MAIL: mails},
            self.tokens,
            self.clock,
            lambda: f"id-{next(numbers)}",
        )
        self.sending = Worker(self.deliveries, self.wakeups, self.clock, Background(), 100)
        self.actions = ReminderActions(
            self.tokens, self.notifications, self.reminders, self.tasks, self.store, self.clock
        )
        self.mornings = Mornings(settings, accounts, self.tasks, self.calendars, self.mailer, mails)

    async def subscribe(self, endpoint: str = "https://push.example.com/1", caller: Caller = ANN) -> str:
        return (await self.preferences.subscribe(caller, SubscriptionDraft(endpoint, KEYS))).id

    async def send(self) -> list[dict[str, Any]]:
        """What arrives by push."""
        before = len(self.push.sent)
        await self.ring()
        while started := await self.sending.start_due():
            for each in started:
                await each
        return [json.loads(text) for _, text in self.push.sent[before:]]

    async def rang(self, **values: Any) -> dict[str, Any]:
        """What a browser got of a reminder that has just rung."""
        await self.subscribe()
        await self.add("PT0M", **{"due": "2026-11-23T09:30", **values})
        self.clock.forward(minutes=30)
        [message] = await self.send()
        return message

    def confirm(self, user_id: str = "ann") -> None:
        user = self.store.rows.users[user_id]
        self.store.rows.users[user_id] = replace(user, email=f"{user_id}@example.com", email_confirmed_at=self.clock())


@pytest.fixture
async def world() -> SendingWorld:
    world = SendingWorld()
    await add_users(world.store, "ann", "bob")
    return world


async def test_each_browser_of_the_user_gets_it_once_with_the_id_of_the_ring(world: SendingWorld) -> None:
    await world.subscribe("https://push.example.com/2")
    await world.subscribe(caller=BOB)
    await world.subscribe()
    await world.add("PT0M", due="2026-11-23T09:30")
    world.clock.forward(minutes=30)
    one, other = await world.send()
    [rung] = await world.rung()
    assert one["id"] == other["id"] == rung.id
    assert (one["title"], one["body"], one["task_id"], one["late"]) == (
        "Call the vet",
        "Due 2026-11-23 09:30.",
        1,
        False,
    )
    assert await world.send() == []
    assert world.store.rows.notifications == {}


async def test_a_subscription_that_has_expired_goes(world: SendingWorld) -> None:
    world.push.answers = [410]
    await world.rang()
    assert await world.preferences.subscriptions(ANN) == []
    assert world.store.rows.notifications == {}


async def test_a_push_service_that_is_away_is_tried_again_ever_later_and_given_up(world: SendingWorld) -> None:
    world.push.answers = [503, Undelivered("No connection."), *[429] * 10]
    first = await world.rang()
    for wait in RETRY_SECONDS:
        world.clock.forward(seconds=wait - 1)
        assert await world.send() == []
        world.clock.forward(seconds=1)
        assert [each["id"] for each in await world.send()] == [first["id"]]
    assert world.store.rows.notifications == {}


async def test_what_a_server_was_sending_when_it_died_is_sent_by_another(world: SendingWorld) -> None:
    await world.subscribe()
    await world.add("PT0M", due="2026-11-23T09:30")
    world.clock.forward(minutes=30)
    await world.ring()
    assert len(await world.deliveries.claim(10)) == 1
    assert await world.send() == []
    world.clock.forward(seconds=60)
    assert len(await world.send()) == 1


async def test_a_task_that_is_done_meanwhile_sends_nothing(world: SendingWorld) -> None:
    await world.subscribe()
    await world.add("PT0M", due="2026-11-23T09:30")
    world.clock.forward(minutes=30)
    await world.ring()
    await world.tasks.complete(ANN, 1)
    assert await world.send() == []
    assert world.store.rows.notifications == {}


async def test_in_quiet_hours_push_waits_and_the_feed_does_not(world: SendingWorld) -> None:
    await world.preferences.change(ANN, SettingsChanges(quiet_from="09:00", quiet_to="10:00"))
    await world.subscribe()
    await world.add("PT0M", due="2026-11-23T09:30")
    world.clock.forward(minutes=30)
    assert await world.send() == []
    assert len(await world.rung()) == 1
    world.clock.forward(minutes=30)
    assert len(await world.send()) == 1


@pytest.mark.parametrize(
    "earlier", [SettingsChanges(quiet_from=None, quiet_to=None), SettingsChanges(quiet_to="09:30")]
)
async def test_what_waits_comes_when_the_quiet_hours_are_ended_or_made_shorter(
    world: SendingWorld, earlier: SettingsChanges
) -> None:
    await world.preferences.change(ANN, SettingsChanges(quiet_from="09:00", quiet_to="18:00"))
    await world.subscribe()
    await world.add("2026-11-23T09:10")
    world.clock.forward(minutes=40)
    assert await world.send() == []
    await world.preferences.change(ANN, earlier)
    assert len(await world.send()) == 1


async def test_push_can_be_turned_off_and_mail_on_for_a_confirmed_address(world: SendingWorld) -> None:
    await world.preferences.change(ANN, SettingsChanges(push=False, mail=True))
    await world.subscribe()
    await world.add("PT0M", due="2026-11-23T09:30")
    world.clock.forward(minutes=30)
    assert await world.send() == []
    assert world.mailer.sent == []
    world.confirm()
    await world.add("PT0M", due="2026-11-23T09:40")
    world.clock.forward(minutes=10)
    assert await world.send() == []
    [mail] = world.mailer.sent
    assert (mail.to, mail.subject) == ("ann@example.com", "Reminder: Call the vet")
    assert mail.unsubscribe
    await world.preferences.unsubscribe(mail.unsubscribe.partition("token=")[2])
    assert not (await world.preferences.get(ANN)).mail


async def test_a_late_one_says_for_when_it_was_on_the_clocks_of_the_account(world: SendingWorld) -> None:
    await world.subscribe()
    world.confirm()
    await world.preferences.change(ANN, SettingsChanges(mail=True))
    await world.move_to("Europe/Berlin")
    await world.add("PT0M", due="2026-11-23T10:30")
    world.clock.forward(hours=2)
    [message] = await world.send()
    assert message["body"] == "Due 2026-11-23 10:30. This reminder is late: it was for 2026-11-23 10:30."
    [mail] = world.mailer.sent
    assert "https://tasks.example.com/task/1" in mail.text
    assert "To end them: https://tasks.example.com/settings/reminders" in mail.text


async def test_a_mail_that_is_sent_again_has_the_same_id(world: SendingWorld) -> None:
    world.confirm()
    await world.preferences.change(ANN, SettingsChanges(mail=True))
    await world.add("PT0M", due="2026-11-23T09:30")
    world.clock.forward(minutes=30)
    world.mailer.fault = Undelivered("away")
    await world.send()
    world.mailer.fault = None
    world.clock.forward(seconds=RETRY_SECONDS[0])
    await world.send()
    [mail] = world.mailer.sent
    assert mail.id.startswith(f"reminder.{(await world.rung())[0].id}.")


async def test_done_completes_the_task_once(world: SendingWorld) -> None:
    message = await world.rang(recurrence="FREQ=DAILY")
    assert await world.actions.act(ReminderAction(message["token"], "done")) is None
    assert (await world.tasks.get(ANN, 1)).due == "2026-11-24T09:30"
    with pytest.raises(InvalidLink, match="done before"):
        await world.actions.act(ReminderAction(message["token"], "done"))
    assert (await world.tasks.get(ANN, 1)).due == "2026-11-24T09:30"


async def test_done_completes_a_task_that_was_moved_meanwhile(world: SendingWorld) -> None:
    message = await world.rang()
    await world.tasks.update(ANN, 1, TaskChanges(due="2026-11-24T09:30"))
    await world.actions.act(ReminderAction(message["token"], "done"))
    assert (await world.tasks.get(ANN, 1)).completed


async def test_done_leaves_the_next_date_of_a_task_whose_date_was_done_elsewhere(world: SendingWorld) -> None:
    message = await world.rang(recurrence="FREQ=DAILY")
    await world.tasks.complete(ANN, 1)
    await world.actions.act(ReminderAction(message["token"], "done"))
    assert (await world.tasks.get(ANN, 1)).due == "2026-11-24T09:30"


async def test_snooze_rings_again_with_a_token_of_its_own(world: SendingWorld) -> None:
    message = await world.rang()
    await world.actions.act(ReminderAction(message["token"], "snooze", 5))
    world.clock.forward(minutes=5)
    [again] = await world.send()
    assert again["id"] > message["id"]
    await world.actions.act(ReminderAction(again["token"], "done"))
    assert (await world.tasks.get(ANN, 1)).completed
    assert await world.rung_after(hours=1) == []


async def test_a_refused_press_does_not_use_the_token_up(world: SendingWorld) -> None:
    message = await world.rang()
    await world.tasks.complete(ANN, 1)
    with pytest.raises(Conflict):
        await world.actions.act(ReminderAction(message["token"], "snooze"))
    await world.tasks.uncomplete(ANN, 1)
    await world.actions.act(ReminderAction(message["token"], "snooze"))


async def test_a_token_that_is_forged_of_another_purpose_or_too_old_does_nothing(world: SendingWorld) -> None:
    message = await world.rang()
    token = message["token"]
    mail = world.tokens.issue("unsubscribe", "ann", "mail")
    other = ActionTokens("another secret", world.clock).issue("reminder", "ann", str(message["id"]))
    for wrong in (token[:-2], "x" + token, "", ".", "a.b", "é.é", mail, other, token + ".x"):
        with pytest.raises(InvalidLink):
            await world.actions.act(ReminderAction(wrong, "done"))
    with pytest.raises(InvalidLink):
        await world.preferences.unsubscribe(token)
    world.clock.now += LIFETIME
    with pytest.raises(InvalidLink):
        await world.actions.act(ReminderAction(token, "done"))


async def test_the_mail_of_the_morning_says_what_is_due_once_a_day(world: SendingWorld) -> None:
    world.confirm()
    await world.preferences.change(ANN, SettingsChanges(morning_time="10:00"))
    await world.add(due="2026-11-23")
    await world.add(due="2026-11-22T10:00")
    await world.add(due="2026-11-24")
    await world.mornings.send_due(world.clock())
    assert world.mailer.sent == []
    world.clock.forward(hours=1)
    for _ in range(2):
        await world.mornings.send_due(world.clock())
    [mail] = world.mailer.sent
    assert mail.subject == "2 due: Call the vet"
    assert mail.text.count("Call the vet") == 2
    assert "To end them: https://tasks.example.com/settings/reminders" in mail.text
    world.clock.forward(days=1)
    await world.mornings.send_due(world.clock())
    assert [each.subject for each in world.mailer.sent[1:]] == ["3 due: Call the vet"]
    await world.preferences.unsubscribe((mail.unsubscribe or "").partition("token=")[2])
    world.clock.forward(days=1)
    await world.mornings.send_due(world.clock())
    assert len(world.mailer.sent) == 2


@pytest.mark.parametrize(("zone", "hours"), [("Asia/Tokyo", 17), ("America/New_York", 7)])
async def test_who_goes_elsewhere_gets_the_mail_of_the_morning_in_the_morning_there(
    world: SendingWorld, zone: str, hours: int
) -> None:
    """At 9:00 in UTC, it is 18:00 there or 4:00."""
    world.confirm()
    await world.preferences.change(ANN, SettingsChanges(morning_time="11:00"))
    await world.add(due="2026-11-23")
    await world.move_to(zone)
    for wait, mails in ((hours - 1, 0), (1, 1)):
        world.clock.forward(hours=wait)
        await world.mornings.send_due(world.clock())
        assert len(world.mailer.sent) == mails


async def test_without_a_confirmed_address_or_anything_due_no_mail_of_the_morning_goes(world: SendingWorld) -> None:
    await world.preferences.change(ANN, SettingsChanges(morning_time="10:00"))
    await world.add(due="2026-11-23")
    world.confirm("bob")
    await world.preferences.change(BOB, SettingsChanges(morning_time="10:00"))
    world.clock.forward(days=1)
    await world.mornings.send_due(world.clock())
    assert world.mailer.sent == []


async def test_settings_are_checked_and_only_the_user_changes_them(world: SendingWorld) -> None:
    with pytest.raises(Invalid):
        await world.preferences.change(ANN, SettingsChanges(quiet_from="22:00"))
    with pytest.raises(InvalidRequest):
        await world.preferences.change(ANN, SettingsChanges())
    token = Caller("ann", Actor("token", "t1"))
    with pytest.raises(Forbidden):
        await world.preferences.change(token, SettingsChanges(mail=True))
    with pytest.raises(Forbidden):
        await world.subscribe(caller=token)
    with pytest.raises(NotFound):
        await world.preferences.end_subscription(ANN, "none")


async def test_a_browser_keeps_its_id_and_there_are_so_many_at_most(world: SendingWorld) -> None:
    first = await world.subscribe()
    assert await world.subscribe() == first
    for number in range(MAX_SUBSCRIPTIONS - 1):
        await world.subscribe(f"https://push.example.com/other-{number}")
    with pytest.raises(QuotaReached):
        await world.subscribe("https://push.example.com/more")
    await world.preferences.end_subscription(ANN, first)
    await world.subscribe("https://push.example.com/more")
