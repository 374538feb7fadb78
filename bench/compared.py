"""`python -m bench.compared`: instructions per request of tasktalk and of the bare server, under the load of `bench`.

Valgrind counts them in the server's process, uvicorn's too, and none of the kernel's. So the figures say little less
than CPU, and hardly depend on what else the machine does. 32 connections of 32 users, as in `make bench`.
"""

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import psutil
import uvicorn

from adapters.http.server import concurrency_limits
from adapters.postgres.driver import connections, wakeups
from adapters.postgres.migration import migrate
from bench.__main__ import CONNECTIONS, SERVERS, USERS, environment_of, prepared, routes, server
from bench.instructions import VALGRIND, total
from bench.load import Request, load
from bench.options import options
from bootstrap.postgres.dev_database import dev_database

WARM_UP, REQUESTS = 64, 960
SLOWER = 50
"""How many times slower valgrind is."""
STRETCHED = (
    (wakeups, "PAUSE_SECONDS"),
    (connections, "CONNECT_SECONDS"),
    (connections, "STATEMENT_SECONDS"),
    (connections, "WAIT_SECONDS"),
    (concurrency_limits, "WAIT_SECONDS"),
)
"""Times that are as many times longer, so that as many requests as usual share an announcement, and none is refused."""
SERVE = (sys.executable, "-m", "bench.compared", "serve")
PEERS = ("tasktalk", "bare")


class Counted:
    """A server under valgrind, which writes a file of counts at each dump."""

    def __init__(self, process: psutil.Process, port: int, counts: Path) -> None:
        self._process = process
        self._port = port
        self._counts = counts
        self._dumps = 0

    def instructions(self, requests: Sequence[Request]) -> int:
        """Returns the thousands of instructions per request."""
        self._control("-i", "on")
        self._load(requests, WARM_UP, 1)
        self._dump()
        self._load(requests, REQUESTS, CONNECTIONS[0])
        self._dump()
        self._control("-i", "off")
        return total(self._counts.with_name(f"{self._counts.name}.{self._dumps}")) // REQUESTS // 1000

    def _load(self, requests: Sequence[Request], count: int, connections: int) -> None:
        asyncio.run(load(self._port, requests, connections, count))

    def _dump(self) -> None:
        self._control("--dump")
        self._dumps += 1

    def _control(self, *what: str) -> None:
        subprocess.run(["callgrind_control", *what, str(self._process.pid)], check=True, capture_output=True)


def main() -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tasktalk-bench-")))
        url = stack.enter_context(dev_database(folder, durable=False))
        asyncio.run(migrate(url))
        environment = environment_of(url)
        app, *flags = SERVERS["tasktalk"]
        with server(app, environment, *flags) as (_, port):
            requests = routes(prepared(port, USERS))
        peers = {peer: counted(peer, environment, folder, stack) for peer in PEERS}
        for route, each in requests.items():
            found = {peer: at.instructions(each) for peer, at in peers.items()}
            ratio = found["tasktalk"] / found["bare"]
            print(f"{route:16}{found['tasktalk']:8,}{found['bare']:8,} thousand   {ratio:5.2f} x bare", flush=True)


def counted(peer: str, environment: dict[str, str], folder: Path, stack: ExitStack) -> Counted:
    counts = folder / peer
    uvicorn = (*VALGRIND, f"--callgrind-out-file={counts}", *SERVE)
    app, *flags = SERVERS[peer]
    process, port = stack.enter_context(server(app, environment, *flags, uvicorn=uvicorn))
    return Counted(process, port, counts)


def serve(arguments: Sequence[str]) -> None:
    for module, name in STRETCHED:
        setattr(module, name, getattr(module, name) * SLOWER)
    uvicorn.main(arguments)


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(sys.argv[2:])
    else:
        options(__doc__)
        main()
