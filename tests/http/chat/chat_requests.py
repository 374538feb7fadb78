"""Requests to the chat, and a turn that has begun."""

import asyncio
from collections.abc import AsyncGenerator

import httpx

from application.chat.model.accumulator import DRAFT_SECONDS
from application.ports import Part, Prompt, TextDelta
from domain.chat.messages import ToolCall
from tests.fakes import ScriptedModel
from tests.http.conftest import Api

CHAT = "/api/users/me/chat"
STREAM = {"Accept": "text/event-stream"}
ADD = ToolCall("", "add_task", '{"title": "Buy milk"}')


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
