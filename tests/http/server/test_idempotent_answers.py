"""Every route that keeps results: sent again, its request is answered to the letter as the first time."""

from typing import Any

import pytest

from application.ports import TextDelta
from domain.chat.messages import ToolCall
from tests.http.conftest import Api

ME = "/api/users/me"
ADD = ToolCall("", "add_task", '{"title": "Buy milk"}')
KEY, REPLAYED = {"Idempotency-Key": "k"}, "idempotency-replayed"
BATCH = [{"op": "create", "title": "Ünï ☂"}, {"op": "complete", "id": 1}, {"op": "delete", "id": 1}]
REFUSED = [{"op": "complete", "id": 9}, {"op": "create", "title": " "}, {"op": "update", "id": 1}, BATCH[0]]
EXPORT = {
    "tasks": [
        {"title": "old", "created_at": "2001-02-03T04:05:06.789+02:00", "completed": True},
        {"title": "gone", "deleted_at": "2002-01-01T00:00:00Z", "description": "\u2028"},
    ]
}
OF_TURNS = ("/chat", "/approvals/{approval_id}", "/regenerate", "/messages")
"""Their keys are those of turns."""
CALLS: dict[str, tuple[str, Any]] = {
    "a task": (f"{ME}/tasks", {"title": "Ünï ☂", "description": 'a\n"b"'}),
    "a plain task": (f"{ME}/tasks", {"title": "a"}),
    "a task from text": (f"{ME}/tasks/quick-add", {"text": "Ünï ☂ #Home @x p1 every day at 9 // a"}),
    "restore": (f"{ME}/tasks/1/restore", None),
    "a list": (f"{ME}/lists", {"name": "Ünï", "color": "teal"}),
    "a view": (f"{ME}/views", {"name": "Today", "filter": "(today|overdue)&@x"}),
    "restore a list": (f"{ME}/lists/1/restore", None),
    "restore a view": (f"{ME}/views/1/restore", None),
    "a batch": (f"{ME}/tasks/batch", {"operations": BATCH}),
    "a batch with refusals": (f"{ME}/tasks/batch", {"operations": REFUSED, "atomic": False}),
    "undo": (f"{ME}/events/1/undo", None),
    "undo a turn": (f"{ME}/turns/{{turn_id}}/undo", None),
    "a conversation": (f"{ME}/conversations", {"title": "Groceries"}),
    "a token": (f"{ME}/tokens", {"name": "x"}),
    "a token that lasts": (f"{ME}/tokens", {"name": "x", "scopes": ["tasks:read"], "expires_in_days": None}),
    "a webhook": (f"{ME}/webhooks", {"url": "https://example.com/a"}),
    "resume": (f"{ME}/webhooks/{{webhook_id}}/resume", {"skip": True}),
    "import": (f"{ME}/import", EXPORT),
    "import with bad rows": (f"{ME}/import?on_error=skip", {"tasks": [{"title": ""}, {"title": "b"}]}),
}


@pytest.fixture
async def ids(api: Api) -> dict[str, str]:
    """Of what the routes are called on: task 1 is there, as is a turn that changed something, and a webhook."""
    await api("POST", f"{ME}/tasks", json={"title": "first"})
    await api("POST", f"{ME}/lists", json={"name": "first"})
    await api("POST", f"{ME}/views", json={"name": "first", "filter": "today"})
    hook = await api("POST", f"{ME}/webhooks", json={"url": "https://example.com/hook"})
    api.model.answers = [[ADD], [TextDelta("Added.")]]
    turn = await api("POST", f"{ME}/chat", json={"message": "add a task"})
    return {"webhook_id": hook.json()["id"], "turn_id": turn.json()["message_id"]}


@pytest.mark.parametrize("name", CALLS)
async def test_it_is_answered_to_the_letter_as_the_first_time(api: Api, ids: dict[str, str], name: str) -> None:
    path, body = CALLS[name]
    first = await api("POST", path.format(**ids), json=body, headers=KEY)
    rows = api.store.rows.copy()
    api.clock.forward(hours=1)
    again = await api("POST", path.format(**ids), json=body, headers=KEY)
    assert first.is_success
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["content-type"] == first.headers["content-type"]
    assert (first.headers.get(REPLAYED), again.headers.get(REPLAYED)) == (None, "true")
    assert (api.store.rows.events, api.store.rows.receipts) == (rows.events, rows.receipts)


async def test_every_route_that_takes_a_key_is_among_them(api: Api) -> None:
    paths = (await api("GET", "/openapi.json")).json()["paths"]
    keyed = {path for path, each in paths.items() if "Idempotency-Key" in str(each.get("post", {}).get("parameters"))}
    called = {path.split("?")[0].replace("/me/", "/{user_id}/") for path, _ in CALLS.values()}
    numbers = {"tasks": "task_id", "lists": "list_id", "views": "view_id", "events": "revision"}
    for thing, name in numbers.items():
        called = {path.replace(f"/{thing}/1/", f"/{thing}/{{{name}}}/") for path in called}
    own = {path for path in keyed if path.startswith("/api/users/")}
    assert {path for path in own if not path.endswith(OF_TURNS)} == called
