"""The files that an import reads, without HTTP around them."""

import csv
import io
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.http.api.tasks.import_files import read_json
from application.tasks.files.limits import MAX_IMPORTED_TASKS
from application.tasks.files.todoist_csv import TodoistFile, read_csv
from application.tasks.import_export import ExportedTask, ImportRow
from domain.errors import Invalid
from domain.tasks.fields import MAX_DESCRIPTION_LENGTH, MAX_TITLE_LENGTH

HEADER = "TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE,DURATION,DURATION_UNIT"
PROJECT = f"""\
{HEADER}
meta,view_style=list,,,,,,,,,,
task,Buy milk @shop,2 bottles,4,1,Ann (1),,every monday,en,Europe/Berlin,,
,,,,,,,,,,,
section,Later,,,,,,,,,,
task,"Write to ""Bob""
and Eve",,1,1,Ann (1),,,,,,
note,see the letter,,,,Ann (1),,2026-11-23,en,,,
note,"of Monday, too",,,,Ann (1),,2026-11-23,en,,,

TASK,Fly,,1,2
"""
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


def titles(rows: list[ImportRow]) -> list[tuple[int, str, str | None]]:
    return [(row.line, row.task.title, row.task.description) for row in rows if isinstance(row.task, ExportedTask)]


def problem(row: ImportRow) -> tuple[int, str]:
    assert isinstance(row.task, Invalid)
    return row.line, row.task.message


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_todoist_project_is_its_tasks_with_their_notes(newline: str, mark: str) -> None:
    assert titles(read_csv((mark + PROJECT).replace("\n", newline).encode()).rows) == [
        (3, "Buy milk @shop", "2 bottles"),
        (6, f'Write to "Bob"{newline}and Eve', "see the letter\nof Monday, too"),
        (11, "Fly", ""),
    ]


def test_columns_may_be_fewer_and_in_another_order() -> None:
    assert titles(read_csv(b" content , Type\nBuy milk,task\n").rows) == [(2, "Buy milk", None)]


def test_an_empty_export_has_no_tasks() -> None:
    assert read_csv(HEADER.encode()) == TodoistFile()


def test_a_note_that_does_not_fit_is_a_bad_row_and_its_task_stays() -> None:
    long = "x" * MAX_DESCRIPTION_LENGTH
    task, bad = read_csv(f"TYPE,CONTENT\ntask,a\nnote,{long}\nnote,b\n".encode()).rows
    assert titles([task]) == [(2, "a", long)]
    message = "CONTENT: does not fit into the description of its task, at most 16000 characters"
    assert problem(bad) == (4, message)


def test_rows_that_are_nothing_we_know_are_told_by_line() -> None:
    rows = read_csv(b"TYPE,CONTENT\nnote,a\ntask,b\nproject,c\n").rows
    assert [problem(row) for row in (rows[0], rows[2])] == [
        (2, "TYPE: a note must follow its task"),
        (4, "TYPE: must be task, note or section"),
    ]


def test_what_tasks_have_no_field_for_is_counted_by_column() -> None:
    """A priority of 4 and an indent of 1 are how Todoist writes none, and the language is that of a date."""
    surplus = "task,Swim,,4,1,,,,de,Europe/Berlin,,,more\n"
    assert read_csv(f"{PROJECT}task,Pack,,4,2,,,,,,30,minute\n{surplus}".encode()).not_kept == {
        "AUTHOR": 4,
        "DATE": 3,
        "DATE_LANG": 3,
        "TIMEZONE": 1,
        "SECTION": 1,
        "PRIORITY": 2,
        "INDENT": 2,
        "DURATION": 1,
        "DURATION_UNIT": 1,
        "SURPLUS": 1,
    }


@pytest.mark.parametrize(
    ("title", "cut"),
    [
        ("word " * 101, "word " * 98 + "word…"),
        ("x" * 501, "x" * 499 + "…"),
        ("😀" * 501, "😀" * 499 + "…"),
        ("a\tlong " + "y" * 600, "a\tlong…"),
        ("x" * 498 + " yy", "x" * 498 + "…"),
        ("x" * 499 + " yy", "x" * 499 + "…"),
    ],
)
def test_a_title_that_is_too_long_is_cut_at_a_word_and_is_whole_in_the_description(title: str, cut: str) -> None:
    file = read_csv(f'TYPE,CONTENT,DESCRIPTION\ntask,a,\ntask,"{title}", more \nnote,note,\n'.encode())
    assert titles(file.rows)[1] == (3, cut, f"{title.strip()}\nmore\nnote")
    assert len(cut) <= MAX_TITLE_LENGTH
    assert [(each.line, each.message) for each in file.shortened] == [
        (3, "title: was longer than 500 characters; the whole of it begins the description")
    ]


def test_a_title_that_no_description_holds_is_a_bad_row_of_the_import() -> None:
    title = "x" * (MAX_DESCRIPTION_LENGTH + 1)
    file = read_csv(f"TYPE,CONTENT\ntask,{title}\n".encode())
    assert (titles(file.rows), file.shortened) == ([(2, title, None)], [])


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "line 1: must name Todoist's columns"),
        (b"title,done\na,b\n", "line 1: must name Todoist's columns"),
        (b"TYPE;CONTENT\ntask;a\n", "line 1: must name Todoist's columns, separated by commas"),
        (b"\x89PNG\r\n\x1a\n", "line 1: must be text in UTF-8"),
        (HEADER.encode("utf-16"), "line 1: must be text in UTF-8"),
        (b"TYPE,CONTENT\ntask,a\ntask,\xe9t\xe9\n", "line 3: must be text in UTF-8"),
        (b'TYPE,CONTENT\ntask,"open\ntask,b\n', "line 2: is not CSV"),
        (b'TYPE,CONTENT\ntask,"a"b\n', "line 2: is not CSV"),
        (b"TYPE,CONTENT\ntask,a\ntask," + b"x" * 131_073, "line 3: is not CSV"),
        (b"TYPE,CONTENT\n" + b"task,a\n" * (MAX_IMPORTED_TASKS + 1), "body: must hold at most 10000 tasks"),
    ],
)
def test_a_file_that_is_no_todoist_export_is_refused(body: bytes, message: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_csv(body)
    assert refusal.value.message.startswith(message)


@given(st.lists(st.tuples(TEXT, TEXT), max_size=9), st.booleans())
def test_what_a_csv_writer_writes_is_read_as_it_was(tasks: list[tuple[str, str]], with_mark: bool) -> None:
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(["TYPE", "CONTENT", "DESCRIPTION", "PRIORITY"])
    writer.writerows(["task", title, description, 4] for title, description in tasks)
    rows = read_csv(file.getvalue().encode("utf-8-sig" if with_mark else "utf-8")).rows
    read = [(title, description) for _, title, description in titles(rows)]
    assert [each for each, task in zip(read, tasks, strict=True) if len(task[0]) <= MAX_TITLE_LENGTH] == [
        task for task in tasks if len(task[0]) <= MAX_TITLE_LENGTH
    ]


@given(st.binary(max_size=200) | st.text().map(lambda text: f"TYPE,CONTENT\n{text}".encode(errors="surrogatepass")))
def test_no_bytes_are_more_than_refused(body: bytes) -> None:
    with suppress(Invalid):
        assert isinstance(read_csv(body), TodoistFile)
    with suppress(Invalid):
        assert isinstance(read_json(body), list)


def test_a_bare_list_of_titles_is_read() -> None:
    assert titles(read_json(b'{"tasks": [{"title": "a"}, {"title": "b", "description": "c"}]}')) == [
        (1, "a", None),
        (2, "b", "c"),
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
        ({"title": "a", "deleted_at": "0000-00-00T00:00:00Z"}, "deleted_at: must be a time with its offset"),
        ({"title": "a", "deleted_at": 0}, "deleted_at: must be a time or null, not a whole number"),
        ({"title": "a", "id": "1"}, "id: must be a whole number or null, not text"),
    ],
)
def test_a_bad_entry_is_told_by_its_place_and_spoils_no_other(entry: Any, message: str) -> None:
    good, bad, another = read_json(msgspec.json.encode({"tasks": [{"title": "a"}, entry, {"title": "b"}]}))
    assert titles([good, another]) == [(1, "a", None), (3, "b", None)]
    line, told = problem(bad)
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
        (b'{"tasks": [], "lists": []}', "lists: is not a known field"),
        (b'{"tasks": [], "version": "1"}', "version: must be a whole number"),
        (b'{"tasks": {}, "version": 3}', "version: must be at most 2: this server reads no newer one"),
        (b'{"lists": [], "version": 3}', "version: must be at most 2: this server reads no newer one"),
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
