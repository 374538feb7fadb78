import asyncio
from typing import Any

import pytest

from application.ports import Finished, FinishReason, TextDelta
from domain.chat.turn import TurnState
from domain.errors import ModelTimeout
from tests.http.chat.chat_requests import ADD, CHAT, STREAM, begun
from tests.http.conftest import Api
from tests.ui_stream import Read, parsed

FILE = [{"type": "file", "mediaType": "image/png", "url": "data:image/png;base64,AA"}, {"type": "text", "text": "see"}]


def sdk_body(*texts: str, role: str = "user", **fields: Any) -> dict[str, Any]:
    """As `DefaultChatTransport` sends it, an assistant's message with all kinds of parts before."""
    parts = [{"type": "text", "text": text} for text in texts]
    before = [
        {"type": "step-start"},
        {"type": "tool-add_task", "state": "output-available", "output": {"success": True}},
    ]
    messages = [{"id": "m1", "role": "assistant", "parts": before}, {"id": "m2", "role": role, "parts": parts}]
    return {"id": "Ab3-_x", "messages": messages, "trigger": "submit-message", "messageId": None, **fields}


@pytest.mark.parametrize("accept", ["text/event-stream", "text/event-stream, */*;q=0.1", "TEXT/event-stream"])
async def test_who_accepts_an_event_stream_gets_one(api: Api, accept: str) -> None:
    api.model.answers = [[TextDelta("On it."), ADD], [TextDelta("Added.")]]
    answer = await api("POST", CHAT, json={"message": "buy milk"}, headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == "text/event-stream"
    assert answer.headers["x-vercel-ai-ui-message-stream"] == "v1"
    assert answer.headers["cache-control"] == "no-cache, no-transform"
    assert answer.headers["x-accel-buffering"] == "no"
    read = Read(parsed(answer.text))
    (turn,) = api.store.rows.turns.values()
    assert (read.id, read.texts, read.ending["type"]) == (turn.id, ["On it.", "Added."], "finish")
    assert read.conversation == {"conversation_id": "default", "turn_id": turn.id}
    (tool,) = read.tools.values()
    assert (tool["input"], tool["output"]["data"]["id"]) == ({"title": "Buy milk"}, 1)


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/json, text/event-stream;q=0.5"])
async def test_who_prefers_json_gets_json(api: Api, accept: str) -> None:
    api.model.answers = [[TextDelta("Hello.")]]
    answer = await api("POST", CHAT, json={"message": "hi"}, headers={"Accept": accept})
    assert answer.json()["response"] == "Hello."


async def test_the_sdks_body_streams_and_starts_its_conversation(api: Api) -> None:
    api.model.answers = [[TextDelta("Hello.")], [TextDelta("Again.")]]
    body = sdk_body("buy ", "milk", model="gpt", extra={"deep": [1]})
    answer = await api("POST", CHAT, json=body, headers={"Accept": "*/*"})
    assert Read(parsed(answer.text)).conversation["conversation_id"] == "Ab3-_x"
    (turn,) = api.store.rows.turns.values()
    assert turn.message == "buy milk"
    answer = await api("POST", CHAT, json=sdk_body("and eggs"))
    assert Read(parsed(answer.text)).text == "Again."
    assert [len(prompt.messages) for prompt in api.model.prompts] == [1, 3], "the history is ours, not the client's"


@pytest.mark.parametrize("headers", [{}, STREAM])
async def test_a_plain_message_starts_its_conversation_as_the_sdks_does(api: Api, headers: dict[str, str]) -> None:
    api.model.answers = [[TextDelta("Hello.")], [TextDelta("Again.")]]
    for _ in range(2):
        message = {"message": "buy milk", "conversation_id": "new"}
        assert (await api("POST", CHAT, json=message, headers=headers)).status_code == 200
    assert [len(prompt.messages) for prompt in api.model.prompts] == [1, 3]
    conversation = (await api("GET", "/api/users/me/conversations/new")).json()
    assert conversation["title"] == "buy milk"


async def test_the_sdk_has_the_last_answer_given_anew_without_doing_it_again(api: Api) -> None:
    api.model.answers = [[ADD], [TextDelta("Added.")], [TextDelta("It is on your list.")]]
    await api("POST", CHAT, json=sdk_body("buy milk"))
    again = await api("POST", CHAT, json=sdk_body("buy milk", trigger="regenerate-message"))
    said = [chunk["delta"] for chunk in parsed(again.text) if chunk["type"] == "text-delta"]
    assert "".join(said) == "It is on your list."
    messages = (await api("GET", "/api/users/me/conversations/Ab3-_x/messages")).json()["messages"]
    assert [message["text"] for message in messages] == ["buy milk", "It is on your list."]
    assert [task.title for task in api.store.rows.tasks.values()] == ["Buy milk"]


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        (sdk_body("hi", trigger="do-it"), "VALIDATION_ERROR", "trigger"),
        (sdk_body("hi", id="no/pe"), "VALIDATION_ERROR", "conversation_id"),
        (sdk_body("hi", id="x" * 65), "VALIDATION_ERROR", "conversation_id"),
        (sdk_body("hi", role="assistant"), "VALIDATION_ERROR", "messages"),
        (sdk_body("hi", role="system"), "VALIDATION_ERROR", "messages"),
        (sdk_body(), "VALIDATION_ERROR", "message"),
        (sdk_body("x" * 5001), "VALIDATION_ERROR", "message"),
        (sdk_body("hi", messages=[{"role": "user", "parts": FILE}]), "VALIDATION_ERROR", "files can't be read here"),
        (sdk_body("hi", messages=[]), "VALIDATION_ERROR", "messages"),
        (sdk_body("hi", messages=None), "VALIDATION_ERROR", "messages"),
        ({"messages": []}, "VALIDATION_ERROR", "id"),
        ({"message": "hi", "id": "c"}, "VALIDATION_ERROR", "id"),
        ([], "VALIDATION_ERROR", "body"),
    ],
)
async def test_a_bad_body_is_refused_before_the_stream_begins(api: Api, body: Any, code: str, said: str) -> None:
    answer = await api("POST", CHAT, json=body, headers=STREAM)
    detail = answer.json()["detail"]
    assert (answer.status_code, detail["code"]) == (400, code)
    assert said in detail["message"]
    assert api.store.rows.turns == {}


async def test_other_refusals_are_status_codes_in_the_stream_too(api: Api) -> None:
    body = {"message": "hi"}
    assert (await api("POST", CHAT, json=body, headers=STREAM | {"Authorization": ""})).status_code == 401
    assert (await api("POST", "/api/users/bob/chat", json=body, headers=STREAM)).status_code == 403
    assert (await api("POST", CHAT, data=body, headers=STREAM)).status_code == 415
    api.model.answers = [[TextDelta("ok")]] * 3
    statuses = [(await api("POST", CHAT, json=body, headers=STREAM)).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]


async def test_a_model_that_fails_is_an_error_chunk_and_the_turn_can_be_resumed(api: Api) -> None:
    api.model.answers = [[ADD], ModelTimeout("The assistant was too slow.")]
    read = Read(parsed((await api("POST", CHAT, json={"message": "buy milk"}, headers=STREAM)).text))
    done = "Before that, this was done: Added task 1: Buy milk."
    assert read.ending == {"type": "error", "errorText": f"The assistant was too slow. {done}"}
    api.model.answers = [[TextDelta("Added.")]]
    answer = await api("POST", f"/api/users/me/turns/{read.id}/resume", headers=STREAM)
    again = Read(parsed(answer.text))
    assert (again.id, again.text, again.ending["type"]) == (read.id, "Added.", "finish")
    assert again.tools == read.tools, "told from the beginning, and not run again"
    assert len(api.store.rows.tasks) == 1


async def test_a_json_client_is_told_which_turn_failed_and_resumes_it(api: Api) -> None:
    api.model.answers = [[ADD], ModelTimeout("The assistant was too slow.")]
    answer = await api("POST", CHAT, json={"message": "buy milk"})
    resume = f"/api/users/me/turns/{answer.json()['detail']['turn_id']}/resume"
    api.model.answers = [ModelTimeout("Still."), [TextDelta("Added.")]]
    assert (await api("POST", resume)).status_code == 504
    body = (await api("POST", resume)).json()
    assert (body["response"], len(body["tool_calls"])) == ("Added.", 1)
    assert (await api("POST", resume)).json() == body, "a turn that is over is given as it is"
    assert (await api("POST", "/api/users/me/turns/nope/resume", headers=STREAM)).status_code == 404


async def test_a_running_turn_is_watched_from_its_beginning_and_stopped(api: Api) -> None:
    streaming = await begun(api)
    (turn,) = api.store.rows.turns.values()
    watching = asyncio.create_task(api("GET", f"{CHAT}/default/stream"))
    for call in (api("POST", CHAT, json={"message": "and?"}), api("POST", f"/api/users/me/turns/{turn.id}/resume")):
        refusal = await call
        assert (refusal.status_code, refusal.json()["detail"]["code"]) == (409, "TURN_RUNNING")
        assert refusal.json()["detail"]["turn_id"] == turn.id
    stale = await api("POST", f"{CHAT}/default/stop", json={"turn_id": "stale"})
    assert stale.json()["stopped"] is False
    stopped = await api("POST", f"{CHAT}/default/stop", json={"turn_id": turn.id})
    assert (stopped.status_code, stopped.json()["stopped"]) == (200, True)
    for answer in await asyncio.wait_for(asyncio.gather(streaming, watching), 5):
        read = Read(parsed(answer.text))
        assert (read.text, read.ending["type"]) == ("Once", "abort")
    assert next(iter(api.store.rows.turns.values())).state is TurnState.STOPPED


async def test_a_stop_needs_no_body_and_takes_no_other(api: Api) -> None:
    streaming = await begun(api)
    assert (await api("POST", f"{CHAT}/default/stop", json={"turn": "x"})).status_code == 400
    assert (await api("POST", f"{CHAT}/default/stop")).json()["stopped"] is True
    await asyncio.wait_for(streaming, 5)
    answer = await api("POST", f"{CHAT}/default/stop")
    assert (answer.status_code, answer.json()["stopped"]) == (200, False)
    assert (await api("POST", f"{CHAT}/no%00pe/stop")).status_code == 400


async def test_where_nothing_runs_there_is_nothing_to_watch(api: Api) -> None:
    api.model.answers = [[TextDelta("ok")]]
    for conversation in ("default", "unknown"):
        answer = await api("GET", f"{CHAT}/{conversation}/stream")
        assert (answer.status_code, answer.content) == (204, b"")
        await api("POST", CHAT, json={"message": "hi"})
    assert (await api("GET", f"{CHAT}/n%20pe/stream")).status_code == 400


async def test_the_document_shows_both_bodies_and_both_answers(api: Api) -> None:
    document = (await api("GET", "/openapi.json")).json()
    operation = document["paths"]["/api/users/{user_id}/chat"]["post"]
    bodies = operation["requestBody"]["content"]["application/json"]["schema"]["anyOf"]
    schemas = [document["components"]["schemas"][each["$ref"].rpartition("/")[2]] for each in bodies]
    assert [schema.get("additionalProperties", True) for schema in schemas] == [False, True]
    assert set(operation["responses"]["200"]["content"]) == {"application/json", "text/event-stream"}
    answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
    assert answer == {"$ref": "#/components/schemas/ChatOut"}
    watched = document["paths"]["/api/users/{user_id}/chat/{conversation_id}/stream"]["get"]
    assert list(watched["responses"]["200"]["content"]) == ["text/event-stream"]


async def test_resumes_are_limited_as_messages_are(api: Api) -> None:
    api.model.answers = [ModelTimeout("too slow")] * 5
    failed = await api("POST", CHAT, json={"message": "hi"})
    path = f"/api/users/me/turns/{failed.json()['detail']['turn_id']}/resume"
    statuses = [(await api("POST", path, headers=headers)).status_code for headers in ({}, {}, {}, STREAM)]
    assert statuses == [504, 504, 429, 429]
    assert len(api.model.prompts) == 3


@pytest.mark.parametrize(
    ("reason", "told"), [("stop", "stop"), ("length", "length"), ("content_filter", "content-filter")]
)
async def test_the_end_of_the_stream_says_whether_the_answer_is_whole(
    api: Api, reason: FinishReason, told: str
) -> None:
    api.model.answers = [[TextDelta("Once upon a time"), Finished(reason)]]
    read = Read(parsed((await api("POST", CHAT, json={"message": "a story"}, headers=STREAM)).text))
    assert read.ending == {"type": "finish", "finishReason": told}
    assert ("cut off" in read.text) == (told != "stop")


async def test_a_stream_that_broke_off_is_told_as_an_error(api: Api) -> None:
    api.model.answers, api.model.breaks_off = [[TextDelta("Once upon a time")]] * 2, True
    read = Read(parsed((await api("POST", CHAT, json={"message": "a story"}, headers=STREAM)).text))
    assert (read.ending["type"], "broke off" in read.ending["errorText"]) == ("error", True)
    answer = await api("POST", CHAT, json={"message": "a story"})
    assert (answer.status_code, answer.json()["detail"]["code"]) == (502, "MODEL_ERROR")


async def test_a_fault_after_a_change_says_what_was_done(api: Api) -> None:
    api.model.answers = [[ADD], ModelTimeout("too slow.")]
    error = (await api("POST", CHAT, json={"message": "buy milk"})).json()["detail"]
    assert error["message"] == "too slow. Before that, this was done: Added task 1: Buy milk."
