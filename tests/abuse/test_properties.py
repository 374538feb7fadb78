"""What must hold for whatever is sent, over HTTP on PostgreSQL: searched by hypothesis."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.text import is_visible
from tests.abuse.addresses import address
from tests.abuse.conftest import Opened, World, assert_is_told_properly

pytestmark = pytest.mark.long

TASKS = "/api/users/me/tasks"
FOUND = settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
SETTABLE = ("title", "description", "completed")

names = itertools.count(1)
letters = st.characters(codec="utf-8", exclude_categories=["Cc"])
words = st.text(letters, min_size=1, max_size=30).filter(is_visible)
patches = st.fixed_dictionaries(
    {}, optional={"title": words, "description": st.none() | words, "completed": st.booleans()}
).filter(bool)
any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


async def a_user(world: World) -> str:
    name = f"user{next(names)}"
    await world.sign_up(name)
    return name


@FOUND
@given(st.lists(patches, min_size=1, max_size=6))
async def test_a_merge_patch_never_touches_an_absent_field(opened: Opened, merged: list[dict[str, Any]]) -> None:
    async with opened() as world:
        task = (await world("POST", TASKS, json={"title": "first", "description": "as it was"})).json()
        for patch in merged:
            answer = await world("PATCH", f"/api/tasks/{task['id']}", json=patch)
            after = answer.json() if answer.status_code == 200 else await unchanged(world, task)
            given = patch if answer.status_code == 200 else {}
            assert {name: after[name] for name in SETTABLE if name not in given} == {
                name: task[name] for name in SETTABLE if name not in given
            }
            assert given.get("description", "") is not None or after["description"] is None, "null clears"
            assert after["completed"] == given.get("completed", task["completed"])
            task = after


async def unchanged(world: World, task: dict[str, Any]) -> dict[str, Any]:
    """A letter that no title may have."""
    now: dict[str, Any] = (await world("GET", f"/api/tasks/{task['id']}")).json()
    assert now == task
    return now


@FOUND
@given(
    st.integers(0, 12),
    st.integers(1, 5),
    st.lists(st.sampled_from(["add", "delete", "complete", "restore", "nothing"]), min_size=12, max_size=12),
)
async def test_pages_neither_skip_nor_repeat_while_others_write(
    opened: Opened, tasks: int, limit: int, meanwhile: list[str]
) -> None:
    """Whatever was there before the first page and is there after the last is seen once, and nothing twice."""
    async with opened() as world:
        user = await a_user(world)
        for number in range(tasks):
            await world("POST", TASKS, user, json={"title": f"task {number}"})
        before, deleted, seen, cursor, writes = set(range(1, tasks + 1)), set[int](), list[int](), "", iter(meanwhile)
        while cursor is not None:
            params = {"limit": limit, **({"cursor": cursor} if cursor else {})}
            page = (await world("GET", TASKS, user, params=params)).json()
            seen += [task["id"] for task in page["tasks"]]
            cursor = page["next_cursor"]
            deleted |= await written(world, user, writes, tasks)
        assert len(seen) == len(set(seen)), "nothing is repeated"
        assert seen == sorted(seen, reverse=True)
        assert before - deleted <= set(seen) <= before | set(range(tasks + 1, tasks + 13)), "nothing is skipped"


async def written(world: World, user: str, writes: Iterator[str], tasks: int) -> set[int]:
    """The number that was perhaps deleted."""
    number = tasks // 2 + 1
    match next(writes, "nothing"):
        case "add":
            await world("POST", TASKS, user, json={"title": "meanwhile"})
        case "delete":
            await world("DELETE", f"/api/tasks/{number}", user)
            return {number}
        case "complete":
            await world("PATCH", f"/api/tasks/{number}/complete", user)
        case "restore":
            await world("POST", f"/api/tasks/{number}/restore", user)
    return set()


@FOUND
@given(any_json, st.dictionaries(st.sampled_from(["limit", "cursor", "after", "token", "status"]), st.text(max_size=9)))
async def test_every_error_has_the_envelope_whatever_is_sent(opened: Opened, body: Any, query: dict[str, str]) -> None:
    async with opened() as world:
        for method, path in world.operations():
            if path.endswith("/stream") or "signout" in path:
                continue
            sendable = {name: text.encode("utf-8", "replace").decode() for name, text in query.items()}
            assert_is_told_properly(await world(method, address(path), json=in_ascii(body), params=sendable))


def in_ascii(body: Any) -> Any:
    """httpx writes JSON in UTF-8, which knows no lone surrogates; the torture sends those."""
    match body:
        case str():
            return body.encode("utf-8", "replace").decode()
        case list():
            return [in_ascii(each) for each in body]
        case dict():
            return {in_ascii(name): in_ascii(each) for name, each in body.items()}
    return body
