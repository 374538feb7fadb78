"""Requests to the chat, and a turn that has begun."""

import asyncio
from collections.abc import AsyncGenerator

import httpx

from application.ports import Part, Prompt, TextDelta
from domain.chat.messages import ToolCall
from tests.fakes import ScriptedModel
from tests.http.conftest import Api

CHAT = "/api/users/me/chat"
STREAM = {"Accept": "text/event-stream"}
ADD = ToolCall("", "add_task", '{"title": "Buy milk"}')


class Waits(ScriptedModel):
    """Says one word, and no more until it is cancelled."""

    async def answer(self, prompt: Prompt) -> AsyncGenerator[Part, None]:
        yield TextDelta("Once")
        await asyncio.Event().wait()


async def begun(api: Api) -> asyncio.Task[httpx.Response]:
    """A streamed turn, when its first word is stored."""
    api.model.answer = Waits().answer  # type: ignore[method-assign]
    streaming = asyncio.create_task(api("POST", CHAT, json={"message": "a story"}, headers=STREAM))
    async with asyncio.timeout(5):
        while not any(turn.draft for turn in api.store.rows.turns.values()):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return streaming
