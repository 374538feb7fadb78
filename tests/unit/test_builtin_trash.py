"""The built-in assistant on what was done and taken back."""

from dataclasses import replace
from typing import Any

import pytest

from adapters.language_models.builtin import replies
from adapters.language_models.builtin.digest import digest
from domain.conversation import INTERRUPTED, Answer, ToolCall, ToolResult, UserMessage
from domain.task import Status
from tests.unit.builtin_corpus import HOME
from tests.unit.builtin_desk import Desk, asked


async def test_a_deletion_undone_gives_the_task_back_with_its_number_description_and_mark() -> None:
    desk = await Desk().has(*HOME)
    await desk.say("add a note to task 2: ring twice", "finish task 2")
    before = await desk.listed()
    await desk.say("delete task 2", "undo that")
    assert [replace(task, revision=0) for task in await desk.listed()] == [replace(each, revision=0) for each in before]


async def test_everything_completed_and_undone_leaves_done_only_what_was_done_before() -> None:
    desk = await Desk().has(*HOME)
    await desk.say("complete everything", "undo")
    assert [task.title for task in await desk.listed(Status.COMPLETED)] == ["Water the plants"]
    await desk.say("undo")
    assert len(await desk.listed(Status.COMPLETED)) == len(HOME)


async def test_an_addition_undone_is_in_the_trash_and_undone_twice_is_on_the_list() -> None:
    desk = await Desk().has("Buy milk")
    await desk.say("add buy bread", "undo")
    assert await desk.titles() == ["Buy milk"]
    await desk.say("undo")
    assert await desk.titles() == ["Buy bread", "Buy milk"]


async def test_looking_and_talking_are_not_what_is_undone() -> None:
    desk = await Desk().has(*HOME)
    assert "2. Call mom" in await desk.say("finish task 2", "show my tasks", "thanks", "did I call mom?", "undo")
    assert [task.id for task in await desk.listed(Status.COMPLETED)] == [4]


async def test_nothing_is_undone_where_the_user_changed_the_task_since() -> None:
    desk = await Desk().has(*HOME)
    await desk.say("complete everything")
    await desk.use("update_task", {"task_id": 2, "title": "Call\nmama"})
    before = await desk.listed()
    assert await desk.say("undo") == "Task 2, Call mama, has been changed since, so nothing is undone."
    assert await desk.listed() == before


async def test_what_the_user_did_outside_of_the_chat_is_not_undone_in_it() -> None:
    desk = await Desk().has(*HOME)
    await desk.use("delete_task", {"task_id": 2})
    assert "nothing to undo" in await desk.say("undo")
    assert len(await desk.listed()) == len(HOME) - 1


async def test_a_change_that_cancels_itself_out_leaves_nothing_to_put_back() -> None:
    desk = await Desk().has(*HOME)
    assert "as it was already" in await desk.say("finish task 2 and reopen task 2", "undo")


@pytest.mark.parametrize("output", [{}, {"success": True, "message": "", "data": None}, INTERRUPTED])
async def test_an_undoing_that_tells_nothing_is_not_told_as_done(output: dict[str, Any]) -> None:
    call, result = ToolCall("1", "undo_last_changes", "{}"), ToolResult("1", "undo_last_changes", output)
    reply = (await asked([UserMessage("undo"), Answer("", (call,)), result])).text
    assert reply in (replies.UNCERTAIN, INTERRUPTED["message"])


async def test_what_was_undone_is_summarized_in_a_line() -> None:
    desk = await Desk().has(*("x" * 200 for _ in range(10)))
    await desk.say("complete everything", "undo")
    *_, undone = digest("", desk.history, 4000).splitlines()
    assert undone.startswith("Undone: ")
    assert len(undone) <= 300
