"""A real server: `tasktalk serve` as its users start it, with its embedded PostgreSQL, over a real socket."""

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

TASKTALK = Path(sys.executable).parent / "tasktalk"


class Server:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "DATA_DIR": str(folder / "data")}
        self.process: subprocess.Popen[str] | None = None
        self.output: list[str] = []
        self.url = ""

    def start(self, *flags: str, **environment: str) -> None:
        """Returns when it has said where it is and accepts connections."""
        self.process = subprocess.Popen(
            [TASKTALK, "serve", "--port", "0", *flags],
            env=self.environment | environment,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        self.output = []
        for line in self.process.stdout:
            self.output.append(line)
            if "Uvicorn running" in line:
                break
        said = re.search(r"http://127.0.0.1:\d+", "".join(self.output))
        assert said, "".join(self.output)
        self.url = said[0]

    def end(self, number: signal.Signals) -> list[psutil.Process]:
        """Sends the signal and waits; what of the server and its PostgreSQL still runs then."""
        assert self.process is not None
        family = self.family()
        self.process.send_signal(number)
        self.process.communicate(timeout=30)
        _, left = psutil.wait_procs(family, timeout=0.5)
        return left

    def family(self) -> list[psutil.Process]:
        assert self.process is not None
        return [*psutil.Process(self.process.pid).children(recursive=True), *self.postgres()]

    def postgres(self) -> list[psutil.Process]:
        pid_file = self.folder / "data" / "postgres" / "postmaster.pid"
        return [psutil.Process(int(pid_file.read_text().split()[0]))] if pid_file.exists() else []

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [TASKTALK, *arguments],
            env=self.environment | environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture
def server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="tt-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        server = Server(Path(folder))
        yield server
        if server.process and server.process.poll() is None:
            server.end(signal.SIGTERM)
