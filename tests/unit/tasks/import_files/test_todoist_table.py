"""The CSV of a Todoist project, in the shape of real exports."""

import csv
import io
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.tasks.files.imported import ImportedFile
from tests.unit.tasks.import_files.importing import BERLIN, imported, messages, only, tree

HEADER = (
    "TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE,DURATION,DURATION_UNIT,"
    "DEADLINE,DEADLINE_LANG"
)
PROJECT = f"""\
{HEADER}
meta,view_style=list,,,,,,,,,,,,
task,Repot the basil @garden @weekend,Terracotta pot,1,1,Kai (48),,Oct 5 2026,en,Europe/Berlin,30,minute,,
task,Buy compost,,4,2,Kai (48),Ann (7),,en,Europe/Berlin,,None,,
note,Get the peat-free one,,,,Kai (48),,,,,,,,
,,,,,,,,,,,,,
section,Weekly,,,,,,,,,,,,
task,Water the ferns,,2,1,Kai (48),,every monday at 9am,en,Europe/Berlin,15,minute,,
task,"Order seeds, ""old"" ones",,3,1,Kai (48),,tomorrow 18:00,en,Europe/Berlin,1,day,Dec 9 2026,en
"""
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)


def project(*rows: str, header: str = HEADER) -> ImportedFile:
    return imported("\n".join((header, *rows)))


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_project_is_its_tasks_in_each_encoding_and_with_each_delimiter(
    newline: str, encoding: str, delimiter: str
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=newline).writerows(csv.reader(PROJECT.splitlines()))
    assert tree(imported(text.getvalue().encode(encoding))) == [
        ("Repot the basil", None),
        ("Buy compost", "Repot the basil"),
        ("Water the ferns", None),
        ('Order seeds, "old" ones', None),
    ]


def test_each_value_finds_its_field() -> None:
    basil, compost, ferns, seeds = imported(PROJECT).tasks
    assert (basil.line, basil.tags, basil.priority, basil.due) == (3, ["garden", "weekend"], "high", "2026-10-05")
    assert (basil.description, basil.estimate) == ("Terracotta pot", "PT30M")
    assert (compost.priority, compost.due, compost.estimate) == (None, None, None)
    assert compost.description == "Responsible: Ann (7)\nGet the peat-free one"
    assert (ferns.due, ferns.recurrence, ferns.priority) == ("2026-11-30T09:00", "FREQ=WEEKLY;BYDAY=MO", "medium")
    assert ferns.description == "Section: Weekly"
    assert (seeds.due, seeds.deadline, seeds.estimate) == ("2026-11-29T18:00", "2026-12-09", "PT24H")
    assert seeds.priority == "low"


def test_what_has_no_field_is_told_once_with_its_number() -> None:
    assert messages(imported(PROJECT)) == [
        "2: view_style: is not kept, 1 time from this line on",
        "3: AUTHOR: is not kept, 5 times from this line on",
        "9: Due: tomorrow 18:00 is understood as 2026-11-29T18:00, counted from today",
    ]


@pytest.mark.parametrize(
    ("filename", "name"),
    [
        ("", None),
        ("Home.csv", "Home"),
        ("Home [2203306141].csv", "Home"),
        ("Inbox [1].csv", None),
        ("backup/Work & play.csv", "Work & play"),
        ("C:\\files\\Büro.csv", "Büro"),
    ],
)
def test_the_list_is_called_as_the_file(filename: str, name: str | None) -> None:
    file = imported(PROJECT, filename)
    assert {task.list for task in file.tasks} == {name}
    assert [each.name for each in file.lists] == ([name] if name else [])


@pytest.mark.parametrize(
    ("indents", "parents"),
    [
        ("1,2,3,4", [None, "0", "1", "2"]),
        ("1,2,1,2", [None, "0", None, "2"]),
        ("2,1,3,2", [None, None, "1", "1"]),
        ("3,2,2,1", [None, None, None, None]),
        (",2,0,x", [None, "0", None, None]),
    ],
)
def test_a_task_is_below_the_nearest_one_that_is_indented_less(indents: str, parents: list[str | None]) -> None:
    rows = [f"task,{place},,4,{indent}" for place, indent in enumerate(indents.split(","))]
    assert [parent for _, parent in tree(project(*rows))] == parents


@pytest.mark.parametrize(
    ("content", "title", "tags"),
    [
        ("Buy milk @shop", "Buy milk", ["shop"]),
        ("Buy milk @shop @Shop", "Buy milk", ["shop"]),
        ("Lunch @ noon", "Lunch @ noon", []),
        ("Ask ann@example.com", "Ask ann@example.com", []),
        ("Meet @ann about tea", "Meet @ann about tea", []),
        ("@shop", "@shop", []),
    ],
)
def test_labels_are_those_at_the_end(content: str, title: str, tags: list[str]) -> None:
    (task,) = project(f'task,"{content}"').tasks
    assert (task.title, task.tags) == (title, tags)


@pytest.mark.parametrize(
    ("words", "language", "zone", "due", "rule"),
    [
        ("2026-12-05", "de", "", "2026-12-05", None),
        ("2026-12-05 15:30", "", "", "2026-12-05T15:30", None),
        ("2026-12-05 15:30", "en", "Europe/Berlin", "2026-12-05T15:30", None),
        ("2026-12-05 15:30", "en", "Africa/Cairo", "2026-12-05T15:30+02:00[Africa/Cairo]", None),
        ("2026-12-05T14:30:00.000Z", "de", "", "2026-12-05T15:30+01:00[Europe/Berlin]", None),
        ("20 Jul 2026", "en", "Africa/Cairo", "2026-07-20", None),
        ("every 31st", "en", "", "2026-11-30", "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"),
        ("every month", "en", "", "2026-11-28", "FREQ=MONTHLY"),
        ("tomorrow", "en", "Pacific/Kiritimati", "2026-11-29", None),
    ],
)
def test_dates_are_read_in_their_zone(words: str, language: str, zone: str, due: str, rule: str | None) -> None:
    (task,) = project(f"task,a,,4,1,,,{words},{language},{zone}").tasks
    assert (task.due, task.recurrence) == (due, rule)


def test_a_rule_from_completion_is_kept() -> None:
    (task,) = project("task,a,,4,1,,,every! 3 days,en").tasks
    assert (task.recurrence, task.recurs_from) == ("FREQ=DAILY;INTERVAL=3", "completion")


@pytest.mark.parametrize(
    ("words", "is_told"), [("Dec 9", True), ("tomorrow", True), ("Dec 9 2026", False), ("every day", False)]
)
def test_words_that_count_from_today_are_told(words: str, is_told: bool) -> None:
    assert bool(project(f"task,a,,4,1,,,{words},en").notes) is is_told


def test_12_5_is_read_as_at_the_place_of_the_user() -> None:
    file = f"{HEADER}\ntask,a,,4,1,,,12/5/2027,en"
    assert only(file).due == "2027-05-12"
    assert only(file, context=replace(BERLIN, locale="en-US")).due == "2027-12-05"


@pytest.mark.parametrize(("words", "language"), [("jeden Montag", "de"), ("blue moon", "en"), ("2026-02-30", "en")])
def test_words_that_are_not_understood_are_in_the_description(words: str, language: str) -> None:
    file = project(f"task,a,b,4,1,,,{words},{language}")
    (task,) = file.tasks
    assert (task.due, task.recurrence) == (None, None)
    assert task.description is not None
    assert task.description.startswith(f"b\n\nDue: {words}")
    assert messages(file)[0].startswith(f"2: Due: {words}")


def test_values_of_other_kinds_are_in_the_description() -> None:
    file = project("task,a,,7,1,,,,,,500,hour,soon,en")
    (task,) = file.tasks
    assert task.description == "Priority: 7\nDuration: 500 hour\nDeadline: soon"
    assert (task.priority, task.estimate, task.deadline) == (None, None, None)
    assert len(messages(file)) == 3


def test_an_estimate_beyond_100_hours_is_in_the_description() -> None:
    file = project("task,a,,4,1,,,,,,5,day")
    assert (file.tasks[0].estimate, file.tasks[0].description) == (None, "Estimate: 7200 minutes")


def test_attachments_of_notes_are_links() -> None:
    note = 'note,"see [[file {""file_type"": ""image"", ""file_name"": ""a.png"", ""file_url"": ""https://x.y/a""}]]"'
    (task,) = project("task,a", note).tasks
    assert task.description == "see [a.png](https://x.y/a)"


def test_comments_on_the_project_and_empty_sections_are_told() -> None:
    file = project("note,hello", "section,Later", "section,Now", "task,a")
    assert messages(file) == [
        "2: is a comment on no task, so it is left out: hello",
        "3: section Later: has no tasks, so it is left out",
    ]
    assert file.tasks[0].description == "Section: Now"


def test_rows_of_another_kind_are_problems() -> None:
    file = project("project,a", "task,b")
    assert [tuple(each) for each in file.problems] == [(2, "TYPE: must be task, note or section, not project")]
    assert [task.title for task in file.tasks] == ["b"]


def test_values_beyond_the_header_are_told() -> None:
    assert messages(project("task,a,b", header="TYPE,CONTENT")) == [
        "2: VALUES WITHOUT A COLUMN: is not kept, 1 time from this line on"
    ]


@given(st.lists(st.tuples(TEXT.filter(lambda text: "@" not in text), TEXT), max_size=9))
def test_what_a_csv_writer_writes_is_read_as_it_was(tasks: list[tuple[str, str]]) -> None:
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(["TYPE", "CONTENT", "DESCRIPTION"])
    writer.writerows(["task", title, description] for title, description in tasks)
    read = imported(file.getvalue()).tasks
    assert len(read) == len(tasks)
    for task, (title, description) in zip(read, tasks, strict=True):
        if task.title == title.strip():
            assert (task.description or "") == description.strip()


def test_the_day_of_tomorrow_is_that_of_the_account() -> None:
    late = replace(BERLIN, now=datetime(2026, 11, 28, 23, 30, tzinfo=ZoneInfo("Europe/Berlin")))
    assert only(f"{HEADER}\ntask,a,,4,1,,,tomorrow,en,", context=late).due == "2026-11-29"
