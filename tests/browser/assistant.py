"""A model on loopback that does what it is told: slow where a test wants to be in the middle of its answer."""

import asyncio
import json

from tests.servers.model_server import DRIP_SECONDS, Json, ModelServer, Received, Wire, called, finished, refusing, said


class Assistant(ModelServer):
    """ "count" counts until `enough`; "say …" says it; "add …" adds a task; "fail" fails until `well`."""

    def __init__(self) -> None:
        super().__init__(self._answer_as_told)
        self.enough = asyncio.Event()
        self.well = asyncio.Event()

    async def _answer_as_told(self, wire: Wire, received: Received) -> None:
        last = received.body["messages"][-1]
        order, _, text = last["content"].partition(" ")
        if order == "fail" and not self.well.is_set():
            await refusing(401)(wire, received)
            return
        await wire.start()
        if order == "count":
            await self._count(wire)
        for chunk in _chunks(last["role"], order, text):
            await wire.event(chunk)
        await wire.event("[DONE]")
        await wire.write(b"0\r\n\r\n")

    async def _count(self, wire: Wire) -> None:
        number = 0
        while not self.enough.is_set():
            await wire.event(said(f"{number} "))
            number += 1
            await asyncio.sleep(DRIP_SECONDS)


def _chunks(role: str, order: str, text: str) -> list[Json]:
    if role == "user" and order == "add":
        return [called(0, json.dumps({"title": text}), "add_task", "a"), finished("tool_calls")]
    if order == "say":
        return [said(text), finished("stop")]
    return [said("That is all."), finished("stop")]
