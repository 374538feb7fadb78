"""The tools as an MCP client has them."""

import json
import logging
import re
from typing import Any

import jsonschema
import pytest

from domain.errors import Unavailable
from tests.http.conftest import Api
from tests.mcp.conftest import MODERN, Mcp

MAX_DEFINITION_TOKENS = 3_000
MAX_DEFINITION_CHARACTERS = 12_000
PIECE = re.compile(r"[^\w\s]?[A-Za-z]+|_[A-Za-z]+|\d{1,3}|[^\w\s]+|_|\s+|\w")
"""What the tokenizers in use split a text into before they merge; everyday pieces are one token each."""


async def listed(mcp: Mcp) -> list[dict[str, Any]]:
    tools: list[dict[str, Any]] = (await mcp.send("tools/list")).json()["result"]["tools"]
    return [tool for tool in tools if tool["name"] not in ("search", "fetch")]


async def test_every_tool_says_what_it_is_takes_and_gives(mcp: Mcp) -> None:
    for tool in await listed(mcp):
        assert tool["title"]
        assert tool["description"]
        assert tool["inputSchema"]["additionalProperties"] is False
        for schema in (tool["inputSchema"], tool["outputSchema"]):
            assert schema["type"] == "object"
            assert not re.search(r'"(\$ref|\$defs|anyOf|oneOf|allOf)"', json.dumps(schema))
            jsonschema.Draft202012Validator.check_schema(schema)


async def test_annotations_are_true_to_effect(mcp: Mcp) -> None:
    names = ("readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint")
    told = {tool["name"]: tuple(tool["annotations"][name] for name in names) for tool in await listed(mcp)}
    assert told == {
        "add_task": (False, False, False, False),
        "list_tasks": (True, False, True, False),
        "complete_task": (False, False, False, False),
        "update_task": (False, True, False, False),
        "reschedule_task": (False, True, True, False),
        "skip_task": (False, True, False, False),
        "change_tasks": (False, True, False, False),
        "delete_task": (False, True, True, False),
        "restore_task": (False, False, True, False),
        "undo_last_changes": (False, True, False, False),
    }


async def test_all_definitions_together_stay_small(mcp: Mcp) -> None:
    text = json.dumps(await listed(mcp), separators=(",", ":"), ensure_ascii=False)
    assert max(len(PIECE.findall(text)), len(text) / 4) < MAX_DEFINITION_TOKENS
    assert len(text) <= MAX_DEFINITION_CHARACTERS


async def test_every_result_is_as_the_output_schema_says_and_is_there_as_text_too(mcp: Mcp) -> None:
    schemas = {tool["name"]: tool["outputSchema"] for tool in await listed(mcp)}
    calls: list[tuple[str, Any, bool]] = [
        ("add_task", {"title": "a", "description": "b"}, True),
        ("list_tasks", {"status": "pending"}, True),
        ("complete_task", {"task_id": 1}, True),
        ("update_task", {"task_id": 1, "title": "c", "completed": False}, True),
        ("delete_task", {"task_id": 1}, True),
        ("restore_task", {"task_id": 1}, True),
        ("update_task", {"task_id": 1, "recurrence": "every day", "list": "Home"}, True),
        ("skip_task", {"find": "c"}, True),
        ("reschedule_task", {"task_id": 1, "due": "tomorrow"}, True),
        ("change_tasks", {"changes": [{"action": "complete", "task_id": 1}, {"action": "skip", "task_id": 9}]}, True),
        ("change_tasks", {"changes": [{"action": "delete", "task_id": 9}]}, False),
        ("undo_last_changes", {}, True),
        ("complete_task", {"task_id": 99}, False),
        ("add_task", {"title": ""}, False),
        ("update_task", {"task_id": 1}, False),
    ]
    for tool, arguments, succeeds in calls:
        result = await mcp.call(tool, arguments)
        structured, (text,) = result["structuredContent"], result["content"]
        jsonschema.validate(structured, schemas[tool], format_checker=jsonschema.FormatChecker())
        assert structured["success"] is succeeds, result
        assert result.get("isError", False) is not succeeds
        assert text["text"] == structured["message"] or json.loads(text["text"]) == structured
    assert {tool for tool, _, _ in calls} == set(schemas)


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("add_task", {"title": "a", "weight": 1}, "weight: is not a known field"),
        ("add_task", {"title": "a", "priority": 1}, "priority: must be one of high, low, medium"),
        ("add_task", {"title": ["a"]}, "title: must be text, not a list"),
        ("add_task", {"title": True}, "title: must be text"),
        ("add_task", {}, "title: is required"),
        ("add_task", {"title": "a\x00b"}, "title: must not contain NUL"),
        ("add_task", {"title": "x" * 501}, "title: must be at most 500"),
        ("add_task", {"title": "a", "description": "x" * 16_001}, "description: must be at most 16000"),
        ("add_task", {"title": "a", "description": float("nan")}, "arguments: must be JSON"),
        ("add_task", {"title": "\ud800"}, "arguments: must be JSON"),
        ("add_task", {"\ud800": "a"}, "arguments: must be JSON"),
        ("complete_task", {"task_id": "one"}, "task_id: must be a whole number"),
        ("complete_task", {"task_id": 1.5}, "task_id: "),
        ("complete_task", {"task_id": True}, "task_id: must be a whole number"),
        ("complete_task", {"task_id": 2**70}, "task_id: "),
        ("complete_task", {"task_id": 0}, "task_id: must be at least 1"),
        ("list_tasks", {"status": "open"}, "status: must be one of all, pending, completed, trashed"),
        ("update_task", {"task_id": 1, "completed": "maybe"}, "completed: must be true or false"),
    ],
)
async def test_what_breaks_a_rule_is_refused_by_name_and_changes_nothing(
    mcp: Mcp, tool: str, arguments: Any, says: str
) -> None:
    params = {"name": tool, "arguments": arguments}
    content = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {**params, **_meta(mcp)}})
    answer = await mcp.post(content=content.encode(), Mcp_Method="tools/call", Mcp_Name=tool)
    result = answer.json().get("result")
    if result is None:
        assert answer.status_code == 400, "no JSON for the SDK either"
    else:
        assert (result["isError"], result["structuredContent"]["data"]) == (True, None)
        assert result["content"][0]["text"].startswith(says)
    assert mcp.api.store.rows.tasks == {}


def _meta(mcp: Mcp) -> dict[str, Any]:
    from tests.mcp.conftest import META

    return {"_meta": META} if mcp.revision == MODERN else {}


async def test_a_tool_that_is_not_there_is_an_error_of_the_protocol(mcp: Mcp) -> None:
    answer = await mcp.send("tools/call", {"name": "drop_table", "arguments": {}})
    assert answer.json()["error"]["code"] == -32602
    assert "add_task" in answer.json()["error"]["message"]


async def test_a_crash_shows_nothing_internal_and_is_logged(mcp: Mcp, caplog: pytest.LogCaptureFixture) -> None:
    mcp.api.store.fault = RuntimeError("SELECT secret FROM /etc/passwd")
    result = await mcp.call("add_task", {"title": "a"}, X_Request_ID="r1")
    assert result["isError"]
    assert "secret" not in str(result)
    assert "Traceback" not in str(result)
    (line,) = [each for each in caplog.records if each.levelno >= logging.ERROR]
    assert (line.name, line.getMessage()) == ("adapters.mcp.server", "the tool add_task crashed")


async def test_a_database_that_is_away_is_told_as_something_to_try_again(mcp: Mcp) -> None:
    mcp.api.store.fault = Unavailable("The database can't be reached. Try again.")
    result = await mcp.call("list_tasks")
    assert (result["isError"], result["content"][0]["text"]) == (True, "The database can't be reached. Try again.")


async def test_changes_over_mcp_name_their_actor_as_those_over_http(mcp: Mcp) -> None:
    await mcp.call("add_task", {"title": "a"})
    await mcp.api("POST", "/api/users/me/tasks", json={"title": "b"})
    over_mcp, over_http = mcp.api.store.rows.events
    assert over_mcp.actor == over_http.actor


async def test_a_call_with_an_idempotency_key_acts_once(mcp: Mcp) -> None:
    first = await mcp.call("add_task", {"title": "a"}, Idempotency_Key="k1")
    again = await mcp.call("add_task", {"title": "a"}, Idempotency_Key="k1")
    other = await mcp.call("add_task", {"title": "b"}, Idempotency_Key="k1")
    assert first == again
    assert other["isError"]
    assert len(mcp.api.store.rows.tasks) == 1


async def test_all_tasks_are_reached_page_by_page(mcp: Mcp) -> None:
    for number in range(5):
        await mcp.call("add_task", {"title": str(number)})
    seen: list[int] = []
    cursor = None
    while not seen or cursor:
        page = (await mcp.call("list_tasks", {"limit": 2, "cursor": cursor}))["structuredContent"]["data"]
        seen += [task["id"] for task in page["tasks"]]
        cursor = page["next_cursor"]
        assert page["total"] == 5
    assert seen == [5, 4, 3, 2, 1]


@pytest.mark.parametrize(("length", "on_a_page"), [(15_000, 3), (4_500, 11), (600, 12)])
async def test_long_tasks_are_reached_on_shorter_pages(mcp: Mcp, length: int, on_a_page: int) -> None:
    for _ in range(12):
        await mcp.call("add_task", {"title": "a", "description": "x" * length})
    first = (await mcp.call("list_tasks"))["structuredContent"]["data"]
    assert [task["id"] for task in first["tasks"]] == list(range(12, 12 - on_a_page, -1))
    rest: list[int] = []
    cursor = first["next_cursor"]
    while cursor:
        page = (await mcp.call("list_tasks", {"cursor": cursor}))["structuredContent"]["data"]
        rest, cursor = rest + [task["id"] for task in page["tasks"]], page["next_cursor"]
    assert rest == list(range(12 - on_a_page, 0, -1))


async def test_the_http_api_and_mcp_see_the_same_tasks(mcp: Mcp, api: Api) -> None:
    await mcp.call("add_task", {"title": "a"})
    assert (await api("GET", "/api/users/me/tasks")).json()["tasks"][0]["title"] == "a"
