"""Vikunja's export, in the shape of its `data.json`, and tasks of its API."""

import json
from typing import Any

import pytest

from application.tasks.files.imported import ImportedFile, ImportedTask
from tests.unit.tasks.import_files.importing import imported, messages, tree

ZERO = "0001-01-01T00:00:00Z"
TASK: dict[str, Any] = {
    "id": 1,
    "title": "a",
    "description": "",
    "done": False,
    "done_at": ZERO,
    "due_date": ZERO,
    "reminders": None,
    "project_id": 1,
    "repeat_after": 0,
    "repeat_mode": 0,
    "priority": 0,
    "start_date": ZERO,
    "end_date": ZERO,
    "assignees": None,
    "labels": None,
    "hex_color": "",
    "percent_done": 0,
    "identifier": "",
    "index": 1,
    "related_tasks": {},
    "attachments": None,
    "is_favorite": False,
    "created": "2026-01-01T09:00:00Z",
    "updated": "2026-01-02T09:00:00+01:00",
    "bucket_id": 0,
    "position": 0,
    "comments": None,
}


def project(*tasks: dict[str, Any], **values: Any) -> dict[str, Any]:
    filled = [TASK | {"id": place} | task for place, task in enumerate(tasks, 1)]
    return {"id": 1, "title": "Home", "hex_color": "", "is_archived": False, "tasks": filled, "views": []} | values


def export(*tasks: dict[str, Any]) -> ImportedFile:
    return imported([project(*tasks)])


def task(**values: Any) -> ImportedTask:
    return export(values).tasks[0]


def test_projects_are_lists_with_their_color_and_those_below_them() -> None:
    inner = project({"id": 9, "title": "b"}, id=3, title="Home", is_archived=True)
    file = imported([project({}, hex_color="e8445a", child_projects=[inner], description="x")])
    assert [(each.name, each.color, each.archived) for each in file.lists] == [
        ("Home", "red", False),
        ("Home (2)", None, True),
    ]
    assert [each.list for each in file.tasks] == ["Home", "Home (2)"]
    assert messages(file) == [
        "0: the description of the project Home is not kept",
        "0: list Home: is called Home (2) here",
    ]


def test_namespaces_of_older_exports_hold_lists() -> None:
    file = imported([{"id": 1, "title": "Space", "lists": [project({})]}])
    assert [each.name for each in file.lists] == ["Home"]


def test_a_task_without_values_has_none() -> None:
    read = task()
    assert (read.due, read.start, read.completed_at, read.description, read.priority) == (None,) * 5
    assert (str(read.created_at), str(read.updated_at)) == ("2026-01-01 09:00:00+00:00", "2026-01-02 08:00:00+00:00")


def test_relations_are_nesting_whichever_side_has_them() -> None:
    file = export(
        {"id": 7, "title": "child", "related_tasks": {"parenttask": [{"id": 8, "title": "parent"}]}},
        {
            "id": 8,
            "title": "parent",
            "related_tasks": {"subtask": [{"id": 7}, {"id": 9}], "blocking": [{"title": "x"}]},
        },
        {"id": 9, "title": "other"},
    )
    assert tree(file) == [("child", "parent"), ("parent", None), ("other", "parent")]
    assert file.tasks[1].description == "Related (blocking): x"


@pytest.mark.parametrize(
    ("priority", "expected", "description"),
    [
        (0, None, None),
        (1, "low", None),
        (2, "medium", None),
        (3, "high", None),
        (4, "high", "Priority: urgent"),
        (5, "high", "Priority: do now"),
    ],
)
def test_priorities_above_high_are_described(priority: int, expected: str | None, description: str | None) -> None:
    read = task(priority=priority)
    assert (read.priority, read.description) == (expected, description)


@pytest.mark.parametrize(
    ("values", "rule", "since"),
    [
        ({"repeat_after": 86_400}, "FREQ=DAILY", "due"),
        ({"repeat_after": 3 * 86_400, "repeat_mode": 2}, "FREQ=DAILY;INTERVAL=3", "completion"),
        ({"repeat_after": 14 * 86_400}, "FREQ=WEEKLY;INTERVAL=2;WKST=MO", "due"),
        ({"repeat_mode": 1}, "FREQ=MONTHLY", "due"),
        ({"repeat_after": 3_600}, None, "due"),
        ({"repeat_after": 10**18}, None, "due"),
    ],
)
def test_seconds_of_whole_days_are_rules(values: dict[str, int], rule: str | None, since: str) -> None:
    read = task(due_date="2026-12-01T09:00:00Z", **values)
    assert (read.recurrence, read.recurs_from) == (rule, since)
    assert (rule is None) == bool(read.description)


def test_a_rule_without_a_due_date_is_in_the_description() -> None:
    file = export({"repeat_after": 86_400})
    assert (file.tasks[0].recurrence, file.tasks[0].description) == (None, "Repeats: FREQ=DAILY;INTERVAL=1")
    assert messages(file)[0].startswith("1: recurrence: FREQ=DAILY;INTERVAL=1 needs a date to count from")


def test_dates_are_moments_at_the_place_of_the_user() -> None:
    read = task(due_date="2026-12-05T22:30:00Z", start_date="2026-12-01T23:00:00Z", end_date="2026-12-06T08:00:00Z")
    assert (read.due, read.start) == ("2026-12-05T23:30+01:00[Europe/Berlin]", "2026-12-02")
    assert read.description == "End: 2026-12-06T09:00+01:00[Europe/Berlin]"


def test_the_description_is_markdown_and_the_rest_follows_it() -> None:
    html = '<p>Hello <strong>you</strong></p><ul data-type="taskList"><li data-checked="true"><p>done</p></li></ul>'
    read = task(
        description=html,
        percent_done=0.5,
        labels=[{"title": "L1"}, {"title": "L2"}],
        assignees=[{"username": "ann", "name": ""}],
        comments=[{"comment": "<p>nice</p>"}],
    )
    assert read.tags == ["L1", "L2"]
    assert read.description == "Hello **you**\n\n- [x] done\n\nProgress: 50%\nAssigned to: ann\nComment: nice"


def test_what_has_no_field_is_told() -> None:
    file = export({"reminders": [{"reminder": ZERO}], "attachments": [{"id": 1}], "is_favorite": True})
    assert [message.split(":")[1] for message in messages(file)] == [" reminders", " attachments", " favorite"]


def test_tasks_of_the_api_are_in_the_inbox() -> None:
    file = imported([TASK, TASK | {"id": 2, "title": "b", "done": True, "done_at": "2026-01-01T00:00:00Z"}])
    assert [(each.title, each.list, each.completed) for each in file.tasks] == [("a", None, False), ("b", None, True)]


def test_html_may_be_escaped_as_go_does() -> None:
    body = json.dumps([project({"description": "<p>a &amp; b</p>"})]).replace("<", "\\u003c").replace("&", "\\u0026")
    assert imported(body).tasks[0].description == "a & b"
