"""A call that changes much at once asks the user, where the client can ask."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from domain.chat.approval import ApprovalPolicy
from tests.http.conftest import Api
from tests.mcp.conftest import LEGACY, Mcp

FORMS: dict[str, Any] = {"elicitation": {"form": {}}}
DELETE = {"changes": [{"action": "delete", "task_id": number} for number in (1, 2)]}
PLAN = """This would delete 2 tasks (“Milk”, “Eggs”).
- delete “Milk”
- delete “Eggs”

Shall it be done?"""
YES = {"action": "accept", "content": {"confirm": True}}
NOT_YES: list[Any] = [
    {"action": "decline"},
    {"action": "cancel"},
    {"action": "decline", "content": {"confirm": True}},
    {"action": "accept"},
    {"action": "accept", "content": {}},
    {"action": "accept", "content": {"confirm": False}},
    {"action": "accept", "content": {"confirm": "true"}},
    {"action": "accept", "content": {"confirm": 1}},
    {"action": "accept", "content": {"yes": True}},
    {"roots": []},
]


async def client_of(api: Api) -> Mcp:
    mcp = Mcp(api)
    for title in ("Milk", "Eggs", "Bread"):
        await mcp.call("add_task", {"title": title})
    mcp.capabilities = FORMS
    return mcp


@pytest.fixture
async def asking(api: Api) -> Mcp:
    return await client_of(api)


@pytest.fixture
async def always() -> AsyncIterator[Mcp]:
    api = Api(public_url="https://tasks.example.com", approval_policy=ApprovalPolicy.ALWAYS)
    api.headers = await api.sign_up("ann")
    async with api.mcp.running(api.app):
        yield await client_of(api)
    await api.client.aclose()


def trashed(mcp: Mcp) -> list[int]:
    return [task.id for task in mcp.api.store.rows.tasks.values() if task.deleted_at]


async def asked(mcp: Mcp, arguments: Any = DELETE, tool: str = "change_tasks", **headers: str) -> str:
    result = await mcp.call(tool, arguments, **headers)
    assert result["resultType"] == "input_required", result
    state: str = result["requestState"]
    return state


def answering(state: str | None, answer: Any = YES, key: str = "approval") -> dict[str, Any]:
    return {"inputResponses": {key: answer}} | ({} if state is None else {"requestState": state})


def message(result: dict[str, Any]) -> str:
    assert result["isError"]
    assert json.dumps(result["structuredContent"]["data"]) == "null"
    assert result["content"][0]["text"] == result["structuredContent"]["message"]
    text: str = result["structuredContent"]["message"]
    return text


async def test_the_question_is_a_form_with_the_plan(asking: Mcp) -> None:
    result = await asking.call("change_tasks", DELETE)
    assert result.keys() == {"resultType", "inputRequests", "requestState", "_meta"}
    assert result["inputRequests"] == {
        "approval": {
            "method": "elicitation/create",
            "params": {
                "mode": "form",
                "message": PLAN,
                "requestedSchema": {
                    "type": "object",
                    "properties": {"confirm": {"type": "boolean", "title": "Yes, do this", "default": False}},
                    "required": ["confirm"],
                },
            },
        }
    }
    assert trashed(asking) == []


async def test_a_yes_does_it_and_says_so(asking: Mcp) -> None:
    result = await asking.call("change_tasks", DELETE, answering(await asked(asking)))
    assert result["structuredContent"]["message"] == "2 of 2 changes done"
    assert trashed(asking) == [1, 2]


async def test_a_second_use_does_nothing_more(asking: Mcp) -> None:
    state = await asked(asking)
    first = await asking.call("change_tasks", DELETE, answering(state))
    await asking.call("restore_task", {"task_id": 1})
    again = await asking.call("change_tasks", DELETE, answering(state))
    assert again["structuredContent"] == first["structuredContent"]
    assert trashed(asking) == [2]


@pytest.mark.parametrize("answer", NOT_YES, ids=json.dumps)
async def test_anything_but_a_yes_does_nothing(asking: Mcp, answer: Any) -> None:
    state = await asked(asking)
    for given in (answer, YES):
        result = await asking.call("change_tasks", DELETE, answering(state, given))
        assert "did not agree" in message(result)
    assert trashed(asking) == []


async def test_an_answer_to_another_question_is_no_yes(asking: Mcp) -> None:
    state = await asked(asking)
    for given in (
        answering(state, key="other"),
        {"requestState": state},
        {"requestState": state, "inputResponses": {}},
    ):
        assert "did not agree" in message(await asking.call("change_tasks", DELETE, given))
    assert trashed(asking) == []


@pytest.mark.parametrize("answer", [7, "yes", {"action": "agree"}, {}])
async def test_what_is_no_answer_is_refused_in_our_words(asking: Mcp, answer: Any) -> None:
    params = {"name": "change_tasks", "arguments": DELETE, **answering(await asked(asking), answer)}
    error = (await asking.send("tools/call", params)).json()["error"]
    assert error["message"].startswith("params.inputResponses.approval")
    assert trashed(asking) == []


async def test_a_state_that_is_not_ours_does_nothing(asking: Mcp) -> None:
    state = await asked(asking)
    for wrong in (None, "", "x", f"A{state}", state[:-4], f"{state}.x"):
        result = await asking.call("change_tasks", DELETE, answering(wrong))
        assert "not for this call" in message(result)
    assert trashed(asking) == []


async def test_a_state_is_for_this_user_and_call(asking: Mcp) -> None:
    state = await asked(asking)
    other = {"changes": [{"action": "delete", "task_id": number} for number in (1, 3)]}
    assert "not for this call" in message(await asking.call("change_tasks", other, answering(state)))
    delete = await asking.call("delete_task", {"task_id": 1}, answering(state))
    assert "not for this call" in message(delete)
    asking.api.headers = await asking.api.sign_up("bob")
    assert "not for this call" in message(await asking.call("change_tasks", DELETE, answering(state)))
    assert trashed(asking) == []


async def test_a_state_is_good_for_ten_minutes(asking: Mcp) -> None:
    state = await asked(asking)
    asking.api.clock.forward(minutes=10)
    result = await asking.call("change_tasks", DELETE, answering(state))
    assert "ten minutes old" in message(result)
    assert trashed(asking) == []


async def test_tasks_that_have_changed_are_left_alone(asking: Mcp) -> None:
    state = await asked(asking)
    await asking.call("update_task", {"task_id": 2, "title": "Eggs, and they matter"})
    result = await asking.call("change_tasks", DELETE, answering(state))
    assert "have changed" in message(result)
    assert trashed(asking) == []


@pytest.mark.parametrize(
    "capabilities",
    [{}, {"elicitation": {"url": {}}}, {"sampling": {}}, {"extensions": {"io.modelcontextprotocol/ui": {}}}],
    ids=json.dumps,
)
async def test_a_client_that_cannot_ask_is_served(asking: Mcp, capabilities: dict[str, Any]) -> None:
    asking.capabilities = capabilities
    assert (await asking.call("change_tasks", DELETE))["structuredContent"]["success"]
    assert trashed(asking) == [1, 2]


@pytest.mark.parametrize("elicitation", [{}, {"form": {}}, {"form": {}, "url": {}}], ids=json.dumps)
async def test_a_client_that_shows_forms_is_asked(asking: Mcp, elicitation: dict[str, Any]) -> None:
    asking.capabilities = {"elicitation": elicitation}
    await asked(asking)


async def test_each_request_says_anew_what_its_client_can(asking: Mcp) -> None:
    await asked(asking)
    asking.capabilities = {}
    assert (await asking.call("change_tasks", DELETE))["structuredContent"]["success"]


async def test_an_earlier_revision_is_served_as_before(asking: Mcp) -> None:
    asking.revision = LEGACY
    assert (await asking.call("change_tasks", DELETE))["structuredContent"]["success"]
    assert trashed(asking) == [1, 2]


async def test_a_key_keeps_the_result_and_not_the_question(asking: Mcp) -> None:
    key = {"Idempotency_Key": "k"}
    refused = await asking.call(
        "change_tasks", DELETE, answering(await asked(asking, **key), {"action": "decline"}), **key
    )
    assert "did not agree" in message(refused)
    first = await asking.call("change_tasks", DELETE, answering(await asked(asking, **key)), **key)
    again = await asking.call("change_tasks", DELETE, **key)
    assert again["structuredContent"] == first["structuredContent"]
    assert trashed(asking) == [1, 2]


async def test_a_reader_is_refused_before_anything_is_asked(asking: Mcp) -> None:
    state = await asked(asking)
    user_id = asking.api.headers["Authorization"].removeprefix("Bearer token-of-").partition(":")[0]
    asking.api.headers = {"Authorization": f"Bearer reader-of-{user_id}"}
    for given in ({}, answering(state)):
        params = {"name": "change_tasks", "arguments": DELETE, **given}
        assert (await asking.send("tools/call", params)).status_code == 403


async def test_every_change_may_be_asked_about(always: Mcp) -> None:
    state = await asked(always, {"title": "Jam"}, "add_task")
    await always.call("add_task", {"title": "Jam"}, answering(state))
    await always.call("add_task", {"title": "Jam"}, answering(state))
    assert [task.title for task in always.api.store.rows.tasks.values()] == ["Milk", "Eggs", "Bread", "Jam"]
    assert (await always.call("list_tasks"))["resultType"] == "complete"
    always.capabilities = {}
    assert (await always.call("delete_task", {"task_id": 1}))["structuredContent"]["success"]


async def test_approvals_may_be_off() -> None:
    api = Api(public_url="https://tasks.example.com", approval_policy=ApprovalPolicy.OFF)
    api.headers = await api.sign_up("ann")
    async with api.mcp.running(api.app):
        mcp = await client_of(api)
        assert (await mcp.call("change_tasks", DELETE))["structuredContent"]["success"]
    await api.client.aclose()


async def test_what_was_not_asked_about_is_undone_as_a_whole(asking: Mcp) -> None:
    asking.capabilities = {}
    await asking.call("change_tasks", DELETE)
    undone = await asking.call("undo_last_changes")
    assert sorted(task["title"] for task in undone["structuredContent"]["data"]["tasks"]) == ["Eggs", "Milk"]
    assert trashed(asking) == []
