"""Messages that are none, or not quite: what clients send, and what they are told."""

import re
from typing import Any

import pytest

from tests.mcp.conftest import META, MODERN, Mcp

ADD = {"name": "add_task", "arguments": {"title": "a"}}


async def test_an_unknown_cursor_is_an_error_of_the_protocol(mcp: Mcp) -> None:
    says = "There is no such cursor: all tools are on the first page."
    for cursor in ("2", "abc", "null"):
        error = (await mcp.send("tools/list", {"cursor": cursor})).json()["error"]
        assert (error["code"], error["message"]) == (-32602, says)
    assert (await mcp.send("tools/list", {"cursor": ""})).json()["result"]["tools"]


ONE: dict[str, Any] = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": META}}
WRONG_MESSAGES: list[tuple[Any, int]] = [
    ([], -32600),
    ([ONE], -32600),
    ("text", -32600),
    ({"id": 1, "method": "tools/list"}, -32600),
    ({**ONE, "jsonrpc": "1.0"}, -32600),
    ({**ONE, "method": 5}, -32600),
    ({**ONE, "id": True}, -32600),
    ({**ONE, "id": [1]}, -32600),
    ({**ONE, "id": None}, -32600),
    ({**ONE, "params": [1]}, -32600),
    ({**ONE, "params": {"cursor": 5, "_meta": META}}, -32602),
    ({**ONE, "method": "tools/call", "params": {"name": 5, "_meta": META}}, -32602),
    ({**ONE, "method": "tools/call", "params": {"_meta": META}}, -32602),
    ({**ONE, "method": "tools/call", "params": {**ADD, "arguments": [1], "_meta": META}}, -32602),
    ({**ONE, "method": "tools/call", "params": {**ADD, "arguments": "x", "_meta": META}}, -32602),
    ({**ONE, "method": "no/such"}, -32601),
]
HEADERS_DIFFER = -32020


@pytest.mark.parametrize(("message", "code"), WRONG_MESSAGES)
async def test_what_is_wrong_with_a_message_is_told_in_our_words(mcp: Mcp, message: Any, code: int) -> None:
    named: dict[str, Any] = {}
    if mcp.revision == MODERN and isinstance(message, dict):
        named["Mcp_Method"] = str(message.get("method"))
        named["Mcp_Name"] = "add_task" if "arguments" in message.get("params", {}) else ""
    answer = await mcp.post(message, **named)
    error = answer.json()["error"]
    assert error["code"] in ({code, HEADERS_DIFFER} if mcp.revision == MODERN else {code}), error
    assert not re.search(
        r"pydantic|alidation error|Input should|type=|JSONRPC|errors\.|params\.params", error["message"]
    )


@pytest.mark.parametrize("content", [b"{", b"\xff", b"{'a': 1}", b'{"jsonrpc": NaN}', b'{"id": "\\ud800"}'])
async def test_what_is_no_json_is_a_parse_error_in_our_words(mcp: Mcp, content: bytes) -> None:
    answer = await mcp.post(content=content)
    says = "The body must be a message in JSON and UTF-8."
    assert (answer.status_code, answer.json()["error"]) == (400, {"code": -32700, "message": says})


async def test_arguments_may_come_as_a_text(mcp: Mcp) -> None:
    assert (await mcp.call("add_task", '{"title": "a"}'))["structuredContent"]["success"]
    ways: list[Any] = [None, "", [], "{}"]
    for nothing in ways:
        params = {"name": "list_tasks", "arguments": nothing}
        assert (await mcp.send("tools/call", params)).json()["result"]["structuredContent"]["success"]
