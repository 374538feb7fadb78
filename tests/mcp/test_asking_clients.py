"""The SDK's client answers the question of a call: over a real socket, on PostgreSQL, with two workers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.session import ClientRequestContext
from mcp.client.stdio import stdio_client
from mcp_types import ElicitRequestParams, ElicitResult

from tests.e2e.conftest import TASKTALK, Server
from tests.mcp.test_clients import Mode, over_http, sign_up
from tests.mcp.test_clients import server as server

TITLES = ("Milk", "Eggs", "Bread")
DELETE_ALL = {"changes": [{"action": "delete", "find": title} for title in TITLES]}


class Person:
    """Answers each question alike, after what else they do `meanwhile`."""

    def __init__(self, action: Any = "accept", *, ticks: bool = True, meanwhile: Any = None) -> None:
        self.questions: list[str] = []
        self._answer = ElicitResult(action=action, content={"confirm": ticks} if action == "accept" else None)
        self._meanwhile = meanwhile

    async def __call__(self, context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
        self.questions.append(params.message)
        if self._meanwhile:
            await self._meanwhile()
        return self._answer


@asynccontextmanager
async def shopping(server: Server, token: str, person: Person, mode: Mode = "auto") -> AsyncIterator[Client]:
    async with over_http(server, token, mode, elicitation_callback=person) as client:
        for title in TITLES:
            await client.call_tool("add_task", {"title": title})
        yield client


async def titles(client: Client) -> list[str]:
    listed = await client.call_tool("list_tasks", {"status": "pending"})
    return [task["title"] for task in listed.structured_content["data"]["tasks"]]


async def test_a_yes_in_the_clients_form_does_it(server: Server) -> None:
    person = Person()
    async with shopping(server, sign_up(server, "yes-sayer"), person) as client:
        for _ in range(4):
            result = await client.call_tool("change_tasks", DELETE_ALL)
            assert result.structured_content["message"] == "3 of 3 changes done"
            assert await titles(client) == []
            for number in (1, 2, 3):
                await client.call_tool("restore_task", {"task_id": number})
    assert len(person.questions) == 4
    assert person.questions[0].startswith("This would delete 3 tasks (“Milk”, “Eggs”, “Bread”).\n- delete “Milk”\n")


@pytest.mark.parametrize("person", [Person("decline"), Person("cancel"), Person(ticks=False)])
async def test_no_other_answer_does_anything(server: Server, person: Person, request: Any) -> None:
    name = request.node.callspec.id
    async with shopping(server, sign_up(server, f"no-sayer-{name}"), person) as client:
        result = await client.call_tool("change_tasks", DELETE_ALL)
        assert result.is_error
        assert "did not agree" in result.structured_content["message"]
        assert sorted(await titles(client)) == sorted(TITLES)


async def test_what_changes_while_the_user_thinks_is_left_alone(server: Server) -> None:
    token = sign_up(server, "slow-sayer")
    headers = {"Authorization": f"Bearer {token}"}

    async def rename() -> None:
        url = f"{server.url}/api/users/me/tasks/2"
        change = {"description": "They matter"}
        async with httpx.AsyncClient(headers=headers) as page:
            (await page.patch(url, json=change)).raise_for_status()

    async with shopping(server, token, Person(meanwhile=rename)) as client:
        result = await client.call_tool("change_tasks", DELETE_ALL)
        assert "have changed" in result.structured_content["message"]
        assert sorted(await titles(client)) == sorted(TITLES)


async def test_a_client_of_an_earlier_revision_is_not_asked(server: Server) -> None:
    person = Person("decline")
    async with shopping(server, sign_up(server, "old-sayer"), person, "legacy") as client:
        assert not (await client.call_tool("change_tasks", DELETE_ALL)).is_error
        assert await titles(client) == []
    assert person.questions == []


async def test_a_client_over_pipes_asks_too(server: Server, tmp_path: Path) -> None:
    person, token = Person("decline"), sign_up(server, "piper")
    environment = server.environment | {"TASKTALK_TOKEN": token}
    command = StdioServerParameters(command=str(TASKTALK), args=["mcp"], env=environment, cwd=server.folder)
    with (tmp_path / "log").open("w") as log:
        async with Client(stdio_client(command, errlog=log), elicitation_callback=person) as client:
            for title in TITLES:
                await client.call_tool("add_task", {"title": title})
            assert "did not agree" in (await client.call_tool("change_tasks", DELETE_ALL)).structured_content["message"]
            assert sorted(await titles(client)) == sorted(TITLES)
    assert len(person.questions) == 1
