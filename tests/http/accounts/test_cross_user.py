"""Ann tries to get at Bob's rows: by his address, his numbers, his id in ten spellings, and with a hostile model."""

import json
from typing import Any

import pytest

from application.ports import TextDelta, Usage
from application.tools.table import TOOLS
from domain.chat.messages import ToolCall
from tests.http.conftest import Api

MARK = "bobs-own-words"
FEED = "/api/users/{user_id}/events/stream"
"""It has no end, and begins with nothing of the past."""
SPELLINGS = (
    "user_id",
    "userId",
    "userid",
    "UserID",
    "user-id",
    "user",
    "owner",
    "owner_id",
    "sub",
    "__user_id__",
)
BODIES: dict[str, Any] = {
    "/tasks": {"title": "x"},
    "/tasks/batch": {"operations": [{"op": "delete", "id": 1}]},
    "/lists": {"name": "x"},
    "/views": {"name": "x", "filter": "today"},
    "/chat": {"message": "show my tasks"},
    "/conversations": {"title": "x"},
    "/webhooks": {"url": "https://example.com/hook"},
    "/import": {"version": 1, "tasks": [{"title": "x"}]},
}


class World:
    """Bob has nine tasks, two lists and views, a tag, a conversation with a turn, and a webhook; Ann has nothing."""

    def __init__(self, api: Api, bob: dict[str, str], ids: dict[str, str]) -> None:
        self.api, self.bob, self.ids = api, bob, ids

    def bobs(self) -> str:
        """All his rows, to be compared."""
        rows, his_id = self.api.store.rows, self.ids["user_id"]
        tables = [table for table in vars(rows).values() if isinstance(table, dict)]
        own = [item for table in tables for item in sorted(table.items(), key=str) if his_id in str(item[0])]
        return repr((own, [event for event in rows.events if event.user_id == his_id]))

    async def operations(self) -> list[tuple[str, str]]:
        return [
            (method.upper(), path)
            for path, operations in self.api.paths().items()
            for method in operations
            if "{" in path
        ]


@pytest.fixture
async def world(api: Api) -> World:
    bob = await api.sign_up("bob")
    for _ in range(9):
        await api("POST", "/api/users/me/tasks", json={"title": MARK}, headers=bob)
    for _ in range(2):
        await api("POST", "/api/users/me/lists", json={"name": f"{MARK} {_}"}, headers=bob)
        await api("POST", "/api/users/me/views", json={"name": f"{MARK} {_}", "filter": f"@{MARK}"}, headers=bob)
    await api("PATCH", "/api/tasks/1", json={"tags": [MARK], "list_id": 1}, headers=bob)
    api.model.answers = [[TextDelta("Hello.")]]
    chat = {"message": MARK, "conversation_id": "bobs"}
    await api("POST", "/api/users/me/conversations", json={"id": "bobs", "title": MARK}, headers=bob)
    turn = (await api("POST", "/api/users/me/chat", json=chat, headers=bob)).json()["message_id"]
    hook = (await api("POST", "/api/users/me/webhooks", json=BODIES["/webhooks"], headers=bob)).json()["id"]
    ids = {
        "task_id": "9",
        "reminder_id": "9",
        "list_id": "2",
        "view_id": "2",
        "tag_name": MARK,
        "revision": "9",
        "conversation_id": "bobs",
        "turn_id": turn,
        "message_id": turn,
    }
    me = (await api("GET", "/api/auth/me", headers=bob)).json()["id"]
    return World(api, bob, ids | {"webhook_id": hook, "user_id": me, "asset": "x", "digest": "x", "name": "x"})


def addressed(path: str, ids: dict[str, str]) -> str:
    for name, value in ids.items():
        path = path.replace(f"{{{name}}}", value)
    return path


async def test_every_address_of_another_user_is_forbidden(world: World) -> None:
    before, tried = world.bobs(), 0
    for method, path in await world.operations():
        if "{user_id}" in path:
            answer = await world.api(method, addressed(path, world.ids), json={})
            assert answer.status_code == 403, (method, path)
            assert MARK not in answer.text
            tried += 1
    assert tried > 30
    assert world.bobs() == before


async def test_every_number_and_name_of_another_users_is_like_none(world: World) -> None:
    before = world.bobs()
    for method, path in await world.operations():
        if path == FEED:
            continue
        answer = await world.api(method, addressed(path, world.ids | {"user_id": "me"}), json={"title": "x"})
        assert MARK not in answer.text or "{tag_name}" in path, (method, path)
        unknown = addressed(path, {name: "me" if name == "user_id" else "999" for name in world.ids})
        assert (await world.api(method, unknown, json={"title": "x"})).status_code == answer.status_code, (method, path)
    assert world.bobs() == before


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_a_user_smuggled_into_bodies_and_queries_is_nobody(world: World, spelling: str) -> None:
    before, his_id = world.bobs(), world.ids["user_id"]
    for path, body in BODIES.items():
        world.api.model.answers = [[TextDelta("Hello.")]]
        answer = await world.api("POST", f"/api/users/me{path}", json={**body, spelling: his_id})
        assert MARK not in answer.text
        query = await world.api("POST", f"/api/users/me{path}", json=body, params={spelling: his_id})
        assert MARK not in query.text
    for path in ("tasks", "events", "sync", "conversations", "webhooks", "export", "usage"):
        headers = {f"X-{spelling.strip('_')}": his_id}
        assert (
            MARK
            not in (await world.api("GET", f"/api/users/me/{path}", params={spelling: his_id}, headers=headers)).text
        )
    assert world.bobs() == before


async def test_a_hostile_model_gets_at_nothing_either(world: World) -> None:
    before, his_id = world.bobs(), world.ids["user_id"]
    arguments = [{"task_id": 1}, *({"task_id": 1, spelling: his_id} for spelling in SPELLINGS)]
    for name in [tool.name for tool in TOOLS]:
        calls = [ToolCall("", name, json.dumps(each)) for each in arguments]
        calls.append(ToolCall("", name, json.dumps({"status": "all", "title": "x", "user_id": his_id})))
        world.api.clock.forward(minutes=2)
        world.api.model.answers = [[*calls, Usage(0, 0)], [TextDelta("Done."), Usage(0, 0)]]
        reply = await world.api("POST", "/api/users/me/chat", json={"message": "go", "conversation_id": None})
        assert reply.status_code == 200
        assert len(reply.json()["tool_calls"]) == len(calls)
        assert MARK not in reply.text
    assert world.bobs() == before
