"""What a watcher is sent, from crafted states of a turn: one after another, or joining late."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import accumulate, pairwise
from typing import Any

import pytest

from adapters.http.chat.chunk_encoder import CUT_OFF
from adapters.http.chat.stream import frames
from application.chat.turns.decisions import SUPERSEDED
from domain.chat.messages import INTERRUPTED, Answer, ToolCall, ToolResult
from domain.chat.turn import Step, Turn, TurnState
from domain.errors import Unavailable
from tests.fakes import FakeClock
from tests.ui_stream import Chunk, Read, parsed, types

DONE, FAILED, STOPPED, RUNNING = TurnState.DONE, TurnState.FAILED, TurnState.STOPPED, TurnState.RUNNING
ADD = ToolCall("c1", "add_task", '{"title": "Buy milk"}')
DONE_CALL = ToolCall("c2", "complete_task", "")
ADDED = ToolResult("c1", "add_task", {"success": True, "message": "Added.", "data": {"id": 1}})
REFUSED = ToolResult("c2", "complete_task", {"success": False, "message": "task_id: is required", "data": None})
CALLED = ["tool-input-start", "tool-input-delta", "tool-input-available"]
SAID = ["text-start", "text-delta", "text-end"]


def turn(*steps: Step, draft: str = "", state: TurnState = RUNNING, error: str | None = None) -> Turn:
    new = Turn(user_id="ann", conversation_id="chat", id="t1", message="hi", created_at=FakeClock()())
    return replace(new, steps=steps, draft=draft, state=state, error=error)


async def sent(*snapshots: Turn | Exception) -> str:
    async def following() -> AsyncGenerator[Turn, None]:
        for each in snapshots:
            if isinstance(each, Exception):
                raise each
            yield each

    return b"".join([frame async for frame in frames(following())]).decode()


async def chunks(*snapshots: Turn | Exception) -> list[Chunk]:
    return parsed(await sent(*snapshots))


async def test_a_draft_grows_into_the_stored_answer_without_gap_or_repeat() -> None:
    states = [turn(), turn(draft="He"), turn(draft="He"), turn(draft="Hello")]
    told = await chunks(*states, turn(Answer("Hello, Ann.")), turn(Answer("Hello, Ann."), state=DONE))
    deltas = ["text-start", "text-delta", "text-delta", "text-delta", "text-end"]
    assert types(told) == ["start", "data-conversation", "start-step", *deltas, "finish-step", "finish"]
    assert [each["delta"] for each in told if "delta" in each] == ["He", "llo", ", Ann."]
    read = Read(told)
    assert (read.id, read.texts) == ("t1", ["Hello, Ann."])
    assert read.conversation == {"conversation_id": "chat", "turn_id": "t1"}
    assert read.ending == {"type": "finish", "finishReason": "stop"}


async def test_calls_and_their_results_are_one_step_with_what_was_said_before() -> None:
    asked = Answer("On it.", (ADD, DONE_CALL))
    told = await chunks(
        turn(draft="On"),
        turn(asked),
        turn(asked, ADDED),
        turn(asked, ADDED, REFUSED),
        turn(asked, ADDED, REFUSED, draft="Done"),
        turn(asked, ADDED, REFUSED, Answer("Done."), state=DONE),
    )
    first = ["text-start", "text-delta", "text-delta", "text-end", *CALLED, *CALLED]
    results = ["tool-output-available", "tool-output-error"]
    second = ["start-step", "text-start", "text-delta", "text-delta", "text-end", "finish-step"]
    assert types(told)[2:-1] == ["start-step", *first, *results, "finish-step", *second]
    read = Read(told)
    assert read.texts == ["On it.", "Done."]
    assert read.tools["c1"]["input"] == {"title": "Buy milk"}
    assert read.tools["c1"]["output"] == ADDED.output
    assert read.tools["c2"] == {"name": "complete_task", "raw": "{}", "input": {}, "error": "task_id: is required"}


async def test_a_step_may_be_calls_only() -> None:
    told = await chunks(turn(Answer("", (ADD,))), turn(Answer("", (ADD,)), ADDED, Answer("Ok."), state=DONE))
    step = ["start-step", *CALLED, "tool-output-available", "finish-step"]
    assert types(told)[2:-1] == [*step, "start-step", *SAID, "finish-step"]


async def test_arguments_that_are_no_json_are_shown_as_they_are() -> None:
    bad = replace(ADD, arguments='{"title":\n\n')
    assert Read(await chunks(turn(Answer("", (bad,)), ADDED, state=DONE))).tools["c1"]["input"] == bad.arguments


def _states() -> list[Turn]:
    asked = Answer("Añadiendo 🥛…", (ADD, DONE_CALL))
    drafts = [turn(draft=text) for text in accumulate(asked.text)]
    last = [turn(asked, ADDED, REFUSED, draft=text) for text in accumulate("All\n\ndone.")]
    ended = turn(asked, ADDED, REFUSED, Answer("All\n\ndone."), state=DONE)
    return [turn(), *drafts, turn(asked), turn(asked, ADDED), turn(asked, ADDED, REFUSED), *last, ended]


async def test_whenever_a_reader_joins_it_is_told_the_same() -> None:
    states = _states()
    whole = Read(await chunks(*states))
    assert whole.texts == ["Añadiendo 🥛…", "All\n\ndone."]
    for first in range(len(states)):
        for stride in (1, 2, 5):
            late = Read(await chunks(*states[first:-1:stride], states[-1]))
            assert vars(late) == vars(whole)


@pytest.mark.parametrize("again", [[""], ["Ho"], [""] * 2 + ["H"], []])
async def test_an_answer_that_another_server_begins_anew_is_a_new_part(again: Sequence[str]) -> None:
    taken_over = [turn(draft=text) for text in again]
    read = Read(await chunks(turn(draft="Hello"), *taken_over, turn(Answer("Howdy."), state=DONE)))
    assert read.texts[0] == "Hello"
    assert read.texts[-1] == "Howdy."


async def test_a_stopped_turn_keeps_its_text_closes_its_calls_and_ends_with_abort() -> None:
    told = await chunks(turn(draft="Once upon"), turn(Answer("Once upon a"), state=STOPPED))
    assert Read(told).texts == ["Once upon a"]
    assert told[-1]["type"] == "abort"
    asked = Answer("", (ADD, DONE_CALL))
    read = Read(await chunks(turn(asked, ADDED), turn(asked, ADDED, state=STOPPED)))
    assert read.tools["c2"]["error"] == INTERRUPTED["message"]
    assert read.ending["type"] == "abort"


@pytest.mark.parametrize(
    ("last", "error"),
    [
        (turn(draft="He", state=FAILED, error="too slow"), "too slow"),
        (turn(Answer("", (ADD,)), state=FAILED, error="gone"), "gone"),
        (turn(draft="He"), CUT_OFF.format(id="t1")),
        (turn(Answer("", (ADD,)), state=TurnState.INTERRUPTED), SUPERSEDED),
        (Unavailable("No database."), "No database."),
    ],
)
async def test_a_turn_that_comes_to_no_end_says_so(last: Any, error: str) -> None:
    told = await chunks(turn(), last)
    assert told[-1] == {"type": "error", "errorText": error}
    Read(told)


async def test_what_goes_wrong_in_the_middle_of_a_text_still_closes_it() -> None:
    read = Read(await chunks(turn(draft="He"), Unavailable("No database.")))
    assert (read.texts, read.ending["errorText"]) == (["He"], "No database.")


async def test_a_turn_that_is_gone_is_an_error() -> None:
    assert types(await chunks()) == ["error"]


async def test_a_turn_that_is_over_is_told_whole_and_once() -> None:
    ended = turn(Answer("Hi."), state=DONE)
    assert Read(await chunks(ended)).texts == ["Hi."]


async def test_a_silence_is_broken_by_comments_and_by_nothing_else() -> None:
    clock = FakeClock()

    async def waiting() -> AsyncGenerator[Turn, None]:
        for _ in range(61):
            yield turn(draft="Hm")
            clock.forward(seconds=1)
        yield turn(Answer("Hm"), state=DONE)

    began = clock()
    at = [
        (frame, clock() - began) async for frame in frames(waiting(), lambda: (clock() - began) / timedelta(seconds=1))
    ]
    pings = [when for frame, when in at if frame == b": ping\n\n"]
    assert len(pings) == 4
    assert all(b - a <= timedelta(seconds=15) for a, b in pairwise(pings))
    assert len(at) == 4 + 4
    assert Read(parsed(b"".join(frame for frame, _ in at).decode())).texts == ["Hm"]


async def test_the_first_bytes_are_there_before_anything_is_said() -> None:
    """So that a proxy passes on the headers, and the page knows that it was heard."""

    async def thinking() -> AsyncGenerator[Turn, None]:
        yield turn()
        raise AssertionError("nothing more was to be waited for")

    reading = frames(thinking())
    assert (await anext(reading)).startswith(b'data: {"type":"start",')
    await reading.aclose()


async def test_a_reader_that_leaves_closes_what_it_follows() -> None:
    closed = []

    async def following() -> AsyncGenerator[Turn, None]:
        try:
            while True:
                yield turn(draft="He")
        finally:
            closed.append(True)

    reading = frames(following())
    await anext(reading)
    await reading.aclose()
    assert closed
