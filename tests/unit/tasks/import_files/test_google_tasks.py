"""Google's `Tasks.json`."""

from typing import Any

from application.tasks.files.imported import ImportedFile
from tests.unit.tasks.import_files.importing import imported, messages, tree


def takeout(*tasks: dict[str, Any], title: str = "My Tasks") -> ImportedFile:
    whole = {"kind": "tasks#tasks", "id": title, "title": title, "items": [*tasks]}
    return imported({"kind": "tasks#taskLists", "items": [whole]})


def test_lists_order_and_nesting_are_kept() -> None:
    file = takeout(
        {"id": "c", "title": "child", "parent": "p", "position": "00000000000000000001"},
        {"id": "q", "title": "second", "position": "00000000000000000002"},
        {"id": "p", "title": "first", "position": "00000000000000000000"},
    )
    assert tree(file) == [("first", None), ("child", "first"), ("second", None)]
    assert [each.list for each in file.tasks] == ["My Tasks"] * 3
    assert [each.line for each in file.tasks] == [3, 1, 2]


def test_a_due_date_is_the_day_in_the_file_at_each_place() -> None:
    (task,) = takeout({"id": "a", "title": "a", "due": "2026-12-01T00:00:00.000Z", "notes": "b\nc"}).tasks
    assert (task.due, task.description) == ("2026-12-01", "b\nc")


def test_done_and_deleted_tasks_come_in_as_they_are() -> None:
    done = {"id": "a", "title": "a", "status": "completed", "completed": "2026-01-30T22:19:22.812Z", "hidden": True}
    gone = {"id": "b", "title": "b", "deleted": True, "updated": "2026-01-02T03:04:05Z"}
    first, second = takeout(done, gone).tasks
    assert first.completed
    assert str(first.completed_at) == "2026-01-30 22:19:22.812000+00:00"
    assert str(second.deleted_at) == "2026-01-02 03:04:05+00:00"


def test_links_are_described_and_a_recurrence_without_a_rule_is_told() -> None:
    links = [{"type": "email", "description": "Mail", "link": "https://mail.google.com/x"}]
    file = takeout({"id": "a", "title": "a", "links": links, "task_recurrence_id": "r"})
    assert file.tasks[0].description == "Mail: https://mail.google.com/x"
    assert messages(file) == ["1: recurs in Google, whose export does not say how: give it a rule yourself"]


def test_a_blank_task_comes_in_with_a_name() -> None:
    file = takeout({"id": "a", "title": "", "status": "needsAction"}, {"id": "b", "title": "", "notes": "call\nann"})
    assert [(each.title, each.description) for each in file.tasks] == [("(no title)", None), ("call", "ann")]
    assert len(messages(file)) == 2


def test_an_entry_of_another_shape_is_a_problem_and_spoils_no_other() -> None:
    file = takeout({"id": 5, "title": []}, {"id": "b", "title": "b"})
    assert [each.title for each in file.tasks] == ["b"]
    assert [each.line for each in file.problems] == [1]


def test_a_page_of_the_api_is_read_and_further_pages_are_told() -> None:
    file = imported({"kind": "tasks#tasks", "items": [{"id": "a", "title": "a"}], "nextPageToken": "x"})
    assert [each.list for each in file.tasks] == [None]
    assert messages(file) == ["0: the file is one page of several: import the others too"]
