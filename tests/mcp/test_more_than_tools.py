"""Search and fetch for research modes, resources, prompts, and the view of MCP Apps."""

import json
from typing import Any

import jsonschema
import pytest

from adapters.mcp.resources import VIEW, view
from domain.accounts.account import Scope
from tests.http.conftest import Api
from tests.mcp.conftest import MODERN, Mcp


async def results(mcp: Mcp, query: str) -> list[dict[str, Any]]:
    found = await mcp.call("search", {"query": query})
    assert json.loads(found["content"][0]["text"]) == found["structuredContent"]
    listed: list[dict[str, Any]] = found["structuredContent"]["results"]
    return listed


async def test_search_finds_by_words_and_fetch_has_the_whole_text(mcp: Mcp) -> None:
    for title, description in (("Buy milk", "two litres"), ("Call Ann", "about the MILK"), ("Sleep", None)):
        await mcp.call("add_task", {"title": title, **({"description": description} if description else {})})
    found = await results(mcp, "milk")
    assert [(each["id"], each["title"]) for each in found] == [("1", "Buy milk"), ("2", "Call Ann")]
    assert found[0]["url"] == "https://tasks.example.com/#/tasks/1"
    assert [each["id"] for each in await results(mcp, "ann milk")] == ["2"]
    assert await results(mcp, "cheese") == []
    fetched = (await mcp.call("fetch", {"id": found[0]["id"]}))["structuredContent"]
    assert (fetched["title"], fetched["text"]) == ("Buy milk", "Buy milk\n\ntwo litres")
    assert fetched["metadata"]["status"] == "pending"


async def test_a_search_looks_through_many_pages_and_gives_so_many_results(mcp: Mcp) -> None:
    for number in range(130):
        await mcp.call("add_task", {"title": f"milk {number:03}"})
    assert [each["title"] for each in await results(mcp, "000")] == ["milk 000"]
    assert len(await results(mcp, "milk")) == 20


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("search", {}),
        ("search", {"query": "a", "user_id": "bob"}),
        ("fetch", {"id": "99"}),
        ("fetch", {"id": "../1"}),
        ("fetch", {"id": "١"}),
        ("fetch", {"id": ""}),
    ],
)
async def test_what_cannot_be_found_is_told_and_nothing_breaks(mcp: Mcp, tool: str, arguments: dict[str, str]) -> None:
    result = await mcp.call(tool, arguments)
    assert result["isError"]
    assert result["content"][0]["text"]


async def test_research_only_reads_and_is_for_readers_too(mcp: Mcp) -> None:
    tools = {tool["name"]: tool for tool in (await mcp.send("tools/list")).json()["result"]["tools"]}
    for name in ("search", "fetch"):
        assert tools[name]["annotations"]["readOnlyHint"]
        jsonschema.Draft202012Validator.check_schema(tools[name]["inputSchema"])
    user_id = mcp.api.headers["Authorization"].removeprefix("Bearer token-of-").partition(":")[0]
    mcp.api.headers = {"Authorization": f"Bearer reader-of-{user_id}"}
    assert await results(mcp, "x") == []
    assert Scope.READ


async def read(mcp: Mcp, uri: str) -> Any:
    return (await mcp.send("resources/read", {"uri": uri}, **_named(mcp, uri))).json()


def _named(mcp: Mcp, name: str) -> dict[str, str]:
    return {"Mcp_Name": name} if mcp.revision == MODERN else {}


async def test_tasks_are_resources(mcp: Mcp) -> None:
    await mcp.call("add_task", {"title": "Buy milk"})
    listed = (await mcp.send("resources/list")).json()["result"]["resources"]
    assert {each["uri"] for each in listed} == {"tasktalk://lists/pending", "tasktalk://lists/completed", VIEW}
    [template] = (await mcp.send("resources/templates/list")).json()["result"]["resourceTemplates"]
    assert template["uriTemplate"] == "tasktalk://tasks/{id}"
    [pending] = (await read(mcp, "tasktalk://lists/pending"))["result"]["contents"]
    assert [task["title"] for task in json.loads(pending["text"])["tasks"]] == ["Buy milk"]
    [one] = (await read(mcp, "tasktalk://tasks/1"))["result"]["contents"]
    assert json.loads(one["text"])["title"] == "Buy milk"
    [done] = (await read(mcp, "tasktalk://lists/completed"))["result"]["contents"]
    assert json.loads(done["text"]) == {"tasks": [], "total": 0}


@pytest.mark.parametrize(
    "uri", ["tasktalk://tasks/9", "tasktalk://tasks/../1", "tasktalk://lists/all", "file:///etc/passwd", "ui://x/y"]
)
async def test_a_resource_that_is_not_there_is_an_error_in_words(mcp: Mcp, uri: str) -> None:
    assert (await read(mcp, uri))["error"]["message"]


async def test_no_resource_is_another_users(api: Api, mcp: Mcp) -> None:
    bob = await api.sign_up("bob")
    await api("POST", "/api/users/me/tasks", json={"title": "bobs own"}, headers=bob)
    assert "error" in await read(mcp, "tasktalk://tasks/1")
    assert "bobs" not in json.dumps(await read(mcp, "tasktalk://lists/pending"))
    assert await results(mcp, "bobs") == []


async def test_prompts_are_listed_and_say_what_to_do(mcp: Mcp) -> None:
    listed = (await mcp.send("prompts/list")).json()["result"]["prompts"]
    assert [each["name"] for each in listed] == ["today", "plan_my_week", "review"]
    for each in listed:
        got = (await mcp.send("prompts/get", {"name": each["name"]})).json()["result"]
        assert "my" in got["messages"][0]["content"]["text"]
    assert (await mcp.send("prompts/get", {"name": "none"})).json()["error"]["message"]


async def test_the_view_is_named_by_the_list_and_loads_nothing(mcp: Mcp) -> None:
    tools = {tool["name"]: tool for tool in (await mcp.send("tools/list")).json()["result"]["tools"]}
    assert tools["list_tasks"]["_meta"]["ui"]["resourceUri"] == VIEW
    [contents] = (await read(mcp, VIEW))["result"]["contents"]
    assert contents["mimeType"] == "text/html;profile=mcp-app"
    assert contents["_meta"]["ui"]["csp"] == {"connectDomains": [], "resourceDomains": []}
    for loads in ("http://", "https://", "src=", "href=", "innerHTML", "eval("):
        assert loads not in view()
