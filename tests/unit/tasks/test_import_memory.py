"""What a hostile file costs before it is refused: memory in a process of its own, and that it is refused at all."""

import subprocess
import sys
from collections.abc import Iterable
from typing import Any

import pytest

SIZE = 10_000_000
MAX_MB = 60
MEASURE = """
import resource, sys
from datetime import UTC, datetime
from application.tasks.imports.reading import OnError, Reader, SentFile, read_file
from domain.errors import Refusal
from domain.tasks.dates.calendar import UTC_CALENDAR

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

def read(body):
    reader = Reader("ann", datetime(2026, 11, 28, tzinfo=UTC), UTC_CALENDAR)
    return read_file(SentFile(body, "application/json" if body[:1] == b"{" else "text/csv"), reader, OnError.REFUSE)

read(b'{"tasks": [{"title": "a", "due": "2026-12-01"}]}'), read(b"TYPE,CONTENT,DATE\\ntask,a,every day")
size, times = int(sys.argv[1]), int(sys.argv[2])
head, repeated, tail = (part.encode() for part in sys.argv[3:])
body = head + repeated * (times or (size - len(head) - len(tail)) // len(repeated)) + tail
before = peak()
try:
    outcome = f"read {len(read(body).tasks)}"
except Refusal as refusal:
    outcome = refusal.message
print(int(peak() - before), outcome)
"""
HOSTILE = {
    "objects in a list": ('{"tasks":[[', "{},", "{}]]}"),
    "lists in a list": ('{"tasks":[[', "[],", "[]]]}"),
    "entries": ('{"tasks":[', "{},", "{}]}"),
    "entries with a field": ('{"tasks":[', '{"a":1},', "{}]}"),
    "lists": ('{"tasks":[],"lists":[', '{"name":"a"},', "{}]}"),
    "views": ('{"tasks":[],"views":[', "{},", "{}]}"),
    "numbers": ('{"tasks":[', "1234567,", "1]}"),
    "fractions in a list": ('{"tasks":[[', "0.5,", "1]]}"),
    "empty strings": ('{"tasks":[', '"",', '""]}'),
    "strings in a list": ('{"tasks":[["', 'ab","', '"]]}'),
    "names": ('{"tasks":[{', '"a":1,', '"a":1}]}'),
    "names beside the tasks": ('{"tasks":[],', '"a":1,', '"a":1}'),
    "strings that escape their ends": ('{"tasks":[["', '\\\\","\\"', '"]]}'),
    "without commas, deep": ('{"tasks":', "[", ""),
    "objects, deep": ('{"tasks":', '{"a":', ""),
    "nothing, wide": ('{"tasks":[', " ", "]}"),
    "quotes": ('{"tasks":[', '"', "]}"),
    "columns": ("TYPE,CONTENT", ",ab", ""),
    "columns in quotes": ("TYPE,CONTENT", ',"ab"', ""),
    "columns and records": ("TYPE,CONTENT\n", ",", ""),
}
TASK = '{"title":"Water the plants","due":"2026-12-01","recurrence":"FREQ=WEEKLY;BYDAY=TU","tags":["home","green"]}'
ITEM = '{"id":"1","content":"Water the plants","labels":["home"],"due":{"date":"2026-12-01"}}'
TODO = "BEGIN:VTODO\nSUMMARY:Water the plants\nDUE:20261201\nRRULE:FREQ=WEEKLY\nEND:VTODO\n"
GOOGLE = '{"title":"Water the plants","notes":"all of them","due":"2026-12-01T00:00:00Z"}'
LARGEST = {
    "tasktalk": ('{"tasks":[' + TASK, f",{TASK}", "]}"),
    "Todoist CSV": ("TYPE,CONTENT,DATE\n", "task,Water the plants @home,every tuesday\n", ""),
    "Todoist JSON": ('{"projects":[],"items":[' + ITEM, f",{ITEM}", "]}"),
    "TickTick": ("List Name,Title,Status,Due Date\n", "Home,Water the plants,0,2026-12-01T00:00:00+0000\n", ""),
    "Microsoft": (
        '{"@odata.context":"","value":[{"title":"a"}',
        ',{"title":"Water the plants","importance":"high"}',
        "]}",
    ),
    "Google": ('{"kind":"tasks#tasks","items":[' + GOOGLE, f",{GOOGLE}", "]}"),
    "Vikunja": ('[{"title":"Home","tasks":[{"title":"a"}', ',{"title":"Water the plants","done":false}', "]}]"),
    "iCalendar": ("BEGIN:VCALENDAR\n", TODO, "END:VCALENDAR\n"),
}
MOST = 9_999
QUICK = {"objects in a list", "without commas, deep", "columns in quotes", "tasktalk", "Todoist CSV", "iCalendar"}
"""One of each way to read; the others are long, as each is a process of its own."""


def quick_first(kinds: Iterable[str]) -> list[Any]:
    return [each if each in QUICK else pytest.param(each, marks=pytest.mark.long) for each in kinds]


def costs(times: int, parts: tuple[str, ...]) -> tuple[int, str]:
    command = [sys.executable, "-c", MEASURE, str(SIZE), str(times), *parts]
    took, outcome = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split(" ", 1)
    return int(took), outcome.strip()


@pytest.mark.parametrize("kind", quick_first(HOSTILE))
def test_a_hostile_file_takes_no_more_memory_than_a_few_times_its_size(kind: str) -> None:
    took, outcome = costs(0, HOSTILE[kind])
    assert (took <= MAX_MB, outcome != "") == (True, True), f"{took} MB: {outcome}"


@pytest.mark.parametrize("kind", quick_first(LARGEST))
def test_as_many_tasks_as_there_may_be_take_little_memory(kind: str) -> None:
    took, outcome = costs(MOST, LARGEST[kind])
    assert outcome in (f"read {MOST}", f"read {MOST + 1}")
    assert took <= MAX_MB


def test_text_may_hold_what_would_be_too_many_values() -> None:
    _, outcome = costs(0, ('{"tasks":[{"title":"a","description":"', ',\\"[{}],', '"}]}'))
    assert "10000 tasks" not in outcome
