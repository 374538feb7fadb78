"""A real server: `tasktalk serve` as its users start it, with its embedded PostgreSQL, over a real socket."""

import atexit
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import cache
from pathlib import Path

import httpx
import psutil
import pytest

from bootstrap.postgres.dev_database import dev_database
from tests.scratch import SCRATCH
from tests.servers.pgbouncer import WANTED, pooled

PATIENCE, POLL_SECONDS = 600, 0.05
TASKTALK = Path(sys.executable).parent / "tasktalk"
SAME_CODE = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
"""Programs that run with it run what the tests import, in a worktree without an environment of its own too."""


class Server:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "log"
        self.environment = SAME_CODE | {"HOME": str(folder), "DATA_DIR": str(folder / "data")}
        self.process: subprocess.Popen[bytes] | None = None
        self.url = ""

    def start(self, *flags: str, **environment: str) -> None:
        """Returns when it says that it is ready."""
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [TASKTALK, "serve", "--port", "0", *flags],
                env=self.environment | environment,
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        for _ in range(PATIENCE):
            if self.is_ready():
                return
            time.sleep(POLL_SECONDS)
        raise AssertionError(self.output())

    def is_ready(self) -> bool:
        if announced := re.search(r"http://(127.0.0.1|\[::1\]):\d+", self.output()):
            self.url = announced[0]
            with suppress(httpx.TransportError):
                return httpx.get(f"{self.url}/health/ready", timeout=5, verify=False).status_code == 200
        return False

    def output(self) -> str:
        return self.log.read_text()

    def end(self, number: signal.Signals) -> list[psutil.Process]:
        """Sends the signal and waits; what of the server and its PostgreSQL still runs then."""
        assert self.process is not None
        family = self.family()
        workers = [each for each in family if each.name() != "postgres"]
        self.process.send_signal(number)
        self.process.wait(timeout=30)
        still_running(workers, seconds=10)
        return still_running(family, seconds=0 if number == signal.SIGKILL else 0.5)

    def family(self) -> list[psutil.Process]:
        assert self.process is not None
        return [*psutil.Process(self.process.pid).children(recursive=True), *self.postgres()]

    def postgres(self) -> list[psutil.Process]:
        """Its own, if it has one."""
        if "DATABASE_URL" in self.environment:
            return []
        pid_file = self.folder / "data" / "postgres" / "postmaster.pid"
        return [psutil.Process(int(pid_file.read_text().split()[0]))] if pid_file.exists() else []

    def run(self, *arguments: str, given: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [TASKTALK, *arguments],
            env=self.environment | environment,
            cwd=self.folder,
            input=given,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


def still_running(processes: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    """After so long at most. Dead ones are not waited for any longer: who is to reap them may take seconds."""
    end = time.monotonic() + seconds
    while (left := [each for each in processes if _runs(each)]) and time.monotonic() < end:
        time.sleep(POLL_SECONDS)
    return left


def _runs(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    return False


@pytest.fixture
def server() -> Iterator[Server]:
    with new_server() as server:
        yield server


@pytest.fixture
def first_server() -> Iterator[Server]:
    """As on a new machine."""
    with new_server(empty=True) as server:
        yield server


@contextmanager
def new_server(*, empty: bool = False) -> Iterator[Server]:
    """Not started yet, with a migrated database unless it is to begin `empty`; ended in any case."""
    with tempfile.TemporaryDirectory(prefix="tt-", dir=SCRATCH, ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        server = Server(Path(folder))
        if not empty:
            subprocess.run(["cp", "-a", _migrated(), server.folder / "data"], check=True)
        try:
            with behind_a_pooler(server) if WANTED and not empty else nullcontext():
                yield server
        finally:
            if server.process and server.process.poll() is None:
                server.end(signal.SIGTERM)


@contextmanager
def behind_a_pooler(server: Server) -> Iterator[None]:
    with dev_database(server.folder / "data", durable=False) as direct, pooled(direct) as through:
        server.environment |= {"DATABASE_URL": through, "DIRECT_DATABASE_URL": direct}
        yield
        if server.process and server.process.poll() is None:
            server.end(signal.SIGTERM)


@cache
def _migrated() -> Path:
    """Data to copy: making them takes longer than starting a server on them."""
    folder = Path(tempfile.mkdtemp(prefix="tt-made-", dir=SCRATCH))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)
    done = Server(folder).run("migrate")
    assert done.returncode == 0, done.stderr
    return folder / "data"
