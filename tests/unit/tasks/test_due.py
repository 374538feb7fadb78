from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from domain.tasks.dates.due_text import parse_due

BERLIN = ZoneInfo("Europe/Berlin")
READ = {
    "2026-12-01": "2026-12-01",
    "1970-01-01": "1970-01-01",
    "2200-12-31": "2200-12-31",
    "2028-02-29": "2028-02-29",
    "2026-12-01T09:00": "2026-12-01T09:00",
    "2026-12-01t09:00": "2026-12-01T09:00",
    "2026-12-01T09:00:00": "2026-12-01T09:00",
    "2026-12-01T09:00:00.000": "2026-12-01T09:00",
    "2026-12-01T00:00": "2026-12-01T00:00",
    "2026-12-01T09:00+01:00[Europe/Berlin]": "2026-12-01T09:00+01:00[Europe/Berlin]",
    "2026-12-01T09:00:00+01:00[Europe/Berlin]": "2026-12-01T09:00+01:00[Europe/Berlin]",
    "2026-12-01T09:00+01:00[!Europe/Berlin]": "2026-12-01T09:00+01:00[Europe/Berlin]",
    "2026-12-01T09:00+01:00[europe/berlin]": "2026-12-01T09:00+01:00[Europe/Berlin]",
    "2026-12-01T09:00[Europe/Berlin]": "2026-12-01T09:00+01:00[Europe/Berlin]",
    "2026-07-01T09:00[Europe/Berlin]": "2026-07-01T09:00+02:00[Europe/Berlin]",
    "2026-12-01T09:00Z[Europe/Berlin]": "2026-12-01T10:00+01:00[Europe/Berlin]",
    "2026-12-31T23:30Z[Europe/Berlin]": "2027-01-01T00:30+01:00[Europe/Berlin]",
    "2026-12-01T09:00[UTC]": "2026-12-01T09:00+00:00[UTC]",
    "2026-12-01T09:00[Asia/Kathmandu]": "2026-12-01T09:00+05:45[Asia/Kathmandu]",
    "2026-12-01T09:00-03:30[America/St_Johns]": "2026-12-01T09:00-03:30[America/St_Johns]",
    # the clock goes back: the earlier one, unless the offset says otherwise
    "2026-10-25T02:30[Europe/Berlin]": "2026-10-25T02:30+02:00[Europe/Berlin]",
    "2026-10-25T02:30+02:00[Europe/Berlin]": "2026-10-25T02:30+02:00[Europe/Berlin]",
    "2026-10-25T02:30+01:00[Europe/Berlin]": "2026-10-25T02:30+01:00[Europe/Berlin]",
    "2026-10-25T01:30Z[Europe/Berlin]": "2026-10-25T02:30+01:00[Europe/Berlin]",
    # the clock goes forward: so does the time
    "2026-03-29T02:30[Europe/Berlin]": "2026-03-29T03:30+02:00[Europe/Berlin]",
    "2026-03-08T02:15[America/New_York]": "2026-03-08T03:15-04:00[America/New_York]",
    # half an hour, and a day that does not exist
    "2026-10-04T02:10[Australia/Lord_Howe]": "2026-10-04T02:40+11:00[Australia/Lord_Howe]",
    "2011-12-30T12:00[Pacific/Apia]": "2011-12-31T12:00+14:00[Pacific/Apia]",
    # an offset with seconds
    "1970-06-01T12:00[Africa/Monrovia]": "1970-06-01T12:00-00:44[Africa/Monrovia]",
}
REFUSED = {
    "": "write a day as",
    "tomorrow": "write a day as",
    "2026-02-30": "no day of the calendar",
    "2026-02-29": "no day of the calendar",
    "2026-13-01": "no day of the calendar",
    "2026-00-10": "no day of the calendar",
    "1969-12-31": "1970 to 2200",
    "2201-01-01": "1970 to 2200",
    "0000-01-01": "no day of the calendar",
    "20261201": "write a day as",
    "2026-W49-2": "write a day as",
    "2026-335": "write a day as",
    "2026-12-1": "write a day as",
    "+002026-12-01": "write a day as",
    "２０２６-12-01": "write a day as",
    " 2026-12-01": "write a day as",
    "2026-12-01 09:00": "write a day as",
    "2026-12-01T9:00": "write a day as",
    "2026-12-01T0900": "write a day as",
    "2026-12-01T09": "write a day as",
    "2026-12-01T24:00": "midnight is 00:00 of the next day",
    "2026-12-01T25:00": "hours are 00 to 23",
    "2026-12-01T09:60": "minutes 00 to 59",
    "2026-12-01T09:00:30": "leave out the seconds",
    "2026-12-01T09:00:00.5": "leave out the seconds",
    "2026-12-01T09:00Z": "no zone",
    "2026-12-01T09:00+01:00": "no zone",
    "2026-12-01T09:00[+01:00]": "offset where the name of a zone",
    "2026-12-01T09:00+01:00[+01:00]": "offset where the name of a zone",
    "2026-12-01T09:00[Europe/Atlantis]": "time zone such as",
    "2026-12-01T09:00[localtime]": "time zone such as",
    "2026-12-01T09:00[Factory]": "time zone such as",
    "2026-12-01T09:00[posixrules]": "time zone such as",
    "2026-12-01T09:00[]": "time zone such as",
    "2026-12-01T09:00[../../etc/passwd]": "time zone such as",
    "2026-12-01T09:00+02:00[Europe/Berlin]": r"write 2026-12-01T09:00\+01:00\[Europe/Berlin\]",
    "2026-12-01T09:00+25:00[Europe/Berlin]": "is not at",
    "2026-03-29T02:30+01:00[Europe/Berlin]": r"write 2026-03-29T03:30\+02:00",
    "2026-03-29T02:30+02:00[Europe/Berlin]": r"write 2026-03-29T03:30\+02:00",
    "2026-12-01T09:00[u-ca=japanese]": "annotation that is no zone",
    "2026-12-01T09:00+01:00[Europe/Berlin][u-ca=iso8601]": "more in brackets",
    "2026-12-01[Europe/Berlin]": "write a day as",
    "2026-12-01T09:00+1:00[Europe/Berlin]": "write a day as",
    "2200-12-31T23:30Z[Pacific/Kiritimati]": "1970 to 2200",
    "2026-12-01T09:00\n": "write a day as",
}


@pytest.mark.parametrize("text", READ)
def test_a_due_is_printed_as_temporal_prints_it(text: str) -> None:
    assert parse_due(text).text == READ[text]
    assert parse_due(READ[text]).text == READ[text]


@pytest.mark.parametrize("text", REFUSED)
def test_other_spellings_are_refused_with_the_right_one(text: str) -> None:
    with pytest.raises(ValueError, match=REFUSED[text]):
        parse_due(text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-12-01T09:00Z", "2026-12-01T10:00+01:00[Europe/Berlin]"),
        ("2026-12-01T09:00:00Z", "2026-12-01T10:00+01:00[Europe/Berlin]"),
        ("2026-12-01T09:00-05:00", "2026-12-01T15:00+01:00[Europe/Berlin]"),
        ("2026-12-01T09:00", "2026-12-01T09:00"),
        ("2026-12-01", "2026-12-01"),
    ],
)
def test_an_instant_is_one_in_the_accounts_zone_where_that_is_given(text: str, read: str) -> None:
    assert parse_due(text, "Europe/Berlin").text == read


def test_a_bare_offset_must_be_one() -> None:
    with pytest.raises(ValueError, match="no offset from UTC"):
        parse_due("2026-12-01T09:00+99:00", "Europe/Berlin")


def test_a_day_is_past_when_the_next_one_begins_where_its_user_is() -> None:
    due = parse_due("2026-12-01")
    assert not due.is_past(datetime(2026, 12, 1, 23, 59, tzinfo=BERLIN))
    assert due.is_past(datetime(2026, 12, 2, 0, 0, tzinfo=BERLIN))


def test_a_floating_hour_goes_with_its_user_and_a_zoned_one_stays() -> None:
    floating, zoned = parse_due("2026-12-01T09:00"), parse_due("2026-12-01T09:00[Europe/Berlin]")
    tokyo = datetime(2026, 12, 1, 9, 30, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert floating.is_past(tokyo)
    assert not zoned.is_past(tokyo)
    assert floating.instant(ZoneInfo("Asia/Tokyo")) == datetime(2026, 12, 1, 0, 0, tzinfo=UTC)
    assert zoned.instant(ZoneInfo("Asia/Tokyo")) == datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


def test_the_day_of_an_hour_elsewhere_is_the_day_here() -> None:
    due = parse_due("2026-12-01T23:30[Europe/Berlin]")
    assert due.day_here(datetime(2026, 12, 1, tzinfo=ZoneInfo("Asia/Tokyo"))) == date(2026, 12, 2)
    assert due.day_here(datetime(2026, 12, 1, tzinfo=ZoneInfo("America/New_York"))) == date(2026, 12, 1)


def test_moved_by_days_the_kind_and_the_local_hour_stay() -> None:
    assert parse_due("2026-03-28T02:30[Europe/Berlin]").moved(1).text == "2026-03-29T03:30+02:00[Europe/Berlin]"
    assert parse_due("2026-03-28T02:30[Europe/Berlin]").moved(2).text == "2026-03-30T02:30+02:00[Europe/Berlin]"
    assert parse_due("2026-03-28").moved(4).text == "2026-04-01"
    assert parse_due("2026-03-28T02:30").moved(1).text == "2026-03-29T02:30"
