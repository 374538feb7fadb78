from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.errors import Invalid
from domain.reminders.settings import ReminderSettings, check_quiet_hours, clean_settings

BERLIN = ZoneInfo("Europe/Berlin")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (at(23, 21, 59), None),
        (at(23, 22, 0), at(24, 7)),
        (at(23, 23, 59), at(24, 7)),
        (at(24, 0, 0), at(24, 7)),
        (at(24, 6, 59), at(24, 7)),
        (at(24, 7, 0), None),
    ],
)
def test_quiet_hours_may_go_past_midnight(now: datetime, until: datetime | None) -> None:
    assert ReminderSettings(quiet_from="22:00", quiet_to="07:00").quiet_until(now) == until


def test_quiet_hours_within_a_day_and_none_at_all() -> None:
    nap = ReminderSettings(quiet_from="13:00", quiet_to="14:00")
    assert [nap.quiet_until(at(23, hour)) for hour in (12, 13, 14)] == [None, at(23, 14), None]
    assert ReminderSettings().quiet_until(at(23, 3)) is None


def test_the_next_morning_is_today_or_tomorrow() -> None:
    settings = ReminderSettings(morning_time="07:30")
    assert settings.next_morning(at(23, 7)) == at(23, 7, 30)
    assert settings.next_morning(at(23, 7, 30)) == at(24, 7, 30)
    assert ReminderSettings().next_morning(at(23, 7)) is None


def test_quiet_hours_end_later_in_the_night_in_which_an_hour_comes_twice() -> None:
    settings = ReminderSettings(quiet_from="22:00", quiet_to="02:30")
    first = datetime(2026, 10, 25, 2, 15, tzinfo=BERLIN)
    for now in (first, first.replace(fold=1)):
        until = settings.quiet_until(now)
        assert until is not None
        assert until.astimezone(UTC) - now.astimezone(UTC) == timedelta(minutes=15)


def test_a_mail_of_the_morning_goes_once_in_the_night_in_which_an_hour_comes_twice() -> None:
    settings = ReminderSettings(morning_time="02:30")
    again = datetime(2026, 10, 25, 2, 15, fold=1, tzinfo=BERLIN)
    assert settings.next_morning(again) == datetime(2026, 10, 26, 2, 30, tzinfo=BERLIN)
    after_gap = datetime(2026, 3, 29, 3, 10, tzinfo=BERLIN)
    following = settings.next_morning(after_gap)
    assert following is not None
    assert following.astimezone(UTC) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "settings",
    [
        ReminderSettings(quiet_from="22:00"),
        ReminderSettings(quiet_to="22:00"),
        ReminderSettings(quiet_from="22:00", quiet_to="22:00"),
    ],
)
def test_quiet_hours_have_two_ends(settings: ReminderSettings) -> None:
    with pytest.raises(Invalid):
        check_quiet_hours(settings)


def test_times_of_day_have_one_spelling() -> None:
    assert clean_settings({"morning_time": "07:00", "mail": True, "quiet_from": None})["morning_time"] == "07:00"
    for wrong in ("7:00", "24:00", "07:60", "seven"):
        with pytest.raises(Invalid):
            clean_settings({"quiet_to": wrong})
