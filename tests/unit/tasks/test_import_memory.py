"""What a hostile file costs before it is refused: memory in a process of its own, and that it is refused at all."""

import subprocess
import sys

import pytest

SIZE = 10_000_000
MAX_MB = 60
MEASURE = """
import resource, sys
from adapters.http.api.tasks.import_files import read_json, read_todoist
from domain.errors import Invalid

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

read_json(b'{"tasks": [{"title": "a"}]}'), read_todoist(b"TYPE,CONTENT\\ntask,a")
head, repeated, tail = (part.encode() for part in sys.argv[2:])
body = head + repeated * ((int(sys.argv[1]) - len(head) - len(tail)) // len(repeated)) + tail
before = peak()
try:
    (read_json if head[:1] == b"{" else read_todoist)(body)
    outcome = "read"
except Invalid as refusal:
    outcome = refusal.message
print(int(peak() - before), outcome)
"""
HOSTILE = {
    "objects in a list": ('{"tasks":[[', "{},", "{}]]}"),
    "lists in a list": ('{"tasks":[[', "[],", "[]]]}"),
    "entries": ('{"tasks":[', "{},", "{}]}"),
    "entries with a field": ('{"tasks":[', '{"a":1},', "{}]}"),
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


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_takes_no_more_memory_than_a_few_times_its_size(kind: str) -> None:
    command = [sys.executable, "-c", MEASURE, str(SIZE), *HOSTILE[kind]]
    took, outcome = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split(" ", 1)
    assert (int(took) <= MAX_MB, outcome.strip() != "") == (True, True), f"{took} MB: {outcome}"


def test_text_may_hold_what_would_be_too_many_values() -> None:
    command = [sys.executable, "-c", MEASURE, str(SIZE), '{"tasks":[{"title":"a","description":"', ',\\"[{}],', '"}]}']
    _, outcome = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split(" ", 1)
    assert "10000 tasks" not in outcome
