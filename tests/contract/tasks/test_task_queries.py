"""Filters and sorts: whatever they are, SQL finds what plain Python does."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.postgres.tasks import task_repository
from application.tasks.query import (
    ALL,
    NEWEST,
    And,
    AnyOf,
    Compare,
    Filter,
    HasTag,
    IsSet,
    IsTrue,
    Not,
    Or,
    Sort,
    SortKey,
    TaskQuery,
    Words,
    sort_values,
)
from application.tasks.query.filter import Operator
from application.tasks.query.sort import CURSOR_TYPES
from domain.accounts.account import Caller
from domain.tasks.changes import Change
from domain.tasks.task import Task
from tests.contract.conftest import Store
from tests.fakes import in_order, matches

NOW = datetime(2026, 11, 23, 9, 0, 0, tzinfo=UTC)
ANN = Caller("ann")
TIMES = [NOW + timedelta(days=each) for each in range(3)]
TITLES = ["Buy milk", "buy milk", "Äpfel", "%_\\", "'; DROP TABLE tasks; --", "東京で milk", "Über den uber"]
TEXTS = ["milk", "Buy", "ap", "Ä", "milk bu", "東京", "京で", "drop tasks", "uber", "über", "DEN über", "abc", "o'"]
DAYS = ["2026-11-22", "2026-11-23", "2026-11-24"]
DUES = [None, *DAYS, "2026-11-23T09:00", "2026-11-24T00:30", "2026-11-23T23:30-05:00[America/New_York]"]
KEYS = ["2026-11-23", "2026-11-23T09:00", "2026-11-23T24:00", "2026-11-24"]
TAGS = [[], ["home"], ["Home", "é"], ["it's", "\\"], ["東京"]]
TAG_KEYS = ["home", "e", "it's", "\\", "東京", "none"]
PRIORITIES = [None, "low", "medium", "high"]

NULLABLE = ["deleted_at", "description", "due_key", "due_at", "priority_rank", "list_id", "tags", "start", "deadline"]


def terms(inner: st.SearchStrategy[Filter]) -> st.SearchStrategy[tuple[Filter, ...]]:
    return st.lists(inner, max_size=3).map(tuple)


def compared(fields: list[str], operators: list[Operator], values: Sequence[Any]) -> st.SearchStrategy[Filter]:
    return st.builds(Compare, st.sampled_from(fields), st.sampled_from(operators), st.sampled_from(values))


comparisons = st.one_of(
    compared(["created_at", "updated_at", "deleted_at", "completed_at", "due_at"], ["<", ">="], TIMES),
    compared(["title", "description"], ["="], TITLES),
    compared(["id"], ["<=", ">"], range(15)),
    compared(["due_key", "start", "deadline"], ["<", "<=", ">", ">="], KEYS),
    compared(["priority_rank"], ["=", ">"], range(3)),
    compared(["list_id", "parent_id"], ["="], range(1, 4)),
    st.builds(AnyOf, st.sampled_from(["list_id", "id"]), st.lists(st.integers(1, 9)).map(tuple)),
    st.builds(HasTag, st.sampled_from(TAG_KEYS)),
    st.builds(Words, st.sampled_from(TEXTS)),
)
flags = st.one_of(st.just(IsTrue("completed")), st.sampled_from(NULLABLE).map(IsSet))
filters: st.SearchStrategy[Filter] = st.recursive(
    st.one_of(comparisons, flags),
    lambda inner: st.one_of(inner.map(Not), terms(inner).map(And), terms(inner).map(Or)),
    max_leaves=8,
)
sorts = st.lists(
    st.builds(SortKey, st.sampled_from(sorted({*CURSOR_TYPES} - {"id", "rank"})), st.booleans()),
    max_size=3,
    unique_by=lambda key: key.field,
).flatmap(lambda keys: st.booleans().map(lambda descending: (*keys, SortKey("id", descending))))
ranked = sorts.flatmap(lambda sort: st.booleans().map(lambda descending: (SortKey("rank", descending), *sort)))


def made(number: int) -> Task:
    """Fields whose periods have no common divisor, so that most combinations of their values come up."""
    return Task(
        user_id="ann",
        title=TITLES[number % 7],
        description=TITLES[number % 5] if number % 2 else None,
        completed=number % 3 == 0,
        completed_at=TIMES[number % 2] if number % 3 == 0 else None,
        created_at=TIMES[number % 3],
        updated_at=TIMES[number % 2],
        deleted_at=TIMES[number % 3] if number % 4 == 0 else None,
        list_id=number % 4 or None,
        order_key=f"a{9 - number % 10}" if number % 5 else None,
        priority=PRIORITIES[number % 4],
        tags=TAGS[number % 5],
        start=DAYS[number % 3] if number % 5 == 1 else None,
        due=DUES[number % 7],
        deadline=DAYS[number % 3] if number % 2 else None,
    )


async def filled(store: Store) -> list[Task]:
    await store.add_user("ann")
    await store.add_user("bob")
    tasks = [made(number) for number in range(24)]
    foreign = [Change(None, replace(each, user_id="bob")) for each in tasks[:9]]
    await store.entities.record(Caller("bob"), NOW, foreign)
    return list(await store.entities.record(ANN, NOW, [Change(None, task) for task in tasks]))


@pytest.fixture
async def tasks(store: Store) -> Sequence[Task]:
    return await filled(store)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(filters, sorts)
async def test_a_query_finds_what_plain_python_finds(
    store: Store, tasks: Sequence[Task], which: Filter, sort: Sort
) -> None:
    expected = in_order([task for task in tasks if matches(which, task)], sort)
    assert await store.tasks.find("ann", TaskQuery(which, sort, 50)) == expected
    assert (await store.tasks.count("ann", which)).count == len(expected)
    assert await paged(store, TaskQuery(which, sort, 4)) == expected
    assert await store.tasks.find("ann", TaskQuery(which, sort, 3, offset=2)) == expected[2:5]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(TEXTS), filters, ranked)
async def test_a_search_ranks_as_plain_python_does(
    store: Store, tasks: Sequence[Task], text: str, which: Filter, sort: Sort
) -> None:
    both = And((Words(text), which))
    expected = in_order([task for task in tasks if matches(both, task)], sort, text)
    assert await store.tasks.find("ann", TaskQuery(both, sort, 50, words=text)) == expected
    assert await paged(store, TaskQuery(both, sort, 4, words=text)) == expected


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(filters, sorts)
@pytest.mark.parametrize("most", [0, 10_000])
async def test_words_and_tags_that_many_tasks_have_are_found_too(
    store: Store, tasks: Sequence[Task], most: int, which: Filter, sort: Sort
) -> None:
    """As if the index of words found more than are taken from it."""
    expected = in_order([task for task in tasks if matches(which, task)], sort)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(task_repository, "MAX_TAKEN", 0)
        patched.setattr(task_repository, "MAX_INDEXED", most)
        assert await paged(store, TaskQuery(which, sort, 4)) == expected
        assert (await store.tasks.count("ann", which)).count == len(expected)


async def paged(store: Store, query: TaskQuery) -> list[Task]:
    found: list[Task] = []
    while page := await store.tasks.find("ann", query):
        found += page
        query = replace(query, after=sort_values(page[-1], query.sort, query.words))
    return found


async def test_a_plain_query_is_of_all_outside_the_trash_newest_first(store: Store, tasks: Sequence[Task]) -> None:
    assert TaskQuery() == TaskQuery(ALL, NEWEST, 50)
    found = await store.tasks.find("ann", TaskQuery())
    assert [task.id for task in found] == [task.id for task in reversed(tasks) if not task.deleted_at]
