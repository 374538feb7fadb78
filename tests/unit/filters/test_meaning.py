"""What filters mean is held beside the rules of the domain."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.tasks.filters.meaning import Account, filter_of, filter_of_tree
from application.tasks.filters.tree import InList, Keyword, Not, Tree
from domain.errors import FilterError
from domain.tasks.dates.calendar import Calendar
from domain.tasks.dates.due_text import read_due
from domain.tasks.task import Task
from domain.tasks.task_list import TaskList
from tests.fakes import matches

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kolkata"]
NOW = datetime(2026, 11, 28, 9, 0, 30, tzinfo=UTC)
LISTS = [
    TaskList(user_id="ann", id=number, name=name, created_at=NOW, updated_at=NOW, archived=name == "Old")
    for number, name in enumerate(["Home stuff", "Büro", "Old"], 1)
]

zones = st.sampled_from(ZONES)
moments = st.datetimes(datetime(2026, 3, 27), datetime(2026, 3, 31), timezones=st.just(UTC))
days = st.dates(date(2026, 3, 24), date(2026, 4, 3))
floating = st.tuples(days, st.sampled_from(["00:00", "02:30", "12:00", "23:59"])).map(
    lambda each: f"{each[0]}T{each[1]}"
)
zoned = st.tuples(floating, zones).map(lambda each: zoned_text(*each))
dues = st.one_of(days.map(str), floating, zoned)


def zoned_text(local: str, zone: str) -> str:
    there = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).astimezone(ZoneInfo(zone))
    offset = there.strftime("%z")
    return f"{there:%Y-%m-%dT%H:%M}{offset[:3]}:{offset[3:]}[{zone}]"


def task(**values: object) -> Task:
    return Task("ann", "Buy milk", NOW, NOW, id=1, **values)  # type: ignore[arg-type]


def finds(text: str, account: Account, found: Task) -> bool:
    return matches(filter_of(text, account)[0], found)


@given(dues, moments, zones, st.sampled_from([None, "2026-03-29", "2026-03-30"]))
def test_dates_are_those_of_the_domain(due: str, moment: datetime, zone: str, start: str | None) -> None:
    account = Account(moment.astimezone(ZoneInfo(zone)), Calendar(zone))
    found, day = task(due=due, start=start), read_due(due).day_here(account.now)
    ahead, is_shown = (day - account.today).days, start is None or start <= account.today.isoformat()
    expected = {
        "today": ahead == 0 and is_shown,
        "tomorrow": ahead == 1,
        "upcoming": ahead > 0 and is_shown,
        "overdue": read_due(due).is_past(account.now),
        "next 3 days": 0 <= ahead < 3,
        "no date": False,
        "due: 2026-03-29": day == date(2026, 3, 29),
        "due before: 2026-03-29": day < date(2026, 3, 29),
        "due after: 2026-03-29": day > date(2026, 3, 29),
        "due before: today": ahead < 0,
    }
    assert {text: finds(text, account, found) for text in expected} == expected


@given(moments, moments, zones)
def test_instants_are_on_days_of_the_account(at: datetime, moment: datetime, zone: str) -> None:
    account = Account(moment.astimezone(ZoneInfo(zone)), Calendar(zone))
    found = Task("ann", "Buy milk", at, at, id=1, completed=True, completed_at=at)
    ahead = (at.astimezone(ZoneInfo(zone)).date() - account.today).days
    for name, (side, expected) in product(
        ("created", "completed"), {"": ahead == 0, " before": ahead < 0, " after": ahead > 0}.items()
    ):
        assert finds(f"{name}{side}: today", account, found) == expected


@pytest.mark.parametrize(
    ("values", "is_found"),
    [
        ({"start": "2026-11-28"}, True),
        ({"start": "2026-11-20"}, True),
        ({"start": "2026-11-29"}, False),
        ({}, False),
        ({"due": "2026-11-28"}, True),
        ({"due": "2026-11-28", "completed": True}, False),
        ({"due": "2026-11-29", "start": "2026-11-20"}, False),
    ],
)
def test_today_is_what_can_be_done_today(values: dict[str, object], is_found: bool) -> None:
    assert finds("today", Account(NOW.astimezone(ZoneInfo("UTC")), Calendar()), task(**values)) == is_found


@pytest.mark.parametrize("second", [0, 30])
def test_an_hour_is_past_when_it_has_begun(second: int) -> None:
    now = datetime(2026, 11, 28, 9, 0, second, tzinfo=ZoneInfo("Europe/Berlin"))
    assert finds("overdue", Account(now, Calendar("Europe/Berlin")), task(due="2026-11-28T09:00")) == (second > 0)


@pytest.mark.parametrize(
    ("text", "lists"),
    [
        ("p4", [None, 1, 2]),
        ("#Old", [3]),
        ("#Old | p4", [None, 1, 2, 3]),
        ("!#Büro", [None, 1]),
        ("#HOME stuff | #buro", [1, 2]),
        ("inbox", [None]),
    ],
)
def test_archived_lists_are_left_out_unless_they_are_named(text: str, lists: list[int | None]) -> None:
    account = Account(NOW.astimezone(ZoneInfo("UTC")), Calendar(), LISTS)
    assert [each for each in (None, 1, 2, 3) if finds(text, account, task(list_id=each))] == lists


def test_a_list_that_the_search_names_elsewhere_is_shown() -> None:
    account = Account(NOW.astimezone(ZoneInfo("UTC")), Calendar(), LISTS, shown=3)
    assert finds("p4", account, task(list_id=3))


@pytest.mark.parametrize(("tree", "is_found"), [(InList("gone", id=9), False), (Not(InList("gone", id=9)), True)])
def test_a_list_of_a_view_that_is_gone_matches_nothing(tree: Tree, is_found: bool) -> None:
    account = Account(NOW.astimezone(ZoneInfo("UTC")), Calendar(), LISTS)
    assert matches(filter_of_tree(tree, account), task(list_id=1)) == is_found
    assert matches(filter_of_tree(Keyword.NO_DATE, account), task(list_id=1))


@pytest.mark.parametrize(
    ("text", "position", "example"),
    [("#Hom stuff", 0, "#Home stuff"), ("p1 & ( today | !#xyz)", 16, '#"Home stuff"')],
)
def test_an_unknown_list_is_refused_where_it_stands(text: str, position: int, example: str) -> None:
    account = Account(NOW.astimezone(ZoneInfo("UTC")), Calendar(), LISTS)
    with pytest.raises(FilterError, match="There is no list called") as refused:
        filter_of(text, account)
    assert (refused.value.position, refused.value.example) == (position, example)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("today", NOW.date()),
        ("yesterday", NOW.date() - timedelta(days=1)),
        ("next monday", date(2026, 11, 30)),
        ("next week", date(2026, 11, 29)),
        ("24/12", date(2026, 12, 24)),
        ("2026-12-24", date(2026, 12, 24)),
        ("in 20 hours", date(2026, 11, 29)),
    ],
)
def test_days_are_said_in_the_words_of_the_account(words: str, day: date) -> None:
    account = Account(NOW.astimezone(ZoneInfo("Europe/Berlin")), Calendar("Europe/Berlin", "sunday", "en-GB"))
    assert account.read_day(words) == day


@pytest.mark.parametrize("words", ["every day", "someday", "2026-02-30", "1900-01-01", "2026-12-24T09:00", "x" * 900])
def test_other_words_are_no_day(words: str) -> None:
    with pytest.raises(ValueError, match=r"day|year|write"):
        Account(NOW.astimezone(ZoneInfo("UTC")), Calendar()).read_day(words)
