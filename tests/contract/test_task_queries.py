"""Filters and sorts: whatever they are, SQL finds what plain Python does."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from application.tasks.query import (
    ALL,
    NEWEST,
    And,
    Compare,
    Filter,
    IsSet,
    IsTrue,
    Not,
    Or,
    Sort,
    SortKey,
    TaskQuery,
    sort_values,
)
from domain.accounts.account import Caller
from domain.tasks.changes import Change
from domain.tasks.task import Task
from tests.contract.conftest import Store
from tests.fakes import in_order, matches

NOW = datetime(2026, 11, 23, 9, 0, 0, tzinfo=UTC)
ANN = Caller("ann")
TIMES = [NOW + timedelta(days=each) for each in range(3)]
TITLES = ["Buy milk", "buy milk", "Äpfel", "%_\\", "'; DROP TABLE tasks; --"]

TIMED = ["created_at", "updated_at"]


def terms(inner: st.SearchStrategy[Filter]) -> st.SearchStrategy[tuple[Filter, ...]]:
    return st.lists(inner, max_size=3).map(tuple)


comparisons = st.one_of(
    st.builds(Compare, st.sampled_from([*TIMED, "deleted_at"]), st.sampled_from(["<", ">="]), st.sampled_from(TIMES)),
    st.builds(Compare, st.sampled_from(["title", "description"]), st.just("="), st.sampled_from(TITLES)),
    st.builds(Compare, st.just("id"), st.sampled_from(["<=", ">"]), st.integers(0, 14)),
)
flags = st.one_of(st.just(IsTrue("completed")), st.sampled_from(["deleted_at", "description"]).map(IsSet))
filters: st.SearchStrategy[Filter] = st.recursive(
    st.one_of(comparisons, flags),
    lambda inner: st.one_of(inner.map(Not), terms(inner).map(And), terms(inner).map(Or)),
    max_leaves=8,
)
sorts = st.lists(
    st.builds(SortKey, st.sampled_from(["completed", "deleted_at", *TIMED]), st.booleans()), max_size=3
).map(lambda keys: (*keys, SortKey("id", descending=True)))


async def filled(store: Store) -> list[Task]:
    await store.add_user("ann")
    await store.add_user("bob")
    tasks = [
        Task(
            user_id="ann",
            title=TITLES[number % 5],
            description=TITLES[number % 3] if number % 2 else None,
            completed=number % 3 == 0,
            created_at=TIMES[number % 3],
            updated_at=TIMES[number % 2],
            deleted_at=TIMES[number % 3] if number % 4 == 0 else None,
        )
        for number in range(12)
    ]
    await store.entities.record(Caller("bob"), NOW, [Change(None, replace(tasks[0], user_id="bob"))])
    return list(await store.entities.record(ANN, NOW, [Change(None, task) for task in tasks]))


@pytest.fixture
async def tasks(store: Store) -> Sequence[Task]:
    return await filled(store)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(filters, sorts)
async def test_a_query_finds_what_plain_python_finds(
    store: Store, tasks: Sequence[Task], which: Filter, sort: Sort
) -> None:
    expected = in_order([task for task in tasks if matches(which, task)], sort)
    assert await store.tasks.find("ann", TaskQuery(which, sort, 50)) == expected
    assert (await store.tasks.count("ann", which)).count == len(expected)
    assert await paged(store, TaskQuery(which, sort, 4)) == expected


async def paged(store: Store, query: TaskQuery) -> list[Task]:
    found: list[Task] = []
    while page := await store.tasks.find("ann", query):
        found += page
        query = replace(query, after=sort_values(page[-1], query.sort))
    return found


async def test_a_plain_query_is_of_all_outside_the_trash_newest_first(store: Store, tasks: Sequence[Task]) -> None:
    assert TaskQuery() == TaskQuery(ALL, NEWEST, 50)
    found = await store.tasks.find("ann", TaskQuery())
    assert [task.id for task in found] == [task.id for task in reversed(tasks) if not task.deleted_at]
