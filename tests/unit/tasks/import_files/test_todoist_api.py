"""The JSON of Todoist's API: a sync, or a list of tasks."""

from typing import Any

import pytest

from application.tasks.files.imported import ImportedTask
from tests.unit.tasks.import_files.importing import imported, messages, only, tree

PROJECTS = [
    {"id": "2", "name": "Work", "color": "berry_red", "child_order": 2, "is_archived": True},
    {"id": "1", "name": "Private", "color": 40, "child_order": 1},
    {"id": "0", "name": "Eingang", "inbox_project": True},
]
ITEM: dict[str, Any] = {"id": "6Xq", "content": "a", "project_id": "2", "priority": 1, "checked": False}


def item(**values: Any) -> ImportedTask:
    return only({"items": [ITEM | values], "projects": PROJECTS, "sync_token": "x"})


def test_projects_are_lists_in_their_order_and_the_inbox_is_ours() -> None:
    items = [ITEM | {"id": each, "content": each, "project_id": each} for each in ("0", "1", "2")]
    file = imported({"items": items, "projects": PROJECTS})
    assert [(each.name, each.color, each.archived) for each in file.lists] == [
        ("Private", "cyan", False),
        ("Work", "pink", True),
    ]
    assert [each.list for each in file.tasks] == [None, "Private", "Work"]


def test_nesting_and_order_are_those_of_the_file() -> None:
    items = [
        {"id": "c", "content": "child", "parent_id": "p", "child_order": 1},
        {"id": "z", "content": "last", "child_order": 9},
        {"id": "p", "content": "parent", "child_order": 1},
    ]
    assert tree(imported({"items": items, "projects": []})) == [("child", "parent"), ("parent", None), ("last", None)]


@pytest.mark.parametrize(("priority", "expected"), [(1, None), (2, "low"), (3, "medium"), (4, "high"), (None, None)])
def test_priority_4_is_p1(priority: int | None, expected: str | None) -> None:
    assert item(priority=priority).priority == expected


@pytest.mark.parametrize(
    ("due", "expected", "rule"),
    [
        ({"date": "2026-12-01"}, "2026-12-01", None),
        ({"date": "2026-12-01T09:00:00"}, "2026-12-01T09:00", None),
        ({"date": "2026-12-01T09:00:00.000000"}, "2026-12-01T09:00", None),
        (
            {"date": "2026-12-01T12:00:00Z", "timezone": "America/Vancouver"},
            "2026-12-01T04:00-08:00[America/Vancouver]",
            None,
        ),
        ({"date": "2026-12-01T12:00:00Z", "timezone": None}, "2026-12-01T13:00+01:00[Europe/Berlin]", None),
        (
            {"date": "2026-12-01", "datetime": "2026-12-01T12:00:00Z", "timezone": "Europe/London"},
            "2026-12-01T12:00+00:00[Europe/London]",
            None,
        ),
        (
            {"date": "2026-01-31", "string": "every month", "lang": "en", "is_recurring": True},
            "2026-01-31",
            "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
        ),
        (
            {"date": "2026-12-07", "string": "every! monday", "lang": "en", "is_recurring": True},
            "2026-12-07",
            "FREQ=WEEKLY;BYDAY=MO",
        ),
        ({"date": "2026-12-07", "string": "jeden Montag", "lang": "de", "is_recurring": True}, "2026-12-07", None),
        ({"date": "12/7"}, None, None),
    ],
)
def test_due_dates_keep_their_kind_and_rules_their_words(
    due: dict[str, Any], expected: str | None, rule: str | None
) -> None:
    read = item(due=due)
    assert (read.due, read.recurrence) == (expected, rule)


def test_a_rule_in_another_language_is_in_the_description() -> None:
    read = item(due={"date": "2026-12-07", "string": "jeden Montag", "lang": "de", "is_recurring": True})
    assert read.description == "Repeats: jeden Montag"


def test_each_value_finds_its_field() -> None:
    sync = {
        "items": [
            ITEM
            | {
                "labels": ["a", 5],
                "description": "b",
                "section_id": "s",
                "deadline": {"date": "2026-12-24"},
                "duration": {"amount": 45, "unit": "minute"},
                "checked": 1,
                "completed_at": "2026-11-01T10:00:00Z",
                "added_at": "2026-10-01T10:00:00.404051Z",
                "responsible_uid": "7",
            }
        ],
        "projects": PROJECTS,
        "sections": [{"id": "s", "name": "Later"}],
        "labels": [{"id": 5, "name": "old"}],
        "notes": [{"id": 1, "item_id": "6Xq", "content": "see it"}, {"id": 2, "item_id": "6Xq", "is_deleted": True}],
    }
    file = imported(sync)
    (read,) = file.tasks
    assert (read.tags, read.deadline, read.estimate, read.completed) == (["a", "old"], "2026-12-24", "PT45M", True)
    assert read.description == "b\n\nSection: Later\nsee it"
    assert str(read.completed_at) == "2026-11-01 10:00:00+00:00"
    assert messages(file) == ["1: assignee: is not kept, 1 time from this line on"]


def test_a_deleted_task_is_in_the_trash() -> None:
    assert str(item(is_deleted=True, updated_at="2026-11-01T10:00:00Z").deleted_at) == "2026-11-01 10:00:00+00:00"


@pytest.mark.parametrize(
    "whole",
    [
        [{"id": 1, "content": "a", "order": 1, "is_completed": True}],
        {"results": [{"id": "1", "content": "a", "is_completed": True}], "next_cursor": None},
        {"tasks": [{"id": "1", "content": "a", "is_completed": True}]},
    ],
)
def test_lists_of_the_rest_api_are_read(whole: Any) -> None:
    assert (only(whole).title, only(whole).completed) == ("a", True)


def test_a_page_is_told() -> None:
    file = imported({"results": [{"id": "1", "content": "a"}], "next_cursor": "x"})
    assert messages(file) == ["0: the file is one page of several: import the others too"]


def test_entries_of_another_shape_are_told() -> None:
    file = imported({"items": [ITEM, 5, {"content": "no id"}], "projects": [{"id": 1}]})
    assert [(each.line, each.message) for each in file.problems] == [
        (2, "task: must be an object, not a whole number"),
        (3, "id: is required"),
    ]
    assert messages(file) == ["0: project 1 is left out: name: is required"]
