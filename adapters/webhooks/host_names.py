"""Resolves host names as the system does, in threads of its own. The system's look-up can't be cancelled: a name server
that hangs blocks a thread for half a minute. So a user may block few threads at a time, and calls for the same name
share one look-up."""

import asyncio
import socket
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

THREADS = 64
"""A waiting thread takes about 20 kB."""
THREADS_OF_USER = 2

LookUp = Callable[[str, int], Sequence[str]]
PendingLookUp = asyncio.Future[Sequence[str]]


def look_up(host: str, port: int) -> Sequence[str]:
    """Returns the addresses. Raises `OSError`, or `UnicodeError` for a text that can't be a name."""
    return [str(address[0]) for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class HostNames:
    def __init__(self, look_up: LookUp = look_up) -> None:
        self._look_up = look_up
        self._threads = ThreadPoolExecutor(THREADS, "host-names")
        self._running: dict[tuple[str, str, int], PendingLookUp] = {}

    async def addresses(self, user_id: str, host: str, port: int) -> Sequence[str]:
        """Waits while the user's other names use all threads that one user may have. Raises what the look-up raises. If
        the caller gives up, the look-up still runs and counts until its end."""
        name = (user_id, host, port)
        while name not in self._running:
            others = [each for (owner, *_), each in self._running.items() if owner == user_id]
            if len(others) < THREADS_OF_USER:
                self._start(name)
                break
            await asyncio.wait(others, return_when=asyncio.FIRST_COMPLETED)
        return await asyncio.shield(self._running[name])

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _start(self, name: tuple[str, str, int]) -> None:
        _, host, port = name
        self._running[name] = pending = asyncio.get_running_loop().run_in_executor(
            self._threads, self._look_up, host, port
        )
        pending.add_done_callback(lambda _: self._ended(name))

    def _ended(self, name: tuple[str, str, int]) -> None:
        """Reads the error, so that asyncio does not log it if all callers have left."""
        pending = self._running.pop(name)
        if not pending.cancelled():
            pending.exception()
