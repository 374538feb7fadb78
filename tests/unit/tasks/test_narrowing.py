"""What is left of a filter for tasks with a due date, and without one."""

from application.tasks.query import And, Compare, Filter, IsSet, IsTrue, Not, Or
from application.tasks.query.narrowing import EVERYTHING, NOTHING, assuming, bounds

EARLY, LATE = Compare("due_key", "<", "2026-12-01"), Compare("due_key", "<", "2026-12-09")
DONE = IsTrue("completed")
UNDATED = And((Not(IsSet("due_key")), DONE))


def left(which: Filter, *, is_set: bool) -> Filter:
    return assuming(which, "due_key", is_set=is_set)


def test_what_no_task_can_meet_is_left_out() -> None:
    assert left(Or((EARLY, UNDATED)), is_set=True) == EARLY
    assert left(Or((EARLY, UNDATED)), is_set=False) == And((DONE,))


def test_what_all_tasks_meet_is_left_out() -> None:
    assert left(Or((DONE, IsSet("due_key"))), is_set=True) == EVERYTHING
    assert left(And((DONE, Not(EARLY))), is_set=False) == And((DONE,))


def test_nothing_is_left_of_a_date_for_tasks_without_one() -> None:
    assert left(And((DONE, EARLY)), is_set=False) == NOTHING


def test_alternatives_have_the_widest_bounds() -> None:
    assert [*bounds(Or((EARLY, And((DONE, LATE)))), "due_key")] == [Compare("due_key", "<=", "2026-12-09")]


def test_conditions_have_the_narrowest_bounds() -> None:
    first = Compare("due_key", ">=", "2026-11-01")
    assert [*bounds(And((EARLY, LATE, first)), "due_key")] == [
        Compare("due_key", "<=", "2026-12-01"),
        Compare("due_key", ">=", "2026-11-01"),
    ]


def test_an_alternative_without_a_bound_has_none() -> None:
    assert [*bounds(Or((EARLY, DONE)), "due_key")] == []
    assert [*bounds(Not(EARLY), "due_key")] == []
