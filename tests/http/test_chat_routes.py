import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from application.hearing import DRAFT_SECONDS
from application.ports import Part, Prompt, TextDelta
from domain.conversation import ToolCall, TurnState
from domain.errors import ModelTimeout
from tests.fakes import ScriptedModel
from tests.http.conftest import Api
from tests.ui_stream import Read, parsed

CHAT = "/api/users/me/chat"
FILE = [{"type": "file", "mediaType": "image/png", "url": "data:image/png;base64,AA"}, {"type": "text", "text": "see"}]
STREAM = {"Accept": "text/event-stream"}
ADD = ToolCall("", "add_task", '{"title": "Buy milk"}')


def sdk_body(*texts: str, role: str = "user", **fields: Any) -> dict[str, Any]:
    """As `DefaultChatTransport` sends it, an assistant's message with all kinds of parts before."""
    parts = [{"type": "text", "text": text} for text in texts]
    before = [
        {"type": "step-start"},
        {"type": "tool-add_task", "state": "output-available", "output": {"success": True}},
    ]
    messages = [{"id": "m1", "role": "assistant", "parts": before}, {"id": "m2", "role": role, "parts": parts}]
    return {"id": "Ab3-_x", "messages": messages, "trigger": "submit-message", "messageId": None, **fields}


class Waits(ScriptedModel):
    """Says one word, late enough for it to be stored at once, and no more until it is cancelled."""

    def __init__(self) -> None:
        super().__init__()
        self.said = asyncio.Event()

    async def answer(self, prompt: Prompt) -> AsyncGenerator[Part, None]:
        await asyncio.sleep(DRAFT_SECONDS)
        yield TextDelta("Once")
        self.said.set()
        await asyncio.Event().wait()


async def begun(api: Api) -> asyncio.Task[httpx.Response]:
    """A streamed turn, when its first word is stored."""
    model = Waits()
    api.model.answer = model.answer  # type: ignore[method-assign]
    streaming = asyncio.create_task(api("POST", CHAT, json={"message": "a story"}, headers=STREAM))
    await asyncio.wait_for(model.said.wait(), 5)
    return streaming


@pytest.mark.parametrize("accept", ["text/event-stream", "text/event-stream, */*;q=0.1", "TEXT/event-stream"])
async def test_who_accepts_an_event_stream_gets_one(api: Api, accept: str) -> None:
    api.model.answers = [[TextDelta("On it."), ADD], [TextDelta("Added.")]]
    answer = await api("POST", CHAT, json={"message": "buy milk"}, headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == "text/event-stream"
    assert answer.headers["x-vercel-ai-ui-message-stream"] == "v1"
    assert answer.headers["cache-control"] == "no-cache"
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


class Client:
    """Keeps messages as `useChat` does, with ids of its own for the user's, and the turns' for the answers."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.messages: list[dict[str, Any]] = []

    async def send(self, text: str, name: str, **fields: Any) -> httpx.Response:
        self.messages.append({"id": name, "role": "user", "parts": [{"type": "text", "text": text}]})
        return await self.ask(**fields)

    async def ask(self, **fields: Any) -> httpx.Response:
        self.api.model.answers = self.api.model.answers or [[TextDelta(f"To {self.messages[-1]['id']}.")]]
        self.api.clock.forward(seconds=60)
        answer = await self.api("POST", CHAT, json={"id": "c", "messages": self.messages, **fields})
        if answer.status_code == 200:
            self.messages.append({"id": Read(parsed(answer.text)).id, "role": "assistant", "parts": []})
        return answer

    async def edit(self, place: int, text: str, **fields: Any) -> httpx.Response:
        name = self.messages[place]["id"]
        self.messages = self.messages[:place]
        return await self.send(text, name, messageId=name, **fields)

    async def regenerate(self, until: int, **fields: Any) -> httpx.Response:
        """The messages up to the user's one at `until`."""
        self.messages = self.messages[: until + 1]
        return await self.ask(trigger="regenerate-message", **fields)

    async def stored(self) -> list[str]:
        page = await self.api("GET", "/api/users/me/conversations/c/messages")
        return [message["text"] for message in page.json()["messages"]]


@pytest.fixture
async def client(api: Api) -> Client:
    """After three turns."""
    client = Client(api)
    for name in ("a", "b", "c"):
        assert (await client.send(f"say {name}", name)).status_code == 200
    return client


@pytest.mark.parametrize("place", [0, 2, 4])
async def test_an_edited_message_takes_the_place_of_what_followed(client: Client, place: int) -> None:
    before = await client.stored()
    answer = await client.edit(place, "say it differently")
    assert answer.status_code == 200
    name = client.messages[place]["id"]
    assert await client.stored() == [*before[:place], "say it differently", f"To {name}."]
    shown = [message.text for message in client.api.model.prompts[-1].messages]  # type: ignore[union-attr]
    assert shown == [*before[:place], "say it differently"], "the model does not read what gave way"
    again = await client.edit(place, "and again")
    assert again.status_code == 200
    assert (await client.stored())[place] == "and again"
    assert len(await client.stored()) == place + 2


async def test_a_summary_that_tells_of_what_gave_way_is_forgotten(client: Client) -> None:
    conversations = client.api.store.rows.conversations
    (place,) = (key for key in conversations if key[1] == "c")
    for edited, told in ((4, "They said b."), (2, "")):
        conversations[place] = replace(conversations[place], summary="They said b.", summarized_until=2)
        assert (await client.edit(edited, "something else")).status_code == 200
        assert client.api.model.prompts[-1].summary == told


async def test_a_message_is_edited_by_our_own_ids_too(client: Client) -> None:
    page = (await client.api("GET", "/api/users/me/conversations/c/messages?format=ui")).json()["messages"]
    client.messages = page
    assert (await client.edit(2, "say x")).status_code == 200
    assert (await client.stored())[2:] == ["say x", f"To {page[2]['id']}."]


async def test_an_edit_with_a_key_is_done_once(client: Client) -> None:
    messages = client.messages
    key = {"Idempotency-Key": "k"}
    body = {"id": "c", "messages": [*messages[:2], {**messages[2], "parts": [{"type": "text", "text": "x"}]}]}
    client.api.model.answers = [[TextDelta("Once.")]]
    for _ in range(2):
        answer = await client.api("POST", CHAT, json={**body, "messageId": "b"}, headers=key)
        assert Read(parsed(answer.text)).text == "Once."
    assert await client.stored() == ["say a", "To a.", "x", "Once."]


async def test_an_edit_of_what_was_never_stored_is_said_where_the_client_shows_all_there_is(client: Client) -> None:
    client.messages.append({"id": "never", "role": "user", "parts": []})
    assert (await client.edit(6, "hello")).status_code == 200
    assert (await client.stored())[-2:] == ["hello", "To never."]
    client.messages[2]["id"] = "unknown"
    before = await client.stored()
    refused = await client.edit(2, "hi")
    assert (refused.status_code, refused.json()["detail"]["code"]) == (409, "CONFLICT")
    assert "Load its messages again" in refused.json()["detail"]["message"]
    assert await client.stored() == before


async def test_the_same_message_again_does_nothing_twice(api: Api) -> None:
    client = Client(api)
    api.model.answers = [[ADD], [TextDelta("Added.")]]
    await client.send("buy milk", "a")
    api.model.answers = [[TextDelta("It is on your list.")]]
    assert (await client.edit(0, "buy milk")).status_code == 200
    assert await client.stored() == ["buy milk", "It is on your list."]
    assert len(api.store.rows.tasks) == 1


async def test_an_answer_is_given_anew_without_its_id_where_it_is_the_last(client: Client) -> None:
    client.api.model.answers = [[TextDelta("Anew.")]]
    assert (await client.regenerate(4)).status_code == 200
    assert await client.stored() == ["say a", "To a.", "say b", "To b.", "say c", "Anew."]
    client.api.model.answers = [[TextDelta("Once more.")]]
    assert (await client.regenerate(4)).status_code == 200
    assert (await client.stored())[-1] == "Once more."


@pytest.mark.parametrize("until", [0, 2])
@pytest.mark.parametrize("by_id", [None, "user", "answer"])
async def test_an_earlier_answer_is_refused_and_never_another_given_anew(
    client: Client, until: int, by_id: str | None
) -> None:
    before = await client.stored()
    names = {"user": client.messages[until]["id"], "answer": client.messages[until + 1]["id"]}
    fields = {"messageId": names[by_id]} if by_id else {}
    refused = await client.regenerate(until, **fields)
    assert (refused.status_code, refused.json()["detail"]["code"]) == (409, "CONFLICT")
    assert await client.stored() == before


async def test_an_answer_to_what_is_not_known_is_not_given_anew(client: Client) -> None:
    client.messages[4]["id"] = "unknown"
    assert (await client.regenerate(4)).status_code == 409
    nobody = Client(client.api)
    nobody.messages = [{"id": "x", "role": "user", "parts": []}]
    assert (await nobody.regenerate(0)).status_code == 409


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
    assert read.ending == {"type": "error", "errorText": "The assistant was too slow."}
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
