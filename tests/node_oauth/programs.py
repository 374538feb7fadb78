"""Programs that open a browser to have their user sign in."""

import asyncio
import os
import pty
import re
import subprocess
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress

import httpx

from tests.http.oauth.browsing import Browser

ASKS = re.compile(r'http://[\w.:\[\]]+/oauth/authorize\?[^\s"\x07\x1b]+')
PATIENCE_SECONDS = 60


class Program:
    """What it says is read from a terminal, since some ask nobody without one."""

    def __init__(self, process: asyncio.subprocess.Process, terminal: int) -> None:
        self._process, self._terminal = process, terminal
        self.said = ""
        self._reading = asyncio.create_task(asyncio.to_thread(self._read))

    def _read(self) -> None:
        with suppress(OSError):
            while piece := os.read(self._terminal, 65_536):
                self.said += piece.decode("utf-8", "replace")

    async def saying(self, pattern: str) -> re.Match[str]:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (found := re.search(pattern, self.said)):
                assert self._process.returncode is None or not self._reading.done(), self.said
                await asyncio.sleep(0.05)
        return found

    async def sign_in(self, base: str, email: str) -> None:
        """Does what its user does: opens the address that it says, allows all, and goes back."""
        address = (await self.saying(ASKS.pattern))[0]
        browser = Browser(base)
        location = await browser.allow(address, email)
        await browser.client.aclose()
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as back:
            assert (await back.get(location, follow_redirects=True)).status_code == 200

    async def ended(self) -> int:
        async with asyncio.timeout(PATIENCE_SECONDS):
            status = await self._process.wait()
            await self._reading
        return status


@asynccontextmanager
async def running(command: Sequence[str], environment: Mapping[str, str]) -> AsyncIterator[Program]:
    ours, theirs = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        *command, stdin=subprocess.PIPE, stdout=theirs, stderr=theirs, env={**os.environ, **environment}
    )
    os.close(theirs)
    program = Program(process, ours)
    try:
        yield program
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await program._reading
        os.close(ours)
