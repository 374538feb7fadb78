"""A model on loopback that says what time it is, word by word, and readers who so hear how old each word is."""

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field, replace

import msgspec

from bench.load import Request
from bench.options import no_command
from tests.servers.model_server import ModelServer, Received, Wire, finished, said

WORD_SECONDS = 0.2
OPENING_AT_ONCE = 8
CHAT = Request("POST", "/api/users/me/chat", "", b'{"message": "What time is it?"}', "text/event-stream")


class SpeakingClock(ModelServer):
    """Talks to everybody until `enough` is set."""

    def __init__(self) -> None:
        super().__init__(self._tell)
        self.words, self.enough = 0, asyncio.Event()

    async def _tell(self, wire: Wire, received: Received) -> None:
        await wire.start()
        await asyncio.sleep(random.uniform(0, WORD_SECONDS))
        await self._say(wire)
        while not self.enough.is_set():
            await asyncio.sleep(WORD_SECONDS)
            await self._say(wire)
        for chunk in (finished("stop"), "[DONE]"):
            await wire.event(chunk)
        await wire.write(b"0\r\n\r\n")

    async def _say(self, wire: Wire) -> None:
        self.words += 1
        await wire.event(said(f"{time.perf_counter():.4f} "))


@dataclass(slots=True)
class Heard:
    """By all `readers` together. `delays` are in milliseconds, one per word; `opened` is set when all streams are."""

    readers: int
    open: int = 0
    opened: asyncio.Event = field(default_factory=asyncio.Event)
    chunks: int = 0
    delays: list[float] = field(default_factory=list)
    endings: Counter[str] = field(default_factory=Counter)
    _opening: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(OPENING_AT_ONCE))

    async def read(self, port: int, token: str) -> None:
        async with self._opening:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(replace(CHAT, token=token).encoded())
            status = (await reader.readuntil(b"\r\n\r\n")).partition(b"\r\n")[0].decode()
        if status == "HTTP/1.1 200 OK":
            self._open()
            await self._read(reader)
        else:
            self.endings[status] += 1
        writer.close()

    def _open(self) -> None:
        self.open += 1
        if self.open == self.readers:
            self.opened.set()

    async def _read(self, reader: asyncio.StreamReader) -> None:
        while (line := await reader.readline()) not in (b"", b"data: [DONE]\n"):
            if line.startswith(b"data: "):
                self._take(msgspec.json.decode(line[6:]))

    def _take(self, chunk: dict[str, str]) -> None:
        if delta := chunk.get("delta"):
            now = time.perf_counter()
            self.chunks += 1
            self.delays += [(now - float(word)) * 1000 for word in delta.split()]
        elif chunk["type"] in ("finish", "error", "abort"):
            self.endings[chunk.get("errorText", chunk["type"])] += 1


if __name__ == "__main__":
    no_command(__doc__)
