from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest

from application.accounts.calendars import CACHE_LIFETIME, Calendars
from domain.accounts.profile import clean_profile
from domain.errors import Invalid
from domain.zones import canonical_zone_name, zone
from tests.fakes import FakeAccounts, FakeClock, FakeStore, user


def test_every_zone_and_alias_is_read_without_case_and_spelled_as_the_database_does() -> None:
    names = available_timezones() - {"localtime", "Factory", "posixrules"}
    assert len(names) > 400
    assert [
        name for name in names if {canonical_zone_name(each) for each in (name, name.lower(), name.upper())} != {name}
    ] == []


@pytest.mark.parametrize(
    "text", ["localtime", "FACTORY", "posixrules", "Posix/UTC", "right/UTC", "/etc/passwd", "..", ""]
)
def test_what_stands_beside_the_zones_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="must be a time zone such as Europe/Berlin"):
        canonical_zone_name(text)


def test_a_zone_that_only_another_servers_database_knows_is_read_as_utc() -> None:
    assert zone("Mars/Base") == ZoneInfo("UTC")
    assert zone("Asia/Tokyo") == ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("en", "en"),
        ("EN-us", "en-US"),
        ("zh-hans-cn", "zh-Hans-CN"),
        ("de-DE-1996", "de-DE-1996"),
        ("es-419", "es-419"),
        ("de-de-u-co-phonebk", "de-DE-u-co-phonebk"),
        ("en-x-US", "en-x-us"),
        ("sr-latn", "sr-Latn"),
    ],
)
def test_a_language_tag_is_spelled_as_its_rfc_does(given: str, kept: str) -> None:
    assert clean_profile({"locale": given}) == {"locale": kept}


def test_a_refusal_names_its_field() -> None:
    values: dict[str, Any] = {"timezone": "Mars/Base", "week_start": "friday", "locale": "en_US", "name": "x" * 101}
    for field, value in values.items():
        with pytest.raises(Invalid, match=f"^{field}: must be"):
            clean_profile({field: value})


async def test_a_users_zone_is_asked_for_now_and_then_and_never_for_more_users_than_are_remembered() -> None:
    store, clock = FakeStore(), FakeClock()
    accounts, zones = FakeAccounts(store), Calendars(FakeAccounts(store), clock, most=2)
    async with store() as work:
        await accounts.add(user("ann", timezone="Asia/Tokyo"))
        await work.commit()
    assert [(await zones.of(each)).timezone for each in ("ann", "bob", "cem", "ann")] == [
        "Asia/Tokyo",
        "UTC",
        "UTC",
        "Asia/Tokyo",
    ]
    async with store() as work:
        await accounts.change("ann", {"timezone": "Europe/Berlin"})
        await work.commit()
    assert (await zones.now("ann"))[0].utcoffset() == timedelta(hours=9)
    clock.now += CACHE_LIFETIME
    local, calendar = await zones.now("ann")
    assert (local.utcoffset(), calendar.timezone, local) == (timedelta(hours=1), "Europe/Berlin", clock())
