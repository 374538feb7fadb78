"""The model as the attacker: it calls everything with everything, through the real client, tools and PostgreSQL."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from application.chat.turns.runner import MAX_CALLS, MAX_ROUNDS
from application.tools.table import TOOLS
from tests.abuse.conftest import Opened, World, assert_is_told_properly
from tests.servers.model_server import ModelServer, Play, Received, Wire, called, finished, said, streaming

pytestmark = pytest.mark.long

CHAT = "/api/users/me/chat"
MARK = "bobs-own-words"
NAMES = [tool.name for tool in TOOLS]
SECONDS = 20
"""For a turn that must end: far more than it takes."""
Call = tuple[str, str]


def calls(*made: Call) -> Play:
    """All of them at once, in each round."""
    pieces = [called(index, arguments, name, f"c{index}") for index, (name, arguments) in enumerate(made)]
    return streaming(*pieces, finished("tool_calls"))


def once(*made: Call) -> Play:
    async def play(wire: Wire, received: Received) -> None:
        done = received.body["messages"][-1]["role"] == "tool"
        await (streaming(said("ok"), finished("stop")) if done else calls(*made))(wire, received)

    return play


async def bobs(world: World) -> list[Any]:
    paths = ("tasks?status=all", "tasks?status=trashed", "events", "conversations", "webhooks", "tokens")
    return [(await world("GET", f"/api/users/me/{path}", "bob")).json() for path in paths]


async def attacked(opened: Opened, play: Callable[[str], Play]) -> httpx.Response:
    """`play` is given Bob's id. Nothing of his may be seen or touched, and the server goes on."""
    async with ModelServer(once()) as model, opened(OPENAI_BASE_URL=model.url, MODEL_TIMEOUT_SECONDS="5") as world:
        for _ in range(3):
            await world("POST", "/api/users/me/tasks", "bob", json={"title": MARK})
        bob_id = (await world("GET", "/api/auth/me", "bob")).json()["id"]
        before, model.play = await bobs(world), play(bob_id)
        async with asyncio.timeout(SECONDS):
            answer = await world("POST", CHAT, json={"message": "go"})
        told = answer.text + (await world("GET", "/api/users/me/export")).text + str([r.body for r in model.received])
        assert MARK not in told
        assert await bobs(world) == before
        assert len(model.received) <= MAX_ROUNDS
        assert (await world("GET", "/health/ready")).status_code == 200
        turns = (await world("GET", "/api/users/me/conversations/default/messages")).json()["messages"]
        assert "running" not in [turn["state"] for turn in turns]
    return answer


def everything(bob_id: str) -> list[str]:
    """Arguments: foreign users in every spelling, wrong types, huge and tiny numbers, deep and long values."""
    spelled = ("user_id", "userId", "owner", "sub", "__user_id__", "actor", "caller")
    odd: list[Any] = [None, True, -1, 0, 2**31, 2**63, 1.5, "1", "' OR 1=1 --", "\x00", [], {}, [1] * 100]
    return [
        *(json.dumps({"task_id": 1, "title": "x", name: bob_id}) for name in spelled),
        *(json.dumps({"task_id": value, "title": value, "status": value, "operations": value}) for value in odd),
        '{"task_id": 1e999}',
        '{"task_id": NaN}',
        '{"title": "\\ud800"}',
        '{"title": ' + "[" * 10_000,
        "null",
        "",
        "not JSON",
        '{"title": "a", "title": "b"}',
    ]


@pytest.mark.parametrize("tool", [*NAMES, "no_such_tool", "../../etc/passwd", "__import__", "add_task\x00"])
async def test_every_tool_with_everything_touches_nothing_foreign(opened: Opened, tool: str) -> None:
    answer = await attacked(opened, lambda bob_id: once(*[(tool, each) for each in everything(bob_id)]))
    assert answer.status_code == 200
    made = answer.json()["tool_calls"]
    assert len(made) == len(everything(""))
    assert_is_told_properly(answer)


async def test_a_call_of_no_name_is_the_models_fault(opened: Opened) -> None:
    answer = await attacked(opened, lambda _: once(("", "{}")))
    assert (answer.status_code, answer.json()["detail"]["code"]) == (502, "MODEL_ERROR")


async def test_fifty_calls_at_once_are_cut_to_what_a_turn_may(opened: Opened) -> None:
    adds = [("add_task", json.dumps({"title": f"task {number}"})) for number in range(50)]
    answer = await attacked(opened, lambda _: once(*adds))
    results = [call["result"]["success"] for call in answer.json()["tool_calls"]]
    assert (results.count(True), len(results)) == (MAX_CALLS, 50)


async def test_a_model_that_calls_for_ever_is_ended(opened: Opened) -> None:
    answer = await attacked(opened, lambda _: calls(("add_task", '{"title": "again"}'), ("list_tasks", "{}")))
    assert answer.status_code == 200
    assert "I stopped here" in answer.json()["response"]
    assert len(answer.json()["tool_calls"]) == 2 * MAX_ROUNDS


@pytest.mark.parametrize(
    "play",
    [
        once(("add_task", json.dumps({"title": "x" * 1_000_000}))),
        once(("add_task", '{"title": "' + "x" * 1_000_000)),
        once(*[("x" * 1_000, "{}")] * 500),
        streaming(said("x" * 1_000_000), finished("stop")),
        streaming(*[said("word ")] * 20_000, finished("stop")),
        streaming(said("\x00\ud800<script>alert(1)</script>"), finished("stop")),
    ],
    ids=["a long title", "a long cut-off title", "500 calls of long names", "a long text", "20,000 words", "script"],
)
async def test_what_is_too_much_is_bounded_and_the_turn_ends(opened: Opened, play: Play) -> None:
    answer = await attacked(opened, lambda _: play)
    assert answer.status_code in (200, 502, 504)
    assert answer.headers["Content-Type"] == "application/json"
    assert len(answer.content) < 5_000_000


async def test_a_model_that_talks_for_ever_is_cut_off(opened: Opened) -> None:
    async def endless(wire: Wire, _: Received) -> None:
        await wire.start()
        while True:
            await wire.event(said("and "))
            await asyncio.sleep(0.01)

    answer = await attacked(opened, lambda _: endless)
    assert (answer.status_code, answer.json()["detail"]["code"]) == (504, "MODEL_TIMEOUT")
