"""npm's `ai`, the package that React's `useChat` is made of, against a real server.

`npm install` in this folder once, or `NODE_MODULES=/path/to/node_modules`: nothing is downloaded here.
"""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.e2e.conftest import new_server
from tests.node.modules import HERE, MODULES
from tests.servers.model_server import DRIP_SECONDS, Json, ModelServer, Received, Wire, called, finished, refusing, said

CLIENT = HERE / "client.mjs"
COUNT = 60
PARTY = ('{"title": "Bake a cake"}', '{"title": "Hang the garlands"}')

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not shutil.which("node"), reason="node is not installed"),
    pytest.mark.skipif(not (MODULES / "ai").exists(), reason="npm's `ai` is not in tests/node or in NODE_MODULES"),
]


async def assistant(wire: Wire, received: Received) -> None:
    """Uses a tool rightly and one wrongly for “buy milk”; counts for a second for “count”; fails for “fail”."""
    last = received.body["messages"][-1]
    if last["content"] == "fail":
        await refusing(401)(wire, received)
        return
    await wire.start()
    for chunk in _chunks(last):
        await wire.event(chunk)
        await asyncio.sleep(DRIP_SECONDS)
    await wire.event("[DONE]")
    await wire.write(b"0\r\n\r\n")


def _chunks(last: Json) -> list[Json]:
    if last["content"] == "count":
        return [*(said(f"{number} ") for number in range(COUNT)), finished("stop")]
    if last["content"] == "buy milk":
        pieces = [called(0, '{"title": ', "add_task", "a"), called(0, '"Buy milk"}')]
        return [said("On "), said("it."), *pieces, called(1, '{"task_id": 99}', "complete_task", "b"), finished("stop")]
    if last["content"] == "plan a party":
        return [*(called(at, title, "add_task", f"p{at}") for at, title in enumerate(PARTY)), finished("stop")]
    if last["content"] == "delete it all":
        finds = [json.dumps({"find": json.loads(title)["title"]}) for title in PARTY]
        return [*(called(at, find, "delete_task", f"d{at}") for at, find in enumerate(finds)), finished("stop")]
    return [said("All "), said("done."), finished("stop")]


@pytest.fixture(scope="module")
async def seen(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Any]:
    """What the client saw. It runs beside a link to the modules, as imports are looked up from where a script is."""
    folder = tmp_path_factory.mktemp("node")
    (folder / "node_modules").symlink_to(MODULES)
    shutil.copy(CLIENT, folder)
    async with ModelServer(assistant) as model:
        with new_server() as server:
            await asyncio.to_thread(server.start, "--workers", "2", OPENAI_BASE_URL=model.url)
            async with httpx.AsyncClient(base_url=server.url, timeout=30) as client:
                form = {"email": "ann@example.com", "password": "correct horse battery"}
                token = (await client.post("/api/auth/signup", json=form)).json()["token"]
            yield await _run(folder / CLIENT.name, f"{server.url}/api/users/me/chat", token)


async def _run(*arguments: object) -> Any:
    process = await asyncio.create_subprocess_exec(
        "node", *map(str, arguments), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    output, errors = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, errors.decode()
    return json.loads(output)


def text_of(message: Json) -> str:
    return "".join(part["text"] for part in message["parts"] if part["type"] == "text")


def test_use_chat_shows_text_and_tools_of_a_turn_and_goes_on(seen: Any) -> None:
    chat = seen["tools"]
    assert (chat["status"], chat.get("error")) == ("ready", None)
    assert [message["role"] for message in chat["messages"]] == ["user", "assistant"] * 2
    parts = chat["messages"][1]["parts"]
    kinds = ["step-start", "text", "tool-add_task", "tool-complete_task", "step-start", "text"]
    assert [part["type"] for part in parts] == ["data-conversation", *kinds]
    assert parts[0]["data"] == {"conversation_id": "tools-1", "turn_id": chat["messages"][1]["id"]}
    assert [part["text"] for part in parts if part["type"] == "text"] == ["On it.", "All done."]
    assert all(part["state"] == "done" for part in parts if part["type"] == "text")
    added, refused = parts[3], parts[4]
    assert (added["state"], added["input"]) == ("output-available", {"title": "Buy milk"})
    assert added["output"]["data"]["title"] == "Buy milk"
    assert (refused["state"], refused["errorText"]) == ("output-error", "There is no task 99.")
    assert text_of(chat["messages"][3]) == "All done."


def test_a_second_chat_resumes_in_the_middle_and_shows_the_same(seen: Any) -> None:
    first, second = seen["watched"]["first"], seen["watched"]["second"]
    assert [first["status"], second["status"]] == ["ready", "ready"]
    assert first["messages"][-1] == second["messages"][-1]
    assert text_of(first["messages"][-1]).split() == [str(number) for number in range(COUNT)]
    assert seen["watched"]["idle"] is None, "nothing runs any more: 204"


def test_a_stopped_answer_is_kept_as_far_as_it_came(seen: Any) -> None:
    chat = seen["stopped"]
    assert chat["answer"]["stopped"] is True
    assert (chat["status"], chat.get("error")) == ("ready", None)
    assert 0 < len(text_of(chat["messages"][-1]).split()) < COUNT


def test_read_ui_message_stream_reads_it_as_it_grows(seen: Any) -> None:
    assert text_of(seen["read"]["last"]) == "On it.All done."
    assert seen["read"]["states"] > 5


def test_a_fault_and_a_refusal_are_errors_of_the_chat(seen: Any) -> None:
    failed, refused = seen["failing"]["failed"], seen["failing"]["refused"]
    assert (failed["status"], refused["status"]) == ("error", "error")
    assert failed["error"]
    assert "conversation_id" in refused["error"]


def shown(messages: Any) -> list[tuple[str, Any]]:
    return [(message["role"], message["parts"]) for message in messages]


def test_stored_messages_are_what_the_client_has_made_of_the_stream(seen: Any) -> None:
    first = seen["edited"]["first"]
    assert shown(first["kept"]) == shown(first["shown"])
    assert [each["id"] for each in first["kept"]][1::2] == [each["id"] for each in first["shown"]][1::2]
    assert seen["edited"]["valid"] is True
    assert seen["edited"]["roles"] == ["user", "assistant", "tool", "assistant", "user", "assistant"]


def test_an_edited_message_takes_the_place_of_what_followed(seen: Any) -> None:
    for turn, length, text in (("second", 4, "something else"), ("third", 2, "quite another")):
        chat = seen["edited"][turn]
        assert (chat["status"], chat.get("error")) == ("ready", None)
        assert shown(chat["kept"]) == shown(chat["messages"])
        assert (len(chat["kept"]), text_of(chat["kept"][-2])) == (length, text)


def test_a_file_is_refused_in_words(seen: Any) -> None:
    assert seen["edited"]["filed"]["status"] == "error"
    assert "files can't be read here" in seen["edited"]["filed"]["error"]


def test_the_answer_that_is_meant_is_given_anew_or_none(seen: Any) -> None:
    again = seen["regenerated"]
    assert (again["last"]["status"], again["last"].get("error")) == ("ready", None)
    assert shown(again["last"]["kept"]) == shown(again["last"]["messages"])
    assert again["earlier"]["status"] == "error"
    assert "Only the last answer" in again["earlier"]["error"]
    assert again["kept"] == again["last"]["kept"]


@pytest.mark.parametrize(("answer", "state"), [("yes", "output-available"), ("no", "output-denied")])
def test_the_sdk_asks_its_user_and_the_turn_goes_on(seen: Any, answer: str, state: str) -> None:
    chat = seen["approvals"][answer]
    asked = [part for part in chat["asked"]["parts"] if part["type"] == "tool-delete_task"]
    assert [part["state"] for part in asked] == ["approval-requested"] * 2
    assert (chat["status"], chat.get("error"), len(chat["messages"])) == ("ready", None, 4)
    last = chat["messages"][-1]
    assert last["id"] == chat["asked"]["id"]
    decided = [part for part in last["parts"] if part["type"] == "tool-delete_task"]
    assert [(part["state"], part["approval"]["approved"]) for part in decided] == [(state, answer == "yes")] * 2
    assert last["parts"][-1]["text"] == "All done."
    assert shown(chat["kept"]) == shown(chat["messages"])
    assert chat["valid"] is True
