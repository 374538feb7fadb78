"""The backup of TickTick, in the shape of its versions 7.1 and 7.2."""

import csv
import io

import pytest

from application.tasks.files.imported import ImportedFile, ImportedTask
from tests.unit.tasks.import_files.importing import imported, messages, tree

PREAMBLE = '"Date: 2026-06-29+0000"\n"Version: 7.1"\n"Status: \n0 Normal\n1 Completed\n2 Archived"\n'
COLUMNS = [
    *("Folder Name", "List Name", "Title", "Kind", "Tags", "Content", "Is Check list", "Start Date", "Due Date"),
    *("Reminder", "Repeat", "Priority", "Status", "Created Time", "Completed Time", "Order", "Timezone", "Is All Day"),
    *("Is Floating", "Column Name", "Column Order", "View Mode", "taskId", "parentId"),
]
USUAL = {
    "List Name": "Garden",
    "Title": "a",
    "Kind": "TEXT",
    "Is Check list": "N",
    "Priority": "0",
    "Status": "0",
    "Created Time": "2022-10-09T15:09:48+0000",
    "Timezone": "Europe/Berlin",
    "Is Floating": "false",
    "View Mode": "list",
    "Order": "0",
}


def backup(*rows: dict[str, str]) -> ImportedFile:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, COLUMNS, quoting=csv.QUOTE_ALL)
    writer.writeheader()
    for number, row in enumerate(rows, 1):
        writer.writerow({"taskId": str(number)} | USUAL | row)
    return imported("\ufeff" + PREAMBLE + file.getvalue())


def task(**row: str) -> ImportedTask:
    return backup({name.replace("_", " "): value for name, value in row.items()}).tasks[0]


def test_lists_nesting_and_order_are_kept_and_a_child_may_come_first() -> None:
    file = backup(
        {"Title": "child", "parentId": "2", "Order": "5"},
        {"Title": "parent", "Order": "-1099511627776"},
        {"Title": "first", "Order": "-2199023255552"},
        {"Title": "in the inbox", "List Name": "Inbox"},
        {"Title": "other", "List Name": "Garden", "Folder Name": "Work"},
    )
    assert tree(file) == [
        ("in the inbox", None),
        ("first", None),
        ("parent", None),
        ("child", "parent"),
        ("other", None),
    ]
    assert [each.name for each in file.lists] == ["Garden", "Garden (2)"]
    assert [each.list for each in file.tasks] == [None, "Garden", "Garden", "Garden", "Garden (2)"]


def test_lines_are_those_of_the_file() -> None:
    file = backup({"Content": "two\nlines"}, {"Title": "b"})
    assert [each.line for each in file.tasks] == [8, 10]


@pytest.mark.parametrize(
    ("status", "completed", "description"),
    [
        ("0", False, None),
        ("1", True, None),
        ("2", True, None),
        ("-1", True, "Status: won't do"),
        ("9", False, "Status: 9"),
    ],
)
def test_archived_and_abandoned_tasks_are_done(status: str, completed: bool, description: str | None) -> None:
    read = task(Status=status)
    assert (read.completed, read.description) == (completed, description)


@pytest.mark.parametrize(
    ("priority", "expected"), [("0", None), ("1", "low"), ("3", "medium"), ("5", "high"), ("", None), ("2", None)]
)
def test_priorities_are_odd_numbers(priority: str, expected: str | None) -> None:
    assert task(Priority=priority).priority == expected


def test_times_are_those_of_the_file() -> None:
    read = task(Status="2", Completed_Time="2022-10-10T10:00:00+0000")
    assert (str(read.created_at), str(read.completed_at)) == ("2022-10-09 15:09:48+00:00", "2022-10-10 10:00:00+00:00")


@pytest.mark.parametrize(
    ("row", "start", "due", "estimate"),
    [
        ({"Due Date": "2026-12-11T23:00:00+0000", "Is All Day": "true"}, None, "2026-12-12", None),
        ({"Start Date": "2026-12-11T23:00:00+0000", "Is All Day": "true"}, None, "2026-12-12", None),
        ({"Due Date": "2026-12-11T23:00:00+0000"}, None, "2026-12-12", None),
        (
            {"Due Date": "2026-12-11T23:00:00+0000", "Is All Day": "false"},
            None,
            "2026-12-12T00:00+01:00[Europe/Berlin]",
            None,
        ),
        ({"Due Date": "2026-12-11T08:00:00+0000"}, None, "2026-12-11T09:00+01:00[Europe/Berlin]", None),
        ({"Due Date": "2026-12-11 08:00:00"}, None, "2026-12-11T09:00+01:00[Europe/Berlin]", None),
        ({"Due Date": "2026-12-11T08:00:00+0000", "Is Floating": "true"}, None, "2026-12-11T09:00", None),
        (
            {"Due Date": "2026-12-11T08:00:00+0000", "Timezone": "Asia/Tokyo"},
            None,
            "2026-12-11T17:00+09:00[Asia/Tokyo]",
            None,
        ),
        (
            {"Start Date": "2026-12-11T08:00:00+0000", "Due Date": "2026-12-11T09:30:00+0000"},
            None,
            "2026-12-11T10:30+01:00[Europe/Berlin]",
            "PT1H30M",
        ),
        (
            {
                "Start Date": "2026-12-10T23:00:00+0000",
                "Due Date": "2026-12-12T23:00:00+0000",
                "Is All Day": "true",
            },
            "2026-12-11",
            "2026-12-13",
            None,
        ),
    ],
)
def test_dates_are_days_blocks_of_time_or_floating(
    row: dict[str, str], start: str | None, due: str, estimate: str | None
) -> None:
    read = backup(row).tasks[0]
    assert (read.start, read.due, read.estimate) == (start, due, estimate)


def test_a_date_that_is_none_is_in_the_description() -> None:
    read = task(Due_Date="soon")
    assert (read.due, read.description) == (None, "Due: soon")


def test_a_rule_is_kept_and_what_ticktick_adds_to_it_is_told() -> None:
    file = backup({"Due Date": "2026-12-31T08:00:00+0000", "Repeat": "RRULE:FREQ=MONTHLY;INTERVAL=1;TT_SKIP=HOLIDAY"})
    assert file.tasks[0].recurrence == "FREQ=MONTHLY"
    assert file.tasks[0].description == "Repeats: TT_SKIP=HOLIDAY"
    assert messages(file) == ["8: Repeats: TT_SKIP=HOLIDAY can't be read, so it is in the description"]


@pytest.mark.parametrize("rule", ["ERULE:NAME=CUSTOM;BYDATE=20261201", "LUNAR:FREQ=YEARLY", "FREQ=DAILY;BYHOUR=3"])
def test_a_rule_that_is_none_of_ours_is_in_the_description(rule: str) -> None:
    read = task(Due_Date="2026-12-31T08:00:00+0000", Repeat=rule)
    assert (read.recurrence, read.description) == (None, f"Repeats: {rule}")


def test_a_rule_of_a_task_that_is_done_is_in_the_description() -> None:
    read = task(Due_Date="2026-12-31T08:00:00+0000", Repeat="FREQ=DAILY", Status="2")
    assert (read.recurrence, read.description) == (None, "Repeated: FREQ=DAILY")


def test_the_items_of_a_checklist_are_subtasks() -> None:
    row = {"Title": "Seeds", "Kind": "CHECKLIST", "Is Check list": "Y", "Content": "Intro\n▪Fill\n▫Sow\n"}
    file = backup(row, {"Title": "b", "Content": "▫ no list"})
    assert tree(file) == [("Seeds", None), ("Fill", "Seeds"), ("Sow", "Seeds"), ("b", None)]
    assert [each.completed for each in file.tasks] == [False, True, False, False]
    assert [each.description for each in file.tasks] == ["Intro", None, None, "▫ no list"]


def test_what_has_no_field_is_told_or_described() -> None:
    row = {"Tags": "urgent, work,,", "Kind": "NOTE", "Column Name": "Doing", "Reminder": "PT0S", "Folder Name": "F"}
    file = backup(row, row)
    assert (file.tasks[0].tags, file.tasks[0].description) == (["urgent", "work"], "Section: Doing")
    assert messages(file) == [
        "8: Reminder: is not kept, 2 times from this line on",
        "8: Folder Name: is not kept, 2 times from this line on",
        "8: is a note in TickTick, and a task here",
        "9: is a note in TickTick, and a task here",
    ]


def test_a_zone_that_is_not_known_is_told() -> None:
    file = backup({"Due Date": "2026-12-11T08:00:00+0000", "Timezone": "Mars/Base"})
    assert file.tasks[0].due == "2026-12-11T09:00+01:00[Europe/Berlin]"
    assert messages(file) == ["8: Timezone: Mars/Base is not known, so yours is taken"]
