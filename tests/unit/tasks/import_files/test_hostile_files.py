"""What hostile files cost before they are refused or read, in a process of their own."""

import subprocess
import sys
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.tasks.files.imported import ImportedFile
from domain.errors import Refusal
from tests.unit.tasks.import_files.importing import imported

MAX_MB = 90
MAX_SECONDS = 3
"""Of the processor. It is one second on a machine that does nothing else."""
MEASURE = """
import resource, sys, time
from domain.errors import Refusal
from tests.unit.tasks.import_files.importing import imported

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

imported(b"TYPE,CONTENT,DATE\\ntask,a,every day"), imported(b'{"items": [], "projects": []}')
head, repeated, tail = (part.encode() for part in sys.argv[2:])
body = head + repeated * ((int(sys.argv[1]) - len(head) - len(tail)) // len(repeated)) + tail
before, began = peak(), time.process_time()
try:
    outcome = f"read {len(imported(body).tasks)}"
except Refusal as refusal:
    outcome = refusal.message
print(int(peak() - before), int(time.process_time() - began), outcome)
"""
TODO = "BEGIN:VTODO\nSUMMARY:a\nDUE:20261201\nRRULE:FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1\nEND:VTODO\n"
ITEM = '{"title":"a","checklistItems":[{},{},{}]},'
HOSTILE = {
    "deep lists": (10, "[", "[", "["),
    "deep objects": (10, "{", '"items":{', ""),
    "deep entries": (1, '{"projects":[],"items":[', "[", ""),
    "deep projects": (10, "", '[{"title":"a","tasks":[],"child_projects":', ""),
    "numbers": (10, '{"projects":[],"items":[', "1,", "1]}"),
    "fewer numbers": (1.9, '{"projects":[],"items":[', "1,", "1]}"),
    "objects": (10, '{"projects":[],"items":[', "{},", "{}]}"),
    "projects": (10, '{"items":[],"projects":[', '{"id":1,"name":"a"},', "{}]}"),
    "projects of Vikunja": (10, '[{"title":"a","tasks":[]}', ',{"title":"a","tasks":[]}', "]"),
    "tasks of Vikunja": (10, '[{"title":"a","tasks":[{}', ',{"id":1,"title":"a"}', "]}]"),
    "lists of Google": (10, '{"kind":"tasks#taskLists","items":[', '{"items":[]},', "{}]}"),
    "items of checklists": (3, '{"value":[{"displayName":"a","tasks":[', ITEM, "{}]}]}"),
    "labels": (4, '{"projects":[],"items":[{"id":1,"content":"a","labels":["a"', ',"a"', "]}]}"),
    "HTML": (10, '[{"title":"a","tasks":[{"title":"a","description":"', "<a ", '"}]}]'),
    "rows": (10, "TYPE,CONTENT\n", "task,a\n", ""),
    "headings": (4, "TYPE,CONTENT\n", "section,a\n", ""),
    "notes": (4, "TYPE,CONTENT\ntask,a\n", "note,a\n", ""),
    "columns": (10, "TYPE,CONTENT", ",ab", ""),
    "other columns": (10, "TYPE;CONTENT\n", ";ab", ""),
    "open quotes": (10, 'TYPE,CONTENT\ntask,"', "x\n", ""),
    "quotes": (10, "TYPE,CONTENT\n", '"', ""),
    "checklists of TickTick": (0.1, 'List Name,Title,Status,Is Check list,Content\n,a,0,Y,"', "▫\n", '"\n'),
    "blank lines": (10, "TYPE,CONTENT\n", "\n", ""),
    "white space": (10, " ", " ", ""),
    "properties": (2, "BEGIN:VCALENDAR\nBEGIN:VTODO\n", "A:1\n", ""),
    "folded lines": (2, "BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:\n", " a\n", ""),
    "a long line": (10, "BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:", "\\", ""),
    "open parameters": (0.9, "BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY", ';A="', ""),
    "components": (10, "BEGIN:VCALENDAR\n", "BEGIN:A\n", ""),
    "calendars": (10, "", "BEGIN:VCALENDAR\nEND:VCALENDAR\n", ""),
    "impossible rules": (0.9, "BEGIN:VCALENDAR\n", TODO, "END:VCALENDAR\n"),
}
QUICK = ("fewer numbers", "checklists of TickTick")


def costs(kind: str) -> tuple[int, int, str]:
    size, *parts = HOSTILE[kind]
    command = [sys.executable, "-c", MEASURE, str(int(float(size) * 1_000_000)), *map(str, parts)]
    megabytes, seconds, outcome = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split(
        " ", 2
    )
    return int(megabytes), int(seconds), outcome.strip()


@pytest.mark.parametrize(
    "kind", [each if each in QUICK else pytest.param(each, marks=pytest.mark.long) for each in HOSTILE]
)
def test_a_hostile_file_takes_little_memory_and_time(kind: str) -> None:
    megabytes, seconds, outcome = costs(kind)
    assert megabytes <= MAX_MB, outcome
    assert seconds <= MAX_SECONDS, outcome
    assert outcome


BEGINNINGS = st.sampled_from(
    [
        b"",
        b"TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,DATE,DURATION\ntask,",
        b"List Name,Title,Status,Due Date,Repeat,Content,Is Check list\n",
        b"Subject,Due Date,Status,Total Work\n",
        b"BEGIN:VCALENDAR\nBEGIN:VTODO\nDUE:2026",
        b"BEGIN:VCALENDAR\nBEGIN:VTODO\nDTSTART:20261201\nDURATION:",
        b'{"kind":"tasks#tasks","items":[',
        b'{"projects":[],"items":[{"id":1,"content":',
        b'[{"title":"a","tasks":[',
        b'{"@odata.context":"","value":[',
        b"\xff\xfe",
        b"PK\x03\x04",
    ]
)


@given(BEGINNINGS, st.binary(max_size=100) | st.text(max_size=60).map(str.encode))
def test_no_bytes_are_more_than_refused(beginning: bytes, rest: bytes) -> None:
    with suppress(Refusal):
        assert isinstance(imported(beginning + rest), ImportedFile)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(
        ["", "2026-12-01", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "weekly", "every day", "x"]
    ),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["date", "pattern", "type", "id"]), inner)
    ),
    max_leaves=4,
)
FIELDS = st.sampled_from(
    [
        *("title", "content", "due", "priority", "labels", "parent_id", "duration", "deadline", "order", "checked"),
        *("due_date", "start_date", "repeat_after", "repeat_mode", "percent_done", "related_tasks", "position"),
        *("dueDateTime", "startDateTime", "recurrence", "checklistItems", "body", "status", "parent", "completed"),
    ]
)


@given(st.dictionaries(FIELDS, VALUES, max_size=5))
def test_values_of_any_type_are_problems_at_most(values: dict[str, object]) -> None:
    whole = (
        {"projects": [], "items": [{"id": 1, "content": "a"} | values]},
        {"kind": "tasks#tasks", "items": [values]},
        {"@odata.context": "", "value": [values]},
        [{"title": "a", "tasks": [values]}],
        [{"title": "a", "done": False} | values],
    )
    for each in whole:
        file = imported(each)
        assert len(file.tasks) + len(file.problems) + len(file.notes) >= 1
