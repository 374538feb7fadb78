"""Our own export, of version 1 and 2."""

from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.tasks.files.detecting import detect
from application.tasks.files.imported import ImportedFile, ImportedTask
from domain.errors import Invalid, Refusal
from tests.unit.tasks.import_files.importing import BERLIN, messages


def read_json(body: bytes | Any) -> ImportedFile:
    content = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return detect(content, "application/json").read(content, BERLIN)


def titles(tasks: list[ImportedTask]) -> list[tuple[int, str, str | None]]:
    return [(each.line, each.title, each.description) for each in tasks]


def test_a_bare_list_of_titles_is_read() -> None:
    assert titles(read_json(b'{"tasks": [{"title": "a"}, {"title": "b", "description": "c"}]}').tasks) == [
        (1, "a", None),
        (2, "b", "c"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_export_may_have_been_saved_in_another_encoding(encoding: str) -> None:
    assert titles(read_json('{"tasks": [{"title": "ä"}]}'.encode(encoding)).tasks) == [(1, "ä", None)]


def test_tasks_name_their_list_their_parent_and_their_series_by_number() -> None:
    file = read_json(
        {
            "version": 2,
            "lists": [{"id": 4, "name": "Home"}, {"id": 7, "name": "Home", "deleted_at": "2026-11-01T00:00:00Z"}],
            "views": [{"name": "Mine", "filter": "#4 & p1"}],
            "tasks": [
                {"id": 9, "title": "child", "parent_id": 12, "list_id": 4, "position": "a3"},
                {"id": 12, "title": "parent", "list_id": 4},
                {"id": 13, "title": "was", "occurrence_of": 12, "list_id": 7},
            ],
        }
    )
    assert [(each.key, each.parent, each.occurrence_of, each.list) for each in file.tasks] == [
        ("9", "12", None, "Home"),
        ("12", None, None, "Home"),
        ("13", None, "12", "Home (2)"),
    ]
    assert [(each.key, each.name, each.number) for each in file.lists] == [("Home", "Home", 4), ("Home (2)", "Home", 7)]
    assert [(each.name, each.filter) for each in file.views] == [("Mine", "#4 & p1")]


def test_a_hand_written_file_keeps_the_rules_of_subtasks() -> None:
    cycle = [{"id": 1, "title": "a", "parent_id": 2}, {"id": 2, "title": "b", "parent_id": 1}]
    file = read_json({"tasks": [*cycle, {"title": "x", "parent_id": 99, "list_id": 99}]})
    assert [each.parent for each in file.tasks] == ["2", None, None]
    assert messages(file) == [
        "2: is a subtask of itself in the file, so it stands alone",
        "3: is in a list that is not in the file, so it is in the inbox",
        "3: is a subtask of a task that is not in the file, so it stands alone",
    ]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (1, "task: must be an object, not a whole number"),
        (None, "task: must be an object, not null"),
        ({}, "title: is required"),
        ({"title": 1}, "title: must be text, not a whole number"),
        ({"title": "a", "prio": 1}, "prio: is not a known field"),
        ({"title": "a", "completed": "yes"}, "completed: must be true or false, not text"),
        ({"title": "a", "created_at": "2026-11-23T09:00:00"}, "created_at: must be a time with its offset"),
        ({"title": "a", "created_at": "yesterday"}, "created_at: must be a time with its offset"),
        ({"title": "a", "created_at": "0001-01-01T00:00:00+01:00"}, "created_at: must be in the years 1 to 9999"),
        ({"title": "a", "deleted_at": "0000-00-00T00:00:00Z"}, "deleted_at: must be a time with its offset"),
        ({"title": "a", "deleted_at": 0}, "deleted_at: must be a time or null, not a whole number"),
        ({"title": "a", "id": "1"}, "id: must be a whole number or null, not text"),
    ],
)
def test_a_bad_entry_is_told_by_its_place_and_spoils_no_other(entry: Any, message: str) -> None:
    file = read_json({"tasks": [{"title": "a"}, entry, {"title": "b"}]})
    assert titles(file.tasks) == [(1, "a", None), (3, "b", None)]
    [(line, told)] = file.problems
    assert line == 2
    assert told.startswith(message)
    assert "`" not in told, "for people, not for Python"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "body: must be JSON"),
        (b"null", "body: must be an object"),
        (b"[]", "body: must be an object"),
        (b"{}", "tasks: is required"),
        (b'{"tasks": {}}', "tasks: must be a list"),
        (b'{"tasks": [], "projects_": []}', "projects_: is not a known field"),
        (b'{"tasks": [], "version": "1"}', "version: must be a whole number"),
        (b'{"tasks": {}, "version": 3}', "version: must be 1 or 2: this server reads no other"),
        (b'{"lists": [], "version": 3}', "version: must be 1 or 2: this server reads no other"),
        (b'{"tasks": [], "lists": [{}]}', "lists[0]: name: is required"),
        (b'{"tasks": [], "lists": [{"name": "a"}, 1]}', "lists[1]: body: must be an object"),
        (b'{"tasks": [], "views": [{"name": "a"}]}', "views[0]: filter: is required"),
        (b'{"tasks": [], "lists": [' + b'{"name":"a"},' * 5_000 + b"{}]}", "lists: must be at most 5000"),
        (b'{"tasks": [{"title": "\xff"}]}', "body: must be JSON in UTF-8"),
        (b'{"tasks": [{"title": "\\ud800"}]}', "body: must be JSON in UTF-8"),
        (b'{"tasks": ' + b"[" * 100_000, ""),
        (b'{"tasks": [' + b'{"a":' * 100_000, ""),
        (b'{"tasks": [' + b"1," * 2_000_000 + b"1]}", "body: must hold at most 10000 tasks"),
    ],
)
def test_json_that_is_no_export_is_refused(body: bytes, message: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_json(body)
    assert refusal.value.message.startswith(message)


@given(st.binary(max_size=200))
def test_no_bytes_are_more_than_refused(body: bytes) -> None:
    with suppress(Refusal):
        assert isinstance(read_json(body), ImportedFile)
