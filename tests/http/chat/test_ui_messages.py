import asyncio

from application.ports import TextDelta
from domain.chat.messages import ToolCall
from tests.http.chat.chat_requests import ADD, CHAT, STREAM, begun
from tests.http.conftest import Api
from tests.ui_stream import Read, parsed


async def test_stored_messages_are_had_in_the_sdks_form(api: Api) -> None:
    api.model.answers = [
        [TextDelta("On it."), ADD, ToolCall("", "complete_task", '{"task_id": 9}')],
        [TextDelta("Done.")],
    ]
    answer = await api("POST", CHAT, json={"message": "buy milk"}, headers=STREAM)
    url = "/api/users/me/conversations/default/messages"
    page = (await api("GET", f"{url}?format=ui")).json()
    asked, told = page["messages"]
    assert (asked["role"], asked["parts"]) == ("user", [{"type": "text", "text": "buy milk"}])
    assert (told["id"], told["role"]) == (Read(parsed(answer.text)).id, "assistant")
    assert told["metadata"]["state"] == "done"
    where, step, text, added, refused, second, last = told["parts"]
    assert (where["type"], where["data"]["turn_id"]) == ("data-conversation", told["id"])
    assert step == second == {"type": "step-start"}
    assert text == {"type": "text", "text": "On it.", "state": "done"}
    assert (added["type"], added["state"], added["input"]) == (
        "tool-add_task",
        "output-available",
        {"title": "Buy milk"},
    )
    assert added["output"]["data"]["title"] == "Buy milk"
    assert (refused["type"], refused["state"], refused["errorText"]) == (
        "tool-complete_task",
        "output-error",
        "There is no task 9.",
    )
    assert added["toolCallId"] != refused["toolCallId"]
    assert last == {"type": "text", "text": "Done.", "state": "done"}
    assert (await api("GET", f"{url}?format=plain")).json() == (await api("GET", url)).json()
    assert (await api("GET", f"{url}?format=xml")).status_code == 400
    older = (await api("GET", f"{url}?format=ui&limit=1")).json()
    assert (len(older["messages"]), older["previous_cursor"]) == (1, 2)


async def test_a_running_answer_is_had_in_the_sdks_form_as_far_as_it_came(api: Api) -> None:
    streaming = await begun(api)
    page = (await api("GET", "/api/users/me/conversations/default/messages?format=ui")).json()
    assert page["messages"][1]["parts"][-1] == {"type": "text", "text": "Once", "state": "streaming"}
    await api("POST", f"{CHAT}/default/stop")
    await asyncio.wait_for(streaming, 5)
