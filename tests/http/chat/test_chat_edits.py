"""Messages that are edited and answers that are given anew, as `useChat` and assistant-ui ask for it."""

import asyncio
from dataclasses import replace
from typing import Any

import httpx
import pytest

from application.ports import TextDelta
from tests.http.chat.chat_requests import ADD, CHAT, begun
from tests.http.conftest import Api
from tests.ui_stream import Read, parsed


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


async def test_a_client_may_send_its_last_message_alone(api: Api) -> None:
    api.model.answers = [[TextDelta("One.")], [TextDelta("Two.")], [TextDelta("Three.")]]
    message = {"id": "a", "role": "user", "parts": [{"type": "text", "text": "say one"}]}
    for fields in ({}, {"messageId": "a"}, {"trigger": "regenerate-message"}):
        answer = await api("POST", CHAT, json={"id": "c", "message": message, **fields})
        assert answer.status_code == 200, answer.text
    assert await Client(api).stored() == ["say one", "Three."]
    for wrong in ({**message, "role": "assistant"}, {}, "text"):
        assert (await api("POST", CHAT, json={"id": "c", "message": wrong})).status_code == 400


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


async def test_an_edit_while_an_answer_is_given_waits_for_it_and_hides_nothing(api: Api) -> None:
    streaming = await begun(api)
    (turn,) = api.store.rows.turns.values()
    message = {"id": "x", "role": "user", "parts": [{"type": "text", "text": "another"}]}
    body = {"id": "default", "messages": [message], "messageId": f"{turn.id}-user"}
    refused = await api("POST", CHAT, json=body)
    assert (refused.status_code, refused.json()["detail"]["code"]) == (409, "TURN_RUNNING")
    assert not api.store.rows.turns["id-1", turn.id].hidden
    await api("POST", f"{CHAT}/default/stop")
    await asyncio.wait_for(streaming, 5)
