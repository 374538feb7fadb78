from typing import Any

import pytest

from domain.accounts.account import Caller
from domain.tasks.changes import Change
from domain.tasks.task_list import TaskList
from tests.fakes import FakeEntities
from tests.http.conftest import Api

TASKS, ANN = "/api/users/me/tasks", Caller("id-1")
"""The clock says Monday, 2026-11-23, 9:00 in UTC."""
MADE: list[dict[str, Any]] = [
    {"title": "Pay rent", "due": "2026-11-23", "list_id": 1, "priority": "high", "tags": ["Money"]},
    {"title": "Paint the fence", "due": "2026-11-22", "list_id": 1, "description": "two coats"},
    {"title": "Call Zoë", "due": "2026-11-24T10:00", "tags": ["money", "calls"], "priority": "low"},
    {"title": "Old papers", "list_id": 2, "start": "2026-11-20"},
    {"title": "Fence posts", "parent_id": 2, "deadline": "2026-12-05"},
    {"title": "Read", "start": "2026-11-23"},
    {"title": "Fly", "due": "2026-11-23T22:30-05:00[America/New_York]", "priority": "medium"},
]


@pytest.fixture
async def filled(api: Api) -> Api:
    now = api.clock()
    lists = [
        Change(None, TaskList(user_id="id-1", name=name, created_at=now, updated_at=now, archived=archived))
        for name, archived in (("Home stuff", False), ("Büro", True))
    ]
    async with api.store() as work:
        await FakeEntities(api.store).record(ANN, now, lists)
        await work.commit()
    for task in MADE:
        assert (await api("POST", TASKS, json=task)).status_code == 201
    await api("PATCH", "/api/tasks/6/complete")
    return api


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [7, 6, 5, 4, 3, 2, 1]),
        ("list=1", [5, 2, 1]),
        ("list=2", [4]),
        ("list=inbox", [7, 6, 3]),
        ("list=inbox&status=pending", [7, 3]),
        ("parent=2", [5]),
        ("parent=none&list=1", [2, 1]),
        ("tag=MONEY", [3, 1]),
        ("tag=money&tag=calls", [3]),
        ("tag=unknown", []),
        ("priority=high", [1]),
        ("priority=none", [6, 5, 4, 2]),
        ("due_before=2026-11-23", [2]),
        ("due_after=2026-11-23", [7, 3]),
        ("due_before=2026-11-25&due_after=2026-11-22", [7, 3, 1]),
        ("q=fence", [5, 2]),
        ("q=FENCE pai", [2]),
        ("q=coats", [2]),
        ("q=zoe", [3]),
        ("filter=today", [1]),
        ("filter=today | overdue", [2, 1]),
        ("filter=tomorrow", [7, 3]),
        ("filter=upcoming", [7, 3]),
        ("filter=next 2 days", [7, 3, 1]),
        ("filter=no date", [5]),
        ("filter=no date&status=all", [6, 5]),
        ("filter=#home STUFF", [5, 2, 1]),
        ("filter=#buro", [4]),
        ("filter=inbox", [7, 3]),
        ("filter=@money %26 !p1", [3]),
        ("filter=p4", [5, 2]),
        ("filter=no tags %26 inbox", [7]),
        ("filter=done", [6]),
        ("filter=done | p1", [6, 1]),
        ("filter=subtask", [5]),
        ("filter=recurring", []),
        ("filter=deadline before: 2026-12-06", [5]),
        ("filter=due: tomorrow", [7, 3]),
        ("filter=due after: today", [7, 3]),
        ("filter=completed: today", [6]),
        ("filter=created: today %26 p1", [1]),
        ("filter=start: 2026-11-20", []),
        ("filter=start: 2026-11-20&list=2", [4]),
        ('filter=search: "fence" %26 #Home stuff', [5, 2]),
        ("filter=p1&q=rent&tag=money&list=1&priority=high&due_before=2026-11-24&status=pending", [1]),
        ("sort=created", [1, 2, 3, 4, 5, 6, 7]),
        ("sort=due", [2, 7, 1, 3, 4, 5, 6]),
        ("sort=-due", [3, 1, 7, 2, 6, 5, 4]),
        ("sort=priority", [3, 7, 1, 2, 4, 5, 6]),
        ("sort=-priority", [1, 7, 3, 6, 5, 4, 2]),
        ("sort=-priority,due", [1, 7, 3, 2, 4, 5, 6]),
        ("sort=title", [3, 5, 7, 4, 2, 1, 6]),
        ("sort=deadline", [5, 1, 2, 3, 4, 6, 7]),
        ("sort=completed", [6, 1, 2, 3, 4, 5, 7]),
        ("sort=position&list=1", [1, 2, 5]),
        ("sort=-position&list=inbox", [7, 6, 3]),
        ("q=fence&sort=relevance", [5, 2]),
        ("q=fence&sort=-relevance", [2, 5]),
    ],
)
async def test_a_search_finds(filled: Api, query: str, found: list[int]) -> None:
    page = (await filled("GET", f"{TASKS}?{query.replace('#', '%23')}")).json()
    assert [task["id"] for task in page["tasks"]] == found
    assert (page["total"], page["total_exact"], page["next_cursor"]) == (len(found), True, None)


@pytest.mark.parametrize(
    "query", ["sort=due", "sort=-priority,due", "sort=position", "filter=no date | p1 | upcoming", "q=e&sort=title", ""]
)
async def test_pages_by_cursor_have_each_task_once(filled: Api, query: str) -> None:
    whole = (await filled("GET", f"{TASKS}?{query}")).json()
    found: list[int] = []
    cursor = ""
    while cursor is not None:
        page = (await filled("GET", f"{TASKS}?{query}&limit=2{cursor and f'&cursor={cursor}'}")).json()
        found += [task["id"] for task in page["tasks"]]
        cursor = page["next_cursor"]
    assert found == [task["id"] for task in whole["tasks"]]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("status=open", "status"),
        ("list=0", "list"),
        ("list=work", "list"),
        ("list=1.0", "list"),
        ("list=9", "list"),
        ("list=%D9%A1", "list"),
        ("list=9007199254740993", "list"),
        ("parent=inbox", "parent"),
        ("parent=-1", "parent"),
        ("tag=", "tag"),
        ("tag=%20", "tag"),
        (f"tag={'x' * 51}", "tag"),
        ("&".join(f"tag={number}" for number in range(21)), "tag"),
        ("tag=a%00b", "tag"),
        ("priority=p1", "priority"),
        ("priority=", "priority"),
        ("due_before=tomorrow", "due_before"),
        ("due_before=2026-02-30", "due_before"),
        ("due_after=2026-12-01T09:00", "due_after"),
        ("due_after=1900-01-01", "due_after"),
        ("q=", "q"),
        ("q=%20", "q"),
        ("q=!!!", "q"),
        ("q=a%00b", "q"),
        (f"q={'x' * 501}", "q"),
        ("filter=", "filter"),
        ("filter=tody", "filter"),
        ("filter=today, p1", "filter"),
        ("filter=%23Nowhere", "filter"),
        ("filter=due: 2026-02-30", "filter"),
        ("filter=due: every day", "filter"),
        ("filter=due: someday", "filter"),
        (f"filter={'(' * 21}today{')' * 21}", "filter"),
        (f"filter=search: {'x' * 1000}", "filter"),
        ("sort=", "sort"),
        ("sort=name", "sort"),
        ("sort=due_key", "sort"),
        ("sort=due,", "sort"),
        ("sort=due,-due", "sort"),
        ("sort=--due", "sort"),
        ("sort=relevance", "sort"),
        ("sort=relevance&filter=search: a", "sort"),
        ("sort=due&cursor=3", "cursor"),
        ("sort=due&cursor=abc", "cursor"),
        ("q=a&offset=3&cursor=3", "offset"),
        ("q=a&limit=0", "limit"),
        ("filter=p1&limit=101", "limit"),
    ],
)
async def test_a_bad_parameter_is_refused_by_name(filled: Api, query: str, field: str) -> None:
    answer = await filled("GET", f"{TASKS}?{query.replace('#', '%23')}")
    assert answer.status_code == 400, answer.text
    assert [each["field"] for each in answer.json()["detail"]["fields"]] == [field]


@pytest.mark.parametrize(
    ("first", "then", "reason"),
    [
        ("sort=due", "sort=-due", "sort"),
        ("sort=due", "", "sort"),
        ("", "sort=due", "sort"),
        ("q=f", "q=p", "filter"),
        ("q=f", "", "filter"),
        ("", "q=f", "filter"),
        ("filter=p4", "filter=p4%26p4", "filter"),
    ],
)
async def test_a_cursor_of_another_search_is_refused(filled: Api, first: str, then: str, reason: str) -> None:
    cursor = (await filled("GET", f"{TASKS}?{first}&limit=1")).json()["next_cursor"]
    answer = await filled("GET", f"{TASKS}?{then}&cursor={cursor}")
    assert answer.status_code == 400
    assert f"cursor: is that of another {reason}" in answer.json()["detail"]["message"]


async def test_a_list_that_does_not_exist_is_refused_where_it_stands(filled: Api) -> None:
    detail = (await filled("GET", TASKS, params={"filter": "p1 & #Home stof"})).json()["detail"]
    assert (detail["position"], detail["expected"], detail["example"]) == (
        5,
        "the name of one of your lists",
        "#Home stuff",
    )


async def test_the_trash_is_found_by_its_filter_alone(filled: Api) -> None:
    await filled("DELETE", "/api/tasks/3")
    found = {
        query: [task["id"] for task in (await filled("GET", TASKS, params={"filter": query})).json()["tasks"]]
        for query in ("trash", "trash & p3", "p3", "trash | p1", "done | p3")
    }
    assert found == {"trash": [3], "trash & p3": [3], "p3": [], "trash | p1": [3, 1], "done | p3": [6]}


async def test_days_are_those_of_the_account(filled: Api) -> None:
    await filled("PATCH", "/api/auth/me", json={"timezone": "America/New_York"})
    page = (await filled("GET", f"{TASKS}?filter=today")).json()
    assert [task["id"] for task in page["tasks"]] == [7, 1]
