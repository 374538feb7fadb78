"""Finds the addresses of host names as the system does, in threads of its own.

The system's look-up can't be given up: a name server that hangs keeps a thread for half a minute, whatever time-out its
caller has. So a user holds few threads at a time, and all who ask for one name share one look-up.
"""

import asyncio
import socket
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

THREADS = 64
"""One that waits costs some 20 kB."""
THREADS_OF_USER = 2

LookUp = Callable[[str, int], Sequence[str]]
Answer = asyncio.Future[Sequence[str]]


def look_up(host: str, port: int) -> Sequence[str]:
    """Returns the addresses. Raises `OSError`, or `UnicodeError` for what can be no name."""
    return [str(address[0]) for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class HostNames:
    def __init__(self, look_up: LookUp = look_up) -> None:
        self._look_up = look_up
        self._threads = ThreadPoolExecutor(THREADS, "host-names")
        self._running: dict[tuple[str, str, int], Answer] = {}

    async def addresses(self, user_id: str, host: str, port: int) -> Sequence[str]:
        """Waits while the user's other names hold all threads that one user may have.

        Raises what the look-up raises. A caller who gives up leaves the look-up to run, and to count, until its end.
        """
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
        self._running[name] = answer = asyncio.get_running_loop().run_in_executor(
            self._threads, self._look_up, host, port
        )
        answer.add_done_callback(lambda _: self._ended(name))

    def _ended(self, name: tuple[str, str, int]) -> None:
        """Looks at the error too: where nobody waits any more, nobody else does."""
        answer = self._running.pop(name)
        if not answer.cancelled():
            answer.exception()
