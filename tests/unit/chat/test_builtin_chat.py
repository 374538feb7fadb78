"""The built-in assistant in a conversation, with more tasks than a prompt has room for."""

import pytest

from adapters.language_models.builtin import BuiltinAssistant
from application.chat.inputs import ChatMessage
from application.tasks.inputs import TaskDraft
from domain.tasks.task import Status
from tests.fakes import add_users
from tests.unit.chat.chat_world import ANN, World


@pytest.fixture
async def world() -> World:
    world = World()
    await add_users(world.store, "ann")
    for number in range(1, 121):
        await world.tasks.add(ANN, TaskDraft(f"Task {number} with a long title, as some people write them down"))
    world.model = BuiltinAssistant()  # type: ignore[assignment]
    return world


async def says(world: World, *messages: str) -> None:
    for message in messages:
        await world.chat.say(ANN, ChatMessage(message, "talk"))


async def counted(world: World, status: Status) -> int:
    return (await world.tasks.page(ANN, status, 1)).total.count


async def test_a_question_about_a_long_list_is_remembered(world: World) -> None:
    await says(world, "delete everything", "yes")
    assert await counted(world, Status.TRASHED) == 120


async def test_it_is_known_after_a_long_list_was_read(world: World) -> None:
    await says(world, "finish task 7", "oops, undo that", "finish task 8", "no, I meant 9")
    done = (await world.tasks.page(ANN, Status.COMPLETED, 10)).tasks
    assert [task.id for task in done] == [9]
