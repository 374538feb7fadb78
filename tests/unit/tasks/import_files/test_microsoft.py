"""Lists and tasks of Microsoft To Do as its API writes them, and the CSV of Outlook."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from application.tasks.files.imported import ImportedFile, ImportedTask
from application.tasks.files.reading.zone_names import WINDOWS_ZONES, zone_name
from tests.unit.tasks.import_files.importing import BERLIN, imported, messages, only, tree

DUE = {"dateTime": "2026-12-31T00:00:00.0000000", "timeZone": "UTC"}
Dates = tuple[str | None, str | None, bool]
OUTLOOK = (
    '"Subject","Start Date","Due Date","Reminder On/Off","Reminder Date","Reminder Time","Date Completed","% Complete",'
    '"Total Work","Actual Work","Billing Information","Categories","Companies","Contacts","Mileage","Notes","Priority",'
    '"Private","Role","Schedule+ Priority","Sensitivity","Status"\n'
)


def graph(*tasks: dict[str, Any], name: str = "Home", known: str = "none") -> ImportedFile:
    filled = [{"id": str(place), "title": "a"} | task for place, task in enumerate(tasks)]
    return imported({"value": [{"id": "L", "displayName": name, "wellknownListName": known, "tasks": filled}]})


def task(**values: Any) -> ImportedTask:
    return graph(values).tasks[0]


def recurring(pattern: dict[str, Any], limits: dict[str, Any] | None = None) -> str | None:
    recurrence = {"pattern": {"interval": 1} | pattern, "range": {"type": "noEnd"} | (limits or {})}
    return task(dueDateTime=DUE, recurrence=recurrence).recurrence


@pytest.mark.parametrize(
    "whole",
    [
        {"value": [{"id": "t", "title": "a", "importance": "normal"}]},
        {"@odata.context": "x", "value": [{"id": "t", "title": "a"}]},
        [{"id": "t", "title": "a", "importance": "normal"}],
        [{"displayName": "Tasks", "wellknownListName": "defaultList", "tasks": [{"title": "a"}]}],
        {"lists": [{"displayName": "Inbox", "tasks": {"value": [{"title": "a"}]}}]},
        {"displayName": "Inbox", "tasks": [{"title": "a"}]},
    ],
)
def test_tasks_stand_in_pages_in_lists_or_alone(whole: Any) -> None:
    assert (only(whole).title, only(whole).list) == ("a", None)


def test_an_empty_page_has_no_tasks() -> None:
    assert imported({"@odata.context": "x", "value": []}).tasks == []


def test_each_value_finds_its_field() -> None:
    read = task(
        importance="high",
        status="completed",
        categories=["Blue", "Garden"],
        body={"content": "<html><body><div>one</div><div><b>two</b></div></body></html>", "contentType": "html"},
        createdDateTime="2026-01-01T10:00:00.1234567Z",
        completedDateTime={"dateTime": "2026-01-02T12:00:00.0000000", "timeZone": "W. Europe Standard Time"},
        linkedResources=[{"webUrl": "https://x.y", "displayName": "Mail", "applicationName": "Outlook"}],
    )
    assert (read.priority, read.completed, read.tags, read.list) == ("high", True, ["Blue", "Garden"], "Home")
    assert read.description == "one\n**two**\n\nMail: https://x.y"
    assert (str(read.created_at), str(read.completed_at)) == (
        "2026-01-01 10:00:00.123456+00:00",
        "2026-01-02 11:00:00+00:00",
    )


@pytest.mark.parametrize(
    ("time", "zone", "here", "day"),
    [
        ("2026-12-31T00:00:00.0000000", "UTC", "Europe/Berlin", "2026-12-31"),
        ("2026-12-30T23:00:00.0000000", "UTC", "Europe/Berlin", "2026-12-31"),
        ("2026-12-30T23:00:00.0000000", "UTC", "UTC", "2026-12-31"),
        ("2026-12-31T05:00:00.0000000", "UTC", "UTC", "2026-12-31"),
        ("2026-12-31T08:00:00.0000000", "UTC", "America/Los_Angeles", "2026-12-31"),
        ("2026-12-31T00:00:00.0000000", "Pacific Standard Time", "Europe/Berlin", "2026-12-31"),
        ("2026-12-31T00:00:00", "Nowhere", "Asia/Tokyo", "2026-12-31"),
    ],
)
def test_a_due_date_is_the_day_that_has_its_midnight_then(time: str, zone: str, here: str, day: str) -> None:
    context = replace(BERLIN, now=datetime(2026, 11, 28, 10, tzinfo=ZoneInfo(here)))
    page = {"@odata.context": "x", "value": [{"title": "a", "dueDateTime": {"dateTime": time, "timeZone": zone}}]}
    assert only(page, context=context).due == day


@pytest.mark.parametrize(
    ("pattern", "limits", "rule"),
    [
        ({"type": "daily", "interval": 3}, None, "FREQ=DAILY;INTERVAL=3"),
        ({"type": "weekly", "daysOfWeek": ["monday", "friday"]}, None, "FREQ=WEEKLY;BYDAY=MO,FR"),
        (
            {"type": "weekly", "interval": 2, "daysOfWeek": ["monday"], "firstDayOfWeek": "sunday"},
            None,
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;WKST=SU",
        ),
        ({"type": "weekly"}, None, "FREQ=WEEKLY"),
        (
            {"type": "absoluteMonthly", "dayOfMonth": 31},
            None,
            "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
        ),
        (
            {"type": "relativeMonthly", "daysOfWeek": ["monday"], "index": "last"},
            None,
            "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=-1",
        ),
        ({"type": "absoluteYearly", "dayOfMonth": 24, "month": 12}, None, "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24"),
        (
            {"type": "relativeYearly", "daysOfWeek": ["sunday"], "index": "first", "month": 5},
            None,
            "FREQ=YEARLY;BYMONTH=5;BYDAY=SU;BYSETPOS=1",
        ),
        ({"type": "daily"}, {"type": "numbered", "numberOfOccurrences": 5}, "FREQ=DAILY;COUNT=5"),
        ({"type": "daily"}, {"type": "endDate", "endDate": "2027-01-31"}, "FREQ=DAILY;UNTIL=20270131"),
        ({"type": "daily"}, {"type": "noEnd", "endDate": "0001-01-01"}, "FREQ=DAILY"),
    ],
)
def test_patterns_are_rules(pattern: dict[str, Any], limits: dict[str, Any] | None, rule: str) -> None:
    assert recurring(pattern, limits) == rule


@pytest.mark.parametrize(
    "recurrence", [{}, 5, {"pattern": {"type": "hourly"}}, {"pattern": {"type": "daily", "interval": 0}}]
)
def test_a_pattern_that_is_not_known_is_in_the_description(recurrence: Any) -> None:
    read = task(dueDateTime=DUE, recurrence=recurrence)
    assert read.title == "a"
    assert read.recurrence in (None, "FREQ=DAILY")
    assert (read.description or "Repeats").startswith("Repeats")


def test_checklist_items_are_subtasks() -> None:
    items = [{"displayName": "one", "isChecked": True, "checkedDateTime": "2026-01-01T00:00:00Z"}, {"displayName": "2"}]
    file = graph({"title": "list", "checklistItems": items}, {"title": "next"})
    assert tree(file) == [("list", None), ("one", "list"), ("2", "list"), ("next", None)]
    assert [each.completed for each in file.tasks] == [False, True, False, False]


def test_what_has_no_field_is_told_or_described() -> None:
    file = graph({"status": "waitingOnOthers", "reminderDateTime": DUE, "isReminderOn": True, "hasAttachments": True})
    assert file.tasks[0].description == "Status: waiting on others"
    assert [message.split(":")[1] for message in messages(file)] == [" reminder", " attachments"]


def test_zones_of_windows_are_those_of_the_database() -> None:
    assert all(zone_name(name) for name in WINDOWS_ZONES)
    assert zone_name("w. europe standard time") == "Europe/Berlin"
    assert zone_name("/freeassociation.sourceforge.net/America/New_York") == "America/New_York"
    assert (zone_name("Mars"), zone_name(""), zone_name(None)) == (None, None, None)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ('"a","","31/12/2026"', ("2026-12-31", None, False)),
        ('"a","1.12.2026","2026-12-31"', ("2026-12-31", "2026-12-01", False)),
        ('"a","","12/31/2026"', ("2026-12-31", None, False)),
        ('"a","","3/4/27","","","","1/2/2026","1"', ("2027-04-03", None, True)),
        ('"a","","None","","","","","100%"', (None, None, True)),
    ],
)
def test_rows_of_outlook_have_dates_as_windows_writes_them(
    row: str, expected: tuple[str | None, str | None, bool]
) -> None:
    read = only(OUTLOOK + row + "\n")
    assert (read.due, read.start, read.completed) == expected


def test_other_columns_of_outlook_are_kept() -> None:
    row = '"a","","","True","","","","0.5","90","","","A;B","","Ann","","note","High","True","","","","In Progress"'
    file = imported(OUTLOOK + row)
    read = file.tasks[0]
    assert (read.priority, read.tags, read.estimate) == ("high", ["A", "B"], "PT1H30M")
    assert read.description == "note\n\nStatus: In Progress\nContacts: Ann\nComplete: 0.5"
    assert [message.split(":")[1] for message in messages(file)] == [" Reminder", " Private"]
