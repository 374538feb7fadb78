"""What breaks a rule of tasks comes in otherwise, and is told."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.tasks.files.building.finishing import MAX_TAGS
from application.tasks.files.building.list_names import MAX_LISTS
from application.tasks.files.building.remarks import MAX_KINDS, MAX_NOTES, Remarks
from application.tasks.files.building.rules import MAX_REFUSED
from application.tasks.files.imported import ImportedFile, ImportedTask
from application.tasks.files.limits import MAX_IMPORTED_TASKS
from domain.errors import Invalid
from domain.tasks.fields import MAX_DESCRIPTION_LENGTH, MAX_TITLE_LENGTH
from tests.unit.tasks.import_files.importing import imported, messages, tree


def items(*rows: dict[str, Any]) -> ImportedFile:
    """Reads rows as Todoist's API writes them, which is the format with the fewest rules of its own."""
    filled = [{"id": str(place), "content": f"t{place}"} | row for place, row in enumerate(rows, 1)]
    return imported({"items": filled, "projects": [{"id": 1, "name": "A"}, {"id": 2, "name": "B"}]})


def chain(length: int) -> list[dict[str, Any]]:
    """Returns tasks of which each is below the one before it."""
    keys = [f"k{place}" for place in range(length)]
    return [{"id": key, "content": key, "parent_id": above} for key, above in zip(keys, [None, *keys], strict=False)]


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
def test_a_long_title_is_cut_at_a_word_and_is_whole_in_the_description(title: str, cut: str) -> None:
    file = items({"content": title, "description": "more"})
    assert (file.tasks[0].title, file.tasks[0].description) == (cut, f"{title.strip()}\n\nmore")
    assert len(cut) <= MAX_TITLE_LENGTH
    assert messages(file) == ["1: title: is longer than 500 characters; the whole of it begins the description"]


def test_a_description_that_is_too_long_is_cut_and_told() -> None:
    file = items({"description": "x" * (MAX_DESCRIPTION_LENGTH + 5)})
    assert file.tasks[0].description == "x" * MAX_DESCRIPTION_LENGTH
    assert messages(file) == ["1: description: is longer than 16000 characters; its last 5 are left out"]


def test_an_invisible_title_gives_way_to_the_description() -> None:
    file = items({"content": "\u200b", "description": "call\nann"}, {"content": " "})
    assert [(each.title, each.description) for each in file.tasks] == [("call", "ann"), ("(no title)", None)]


def test_characters_that_cannot_be_stored_are_left_out_and_told() -> None:
    file = items({"content": "a\u0000b", "description": "\u0000", "labels": ["x\u0000y"]})
    (task,) = file.tasks
    assert (task.title, task.description, task.tags) == ("ab", None, ["xy"])
    assert [message.split(":")[1] for message in messages(file)] == [" title", " description"]


def test_twenty_tags_are_kept_and_others_are_in_the_description() -> None:
    long = "y" * 51
    file = items({"labels": ["a", "Ä", "á", "A", long, " ", *map(str, range(30))]})
    (task,) = file.tasks
    assert task.tags == ["a", *map(str, range(MAX_TAGS - 1))]
    assert task.description is not None
    assert task.description.startswith(f"Further tags: {long}, 19, 20")
    assert len(messages(file)) == 1


def test_deeper_subtasks_are_on_the_third_level() -> None:
    file = items(*chain(7))
    assert tree(file) == [("k0", None), ("k1", "k0"), ("k2", "k1"), *((f"k{level}", "k2") for level in range(3, 7))]
    assert [each.line for each in file.notes] == [5, 6, 7]


@pytest.mark.parametrize(
    ("parents", "expected"),
    [
        (["1"], [None]),
        (["2", "1"], ["t2", None]),
        (["2", "3", "1"], ["t2", "t3", None]),
        (["2", "3", "2"], ["t2", "t3", None]),
        (["9"], [None]),
    ],
)
def test_cycles_are_cut_once_and_absent_parents_are_told(parents: list[str], expected: list[str | None]) -> None:
    file = items(*({"parent_id": parent} for parent in parents))
    assert [parent for _, parent in tree(file)] == expected
    assert len(file.notes) == 1


def test_a_long_chain_in_any_order_takes_no_time() -> None:
    rows = chain(MAX_IMPORTED_TASKS)
    random.Random(1).shuffle(rows)
    file = items(*rows)
    assert len(file.notes) == MAX_IMPORTED_TASKS - 4


def test_a_subtask_is_in_the_list_of_its_parent() -> None:
    file = items({"project_id": 1}, {"parent_id": "1", "project_id": 2}, {"parent_id": "2"})
    assert [each.list for each in file.tasks] == ["A", "A", "A"]
    assert messages(file) == [
        "2: is in A, the list of its parent; in the file it is in B",
        "3: is in A, the list of its parent; in the file it is in the inbox",
    ]


def test_a_rule_below_a_rule_is_in_the_description() -> None:
    due = {"date": "2026-12-01", "string": "every day", "lang": "en", "is_recurring": True}
    file = items({"due": due}, {"parent_id": "1"}, {"parent_id": "2", "due": due, "description": "a"})
    assert [each.recurrence for each in file.tasks] == ["FREQ=DAILY", None, None]
    assert file.tasks[2].description == "a\n\nRepeats: FREQ=DAILY"
    assert len(file.notes) == 1


def calendar(*rules: str) -> ImportedFile:
    todos = (f"BEGIN:VTODO\nSUMMARY:a\nDUE:20261201\nRRULE:{rule}\nEND:VTODO\n" for rule in rules)
    return imported(f"BEGIN:VCALENDAR\n{''.join(todos)}END:VCALENDAR\n")


def test_rules_that_no_task_may_have_spoil_no_other() -> None:
    hourly = [f"FREQ=HOURLY;INTERVAL={number}" for number in range(1, 200)]
    assert calendar(*hourly, "FREQ=DAILY").tasks[-1].recurrence == "FREQ=DAILY"


def test_after_very_many_impossible_rules_no_other_is_tried() -> None:
    never = [f"FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1;INTERVAL={number}" for number in range(1, MAX_REFUSED + 1)]
    assert calendar(*never[1:], "FREQ=DAILY").tasks[-1].recurrence == "FREQ=DAILY"
    last = calendar(*never, "FREQ=DAILY").tasks[-1]
    assert (last.recurrence, last.description) == (None, "Repeats: FREQ=DAILY")


def test_two_tasks_of_one_id_are_two_tasks() -> None:
    file = items({"id": "1"}, {"id": "1"}, {"parent_id": "1"})
    assert tree(file) == [("t1", None), ("t2", None), ("t3", "t1")]
    assert len(file.notes) == 1


def test_more_lists_than_a_user_may_have_are_the_inbox() -> None:
    projects = [{"id": place, "name": f"L{place}"} for place in range(MAX_LISTS + 1)]
    file = imported({"items": [{"id": 1, "content": "a", "project_id": MAX_LISTS}], "projects": projects})
    assert (len(file.lists), file.tasks[0].list) == (MAX_LISTS, None)
    assert messages(file) == ["0: list L500: is beyond 500 lists, so its tasks are in the inbox"]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Büro", "buro"], ["Büro", "buro (2)"]),
        (["x" * 121], ["x" * 119 + "…"]),
        (["a\u0000\nb"], ["a b"]),
        (["INBOX", " "], []),
        (["y" * 120, "y" * 120], ["y" * 120, "y" * 114 + " (2)"]),
    ],
)
def test_lists_have_names_of_their_own(names: list[str], expected: list[str]) -> None:
    projects = [{"id": place, "name": name} for place, name in enumerate(names)]
    assert [each.name for each in imported({"items": [], "projects": projects}).lists] == expected


def test_very_many_remarks_are_counted() -> None:
    remarks = Remarks()
    for line in range(MAX_NOTES + 2):
        remarks.note(line, "x")
        remarks.count(line, f"field {line}")
    notes = remarks.notes()
    assert len(notes) == MAX_KINDS + 1 + MAX_NOTES + 1
    assert notes[-1].message == "2 further notes are left out"
    assert (
        notes[MAX_KINDS].message == f"further fields: is not kept, {MAX_NOTES + 2 - MAX_KINDS} times from this line on"
    )


def test_too_many_tasks_are_refused() -> None:
    with pytest.raises(Invalid, match="at most 10000 tasks"):
        items(*({} for _ in range(MAX_IMPORTED_TASKS + 1)))


KEYS = st.sampled_from([None, *"12345678"])


@given(st.lists(st.tuples(KEYS, st.sampled_from([None, 1, 2])), max_size=8))
def test_nesting_keeps_the_rules_whatever_the_file_says(rows: list[tuple[str | None, int | None]]) -> None:
    file = items(*({"parent_id": parent, "project_id": project} for parent, project in rows))
    by_key = {each.key: each for each in file.tasks}
    assert len(by_key) == len(rows)

    def above(task: ImportedTask) -> list[ImportedTask]:
        return [] if task.parent is None else [by_key[task.parent], *above(by_key[task.parent])]

    for task in file.tasks:
        assert len(above(task)) <= 3
        assert all(each.list == task.list for each in above(task))
