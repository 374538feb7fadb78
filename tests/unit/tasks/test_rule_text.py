import sys
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.tasks.dates.due_text import parse_due
from domain.tasks.dates.rule_text import parse_rule

BERLIN = ZoneInfo("Europe/Berlin")
READ = {
    "FREQ=DAILY": "FREQ=DAILY",
    "freq=weekly;byday=we,mo": "FREQ=WEEKLY;BYDAY=MO,WE",
    "RRULE:FREQ=DAILY;INTERVAL=1": "FREQ=DAILY",
    "rrule:INTERVAL=03;FREQ=DAILY": "FREQ=DAILY;INTERVAL=3",
    "FREQ=MONTHLY;BYDAY=-1FR": "FREQ=MONTHLY;BYDAY=-1FR",
    "FREQ=MONTHLY;BYDAY=+1FR,1FR,FR": "FREQ=MONTHLY;BYDAY=FR,1FR",
    "FREQ=MONTHLY;BYMONTHDAY=-1,15,+1,15": "FREQ=MONTHLY;BYMONTHDAY=1,15,-1",
    "FREQ=YEARLY;BYMONTH=12,6;BYMONTHDAY=24": "FREQ=YEARLY;BYMONTH=6,12;BYMONTHDAY=24",
    "FREQ=YEARLY;BYDAY=53MO": "FREQ=YEARLY;BYDAY=53MO",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;WKST=SU",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;WKST=MO": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;WKST=MO",
    "FREQ=DAILY;WKST=MO": "FREQ=DAILY",
    "FREQ=DAILY;COUNT=10": "FREQ=DAILY;COUNT=10",
    "FREQ=DAILY;UNTIL=20301231": "FREQ=DAILY;UNTIL=20301231",
    "FREQ=DAILY;UNTIL=20301231T235959": "FREQ=DAILY;UNTIL=20301231",
    "FREQ=DAILY;UNTIL=20301231T080000": "FREQ=DAILY;UNTIL=20301230",
    "FREQ=DAILY;UNTIL=20301231T090000": "FREQ=DAILY;UNTIL=20301231",
    "FREQ=DAILY;UNTIL=20301231T080000Z": "FREQ=DAILY;UNTIL=20301231",
    "FREQ=DAILY;UNTIL=20301231T230000Z": "FREQ=DAILY;UNTIL=20301231",
    "FREQ=DAILY;UNTIL=20300701T070000Z": "FREQ=DAILY;UNTIL=20300701",
    "FREQ=DAILY;UNTIL=20300701T065959Z": "FREQ=DAILY;UNTIL=20300630",
    "FREQ=DAILY;UNTIL=99991231T235959Z": "FREQ=DAILY;UNTIL=22001231",
}
REFUSED = {
    "": "is no rule",
    "every day": "is no rule",
    "FREQ": "is no rule",
    "FREQ=": "is no rule",
    "FREQ=DAILY;": "is no rule",
    "FREQ=DAILY\n": "is no rule",
    "FREQ=DAILY\nDTSTART:20260101": "is no rule",
    "FREQ=DAILY\r\nEXDATE:20260101": "is no rule",
    "RRULE:RRULE:FREQ=DAILY": "is no rule",
    "FREQ=DAıLY": "is no rule",
    "FREQ=DAILY;COUNT=３": "is no rule",
    "FREQ=DAILY;BYSETPOS=1.5": "is no rule",
    "FREQ=DAILY;" * 1_000: "at most 500 characters",
    "FREQ=DAILY;FREQ=WEEKLY": "has FREQ twice",
    "FREQ=DAILY;COUNT=1;COUNT=2": "has COUNT twice",
    "INTERVAL=2": "needs FREQ=DAILY, WEEKLY, MONTHLY, YEARLY",
    "FREQ=HOURLY": "needs FREQ=DAILY",
    "FREQ=SECONDLY;INTERVAL=1": "needs FREQ=DAILY",
    "FREQ=DAILY;BYHOUR=9": "has BYHOUR, but may have FREQ, INTERVAL",
    "FREQ=DAILY;BYMINUTE=1": "has BYMINUTE",
    "FREQ=YEARLY;BYWEEKNO=20": "has BYWEEKNO",
    "FREQ=YEARLY;BYYEARDAY=100": "has BYYEARDAY",
    "FREQ=YEARLY;BYEASTER=0": "has BYEASTER",
    "FREQ=DAILY;XFOO=1": "has XFOO",
    "FREQ=DAILY;INTERVAL=0": "INTERVAL must be a number from 1 to 999",
    "FREQ=DAILY;INTERVAL=-1": "INTERVAL must be",
    "FREQ=DAILY;INTERVAL=1000": "INTERVAL must be",
    f"FREQ=DAILY;INTERVAL={'9' * 400}": "INTERVAL must be",
    "FREQ=DAILY;COUNT=0": "COUNT must be a number from 1 to 9999",
    "FREQ=DAILY;COUNT=2;UNTIL=20301231": "has COUNT and UNTIL",
    "FREQ=DAILY;UNTIL=2030-12-31": "UNTIL must be a day such as 20301231",
    "FREQ=DAILY;UNTIL=20301231T0900": "UNTIL must be a day",
    "FREQ=DAILY;UNTIL=20300230": "no day of the calendar",
    "FREQ=DAILY;UNTIL=20301231T246000": "no day of the calendar",
    "FREQ=DAILY;UNTIL=00010101T000000Z": "gives no date",
    "FREQ=DAILY;UNTIL=20261130": "gives no date from 2026-12-01 to 2026-11-30",
    "FREQ=WEEKLY;BYDAY=1MO": "BYDAY may have no numbers with FREQ=WEEKLY",
    "FREQ=DAILY;BYDAY=-1MO": "BYDAY may have no numbers with FREQ=DAILY",
    "FREQ=MONTHLY;BYDAY=6MO": "the numbers 1 to 5",
    "FREQ=MONTHLY;BYDAY=0MO": "the numbers 1 to 5",
    "FREQ=YEARLY;BYDAY=54MO": "the numbers 1 to 53",
    "FREQ=YEARLY;BYMONTH=12;BYDAY=53MO": "the numbers 1 to 5",
    "FREQ=MONTHLY;BYDAY=XX": "BYDAY must have days such as MO",
    "FREQ=MONTHLY;BYDAY=MO,,TU": "BYDAY must have days such as MO",
    "FREQ=MONTHLY;BYMONTHDAY=0": "BYMONTHDAY must have numbers from 1 to 31, or -1 to -31 from the end",
    "FREQ=MONTHLY;BYMONTHDAY=32": "BYMONTHDAY must have",
    "FREQ=MONTHLY;BYMONTHDAY=1,": "BYMONTHDAY must have",
    "FREQ=WEEKLY;BYMONTHDAY=1": "does not go with FREQ=WEEKLY",
    "FREQ=YEARLY;BYMONTH=-1": "BYMONTH must have numbers from 1 to 12$",
    "FREQ=YEARLY;BYMONTH=13": "BYMONTH must have",
    "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0": "BYSETPOS must have",
    "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=367": "BYSETPOS must have",
    "FREQ=MONTHLY;BYSETPOS=1": "BYSETPOS, which needs BYDAY",
    "FREQ=DAILY;WKST=XX": "WKST must be one of MO, TU",
    "FREQ=DAILY;WKST=1MO": "WKST must be one of MO, TU",
}
MANY_DAYS = ",".join(f"{ordinal}MO,{ordinal}TU" for ordinal in range(1, 41))
NEVER = [
    f"FREQ=YEARLY;BYMONTHDAY=5;BYDAY=MO,TU,WE,TH,FR,SA,SU,{MANY_DAYS};BYSETPOS=366",
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=DAILY;INTERVAL=999;BYMONTH=2;BYMONTHDAY=-30",
    "FREQ=DAILY;BYDAY=MO;BYSETPOS=5",
    "FREQ=DAILY;INTERVAL=7;BYDAY=MO,WE,TH,FR,SA,SU",
    "FREQ=DAILY;INTERVAL=994;BYDAY=MO,WE,TH,FR,SA,SU",
    "FREQ=DAILY;INTERVAL=994;BYDAY=TU;BYMONTHDAY=30;BYMONTH=3",
    "FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=3",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=-8,8",
    "FREQ=MONTHLY;BYMONTH=4,6,9,11;BYMONTHDAY=31",
    "FREQ=MONTHLY;INTERVAL=12;BYMONTH=2",
    "FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=20",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=32",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29;BYDAY=5MO;BYSETPOS=2",
    "FREQ=YEARLY;BYDAY=1MO;BYMONTHDAY=20",
    "FREQ=YEARLY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11;BYDAY=MO,TU,WE,TH,FR,SA,5SU;BYSETPOS=366",
    "FREQ=YEARLY;INTERVAL=999;BYMONTH=1;BYMONTHDAY=1",
    "FREQ=DAILY;UNTIL=20261130",
]
RARE = [
    "FREQ=DAILY;INTERVAL=365;BYMONTH=1,2,3,4,5,6,7,8,9,10,11",
    "FREQ=WEEKLY;INTERVAL=365;BYMONTH=1,2,3,4,5,6,7,8,9,10,11;BYDAY=MO,TU,WE,TH,FR,SA,SU",
    "FREQ=DAILY;INTERVAL=994;BYDAY=TU;BYMONTHDAY=31;BYMONTH=3",
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO",
    "FREQ=DAILY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO",
    "FREQ=WEEKLY;INTERVAL=999;BYMONTH=2;BYDAY=MO,TU,WE,TH,FR,SA,SU",
    "FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=29;BYDAY=5MO;BYMONTH=2",
    "FREQ=YEARLY;INTERVAL=18;BYMONTH=2;BYMONTHDAY=29",
    "FREQ=YEARLY;BYDAY=53MO;BYMONTHDAY=31",
]
LINES_OF_10_MS = 300_000
"""A core runs so many in less than that: 240,000 to 560,000 were measured."""


def lines_run(do: Callable[[], object]) -> int:
    lines = 0

    def count(_frame: object, event: str, _argument: object) -> Any:
        nonlocal lines
        lines += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        do()
    finally:
        sys.settrace(before)
    return lines


@pytest.mark.parametrize("text", READ)
def test_a_rule_is_printed_in_one_way(text: str) -> None:
    due = parse_due("2026-12-01T09:00+01:00[Europe/Berlin]")
    assert parse_rule(text, due, ZoneInfo("Asia/Tokyo"), "SU").text == READ[text]
    assert parse_rule(READ[text], due, ZoneInfo("Asia/Tokyo"), "SU").text == READ[text]


@pytest.mark.parametrize(
    ("due", "until"),
    [
        ("2026-12-01", "20301231"),
        ("2026-12-01T09:00", "20301230"),
        ("2026-12-01T04:00", "20301231"),
        ("2026-12-01T09:00[America/New_York]", "20301230"),
    ],
)
def test_an_instant_of_until_is_read_where_the_task_is_due(due: str, until: str) -> None:
    rule = parse_rule("FREQ=DAILY;UNTIL=20301230T193000Z", parse_due(due), ZoneInfo("Asia/Tokyo"))
    assert rule.text == f"FREQ=DAILY;UNTIL={until}"


@pytest.mark.parametrize("text", REFUSED)
def test_a_rule_that_is_none_is_refused_with_what_is_wrong(text: str) -> None:
    with pytest.raises(ValueError, match=REFUSED[text]):
        parse_rule(text, parse_due("2026-12-01"), BERLIN)


@pytest.mark.parametrize("text", NEVER)
def test_a_rule_that_gives_no_date_is_refused_before_10_ms(text: str) -> None:
    def parse() -> None:
        with pytest.raises(ValueError, match="gives no date from 2026-12-01 to"):
            parse_rule(text, parse_due("2026-12-01"), BERLIN)

    assert lines_run(parse) < LINES_OF_10_MS


@pytest.mark.parametrize("text", RARE)
def test_a_rule_whose_date_is_far_away_is_taken_before_10_ms(text: str) -> None:
    assert lines_run(lambda: parse_rule(text, parse_due("2026-12-01"), BERLIN)) < LINES_OF_10_MS
