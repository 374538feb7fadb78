"""Notifications, subscriptions and settings, over the fakes and over PostgreSQL."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.errors import EmailTaken, NotAuthenticated
from domain.reminders.notification import Channel
from domain.reminders.push import PushSubscription
from domain.reminders.settings import ReminderSettings
from tests.contract.conftest import Store
from tests.contract.reminders.test_rings import MINUTE, NOW, known, ring, set_task, timed

__all__ = ["known"]

UNTIL = NOW + timedelta(minutes=5)


def subscription(name: str = "s1", user_id: str = "ann", **values: str) -> PushSubscription:
    given = {"endpoint": f"https://push.example.com/{name}", "p256dh": "key", "auth": "secret", **values}
    return PushSubscription(user_id=user_id, id=name, created_at=NOW, **given)


async def rang(store: Store, *reminders: str, user_id: str = "ann") -> None:
    await set_task(store, *(reminders or ("-PT30M",)), user_id=user_id)
    await timed(store)
    await ring(store)


async def claimed(store: Store, now: Any = UNTIL, lease: str = "mine", most: int = 10, of_user: int = 10) -> list[str]:
    found = await store.notifications.claim(now, lease, now + MINUTE, most, of_user)
    return sorted(each.id for each in found)


async def test_what_rings_is_sent_to_each_browser_of_its_user(known: Store) -> None:
    for each in (subscription(), subscription("s2"), subscription("his", "bob")):
        await known.do(known.subscriptions.add(each))
    await rang(known)
    found = await known.notifications.claim(UNTIL, "mine", UNTIL + MINUTE, 10, 10)
    assert sorted((each.user_id, each.ring_id, each.channel, each.target) for each in found) == [
        ("ann", 2, Channel.PUSH, "s1"),
        ("ann", 2, Channel.PUSH, "s2"),
    ]


async def test_who_has_no_browser_is_sent_nothing(known: Store) -> None:
    await rang(known)
    assert await claimed(known) == []


async def test_mail_is_sent_where_it_is_wanted_and_the_address_is_confirmed(known: Store) -> None:
    wanted = ReminderSettings(mail=True, push=False)
    await known.do(known.subscriptions.add(subscription()))
    await known.do(known.settings.save("ann", wanted, None))
    await rang(known)
    assert await claimed(known) == []
    await known.do(known.accounts.confirm_email("ann", NOW))
    await rang(known)
    [one] = await known.notifications.claim(UNTIL, "mine", UNTIL + MINUTE, 10, 10)
    assert (one.channel, one.target) == (Channel.MAIL, "")


async def test_a_notification_is_leased_postponed_and_ended(known: Store) -> None:
    await known.do(known.subscriptions.add(subscription()))
    await rang(known)
    [held] = await known.notifications.claim(UNTIL, "mine", UNTIL + MINUTE, 10, 10)
    assert await claimed(known, lease="other") == []
    assert await known.notifications.next_due(UNTIL) == UNTIL + MINUTE
    await known.notifications.postpone(held, UNTIL + 3 * MINUTE, failed=True)
    assert await claimed(known, UNTIL + 2 * MINUTE) == []
    [again] = await known.notifications.claim(UNTIL + 3 * MINUTE, "other", UNTIL + 4 * MINUTE, 10, 10)
    assert again.failures == 1
    await known.notifications.end(held)
    await known.notifications.postpone(again, UNTIL, failed=False)
    [third] = await known.notifications.claim(UNTIL, "third", UNTIL + MINUTE, 10, 10)
    assert third.failures == 1
    await known.notifications.end(third)
    assert await claimed(known, UNTIL + timedelta(days=1)) == []
    assert await known.notifications.next_due(NOW) is None


async def test_what_is_held_back_can_be_made_due_and_what_has_failed_or_is_being_sent_waits_on(known: Store) -> None:
    await known.do(known.subscriptions.add(subscription()))
    await rang(known, "-PT30M", "-PT20M", "-PT10M")
    quiet, failed, _ = await known.notifications.claim(UNTIL, "mine", UNTIL + MINUTE, 10, 10)
    await known.notifications.postpone(quiet, UNTIL + 9 * MINUTE, failed=False)
    await known.notifications.postpone(failed, UNTIL + 9 * MINUTE, failed=True)
    await known.do(known.notifications.hasten("bob", UNTIL))
    assert await claimed(known, lease="other") == []
    await known.do(known.notifications.hasten("ann", UNTIL))
    assert await claimed(known, lease="other") == [quiet.id]


async def test_a_user_holds_only_so_many_at_a_time(known: Store) -> None:
    await known.do(known.subscriptions.add(subscription()))
    await rang(known, "-PT30M", "-PT20M", "-PT10M")
    assert len(await claimed(known, of_user=2)) == 2
    assert await claimed(known, of_user=2) == []
    assert len(await claimed(known, of_user=3)) == 1


async def test_buttons_are_used_once(known: Store) -> None:
    assert await known.do(known.notifications.use_action("ann", 2, NOW))
    assert not await known.do(known.notifications.use_action("ann", 2, NOW))
    assert await known.do(known.notifications.use_action("bob", 2, NOW))


async def test_used_buttons_are_forgotten_a_few_at_a_time(known: Store) -> None:
    for ring_id, minutes in ((2, 0), (3, 1), (4, 2)):
        await known.do(known.notifications.use_action("ann", ring_id, NOW + minutes * MINUTE))
    assert await known.notifications.forget_actions(NOW + 2 * MINUTE, 1) == 1
    assert await known.notifications.forget_actions(NOW + 2 * MINUTE, 10) == 1
    assert await known.notifications.forget_actions(NOW + 2 * MINUTE, 10) == 0
    assert not await known.do(known.notifications.use_action("ann", 4, UNTIL))
    assert await known.do(known.notifications.use_action("ann", 2, UNTIL))


async def test_a_browser_that_is_added_again_keeps_its_id_and_gets_its_new_keys(known: Store) -> None:
    assert await known.do(known.subscriptions.add(subscription())) == "s1"
    again = replace(subscription("s9"), endpoint=subscription().endpoint, auth="new")
    assert await known.do(known.subscriptions.add(again)) == "s1"
    assert await known.subscriptions.all("ann") == [replace(subscription(), auth="new")]
    assert await known.subscriptions.get("ann", "s1") == replace(subscription(), auth="new")
    assert await known.subscriptions.get("bob", "s1") is None
    assert not await known.subscriptions.delete("bob", "s1")
    assert await known.subscriptions.delete("ann", "s1")
    assert not await known.subscriptions.delete("ann", "s1")
    with pytest.raises(NotAuthenticated):
        await known.do(known.subscriptions.add(subscription(user_id="nobody")))


async def test_settings_are_found_as_they_were_saved(known: Store) -> None:
    assert await known.settings.get("ann") == ReminderSettings()
    for quiet in ("22:00", "23:00"):
        settings = ReminderSettings(mail=True, quiet_from=quiet, quiet_to="07:00", morning_time="08:00")
        await known.do(known.settings.save("ann", settings, NOW))
        assert await known.settings.get("ann") == settings
    assert await known.settings.get("bob") == ReminderSettings()
    with pytest.raises(NotAuthenticated):
        await known.do(known.settings.save("nobody", ReminderSettings(), None))


async def test_a_mail_of_the_morning_is_claimed_once_and_again_an_hour_later(known: Store) -> None:
    await known.do(known.settings.save("ann", ReminderSettings(morning_time="08:00"), NOW + MINUTE))
    await known.do(known.settings.save("bob", ReminderSettings(), None))
    assert await known.settings.claim_mornings(NOW, 10) == []
    assert await known.settings.claim_mornings(NOW + MINUTE, 10) == ["ann"]
    assert await known.settings.claim_mornings(NOW + MINUTE, 10) == []
    assert await known.settings.claim_mornings(NOW + timedelta(hours=2), 10) == ["ann"]
    await known.settings.set_morning("ann", None)
    assert await known.settings.claim_mornings(NOW + timedelta(days=2), 10) == []


async def test_a_link_of_an_address_works_once_and_ends_the_others(known: Store) -> None:
    links = known.accounts
    await known.do(links.add_email_link("ann", b"1", "new@example.com", UNTIL))
    await known.do(links.add_email_link("ann", b"2", "newer@example.com", UNTIL))
    assert await known.do(links.use_email_link("bob", b"1", NOW)) is None
    assert await known.do(links.use_email_link("ann", b"1", UNTIL)) is None
    assert await known.do(links.use_email_link("ann", b"2", NOW)) == "newer@example.com"
    assert await known.do(links.use_email_link("ann", b"1", NOW)) is None


async def test_another_address_is_unconfirmed_and_nobody_elses(known: Store) -> None:
    before = await known.accounts.get("ann")
    assert before
    await known.do(known.accounts.confirm_email("ann", NOW))
    await known.do(known.accounts.set_email("ann", "Ann.New@example.com"))
    found = await known.accounts.by_email("ann.new@example.com")
    assert found
    assert (found.id, found.email, found.email_confirmed) == ("ann", "Ann.New@example.com", False)
    bob = await known.accounts.get("bob")
    assert bob
    assert bob.email
    with pytest.raises(EmailTaken):
        await known.do(known.accounts.set_email("ann", bob.email.upper()))
