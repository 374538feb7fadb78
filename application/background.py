import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

from domain.errors import Refusal

CLOSE_SECONDS = 2.0

T = TypeVar("T")
log = logging.getLogger(__name__)


class Background:
    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()
        self._endless: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def run_forever(self, endless: Coroutine[Any, Any, None]) -> None:
        self._endless.add(task := self.start(endless))
        task.add_done_callback(self._endless.discard)

    async def close(self) -> None:
        """Waits for the running tasks, and cancels those that take longer than `CLOSE_SECONDS`."""
        for task in self._endless:
            task.cancel()
        while self._running:
            _, late = await asyncio.wait(self._running, timeout=CLOSE_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) and not isinstance(error, Refusal):
            log.error("work in the background crashed", exc_info=error)
