"""Server processes: started without waiting, signalled, and started again where they end."""

import asyncio
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import psutil

TASKTALK = Path(sys.executable).parent / "tasktalk"
SECRET = "fault-run-3k9Xw2Lq8Zr5Tn7Vb1Hm6Jd4"  # pragma: allowlist secret
NO_LIMITS = {
    "CHAT_LIMIT": "1000000/minute",
    "MCP_LIMIT": "1000000/minute",
    "SIGNUP_LIMIT": "1000000/minute",
    "SIGNIN_LIMIT": "1000000/minute",
}
POLL_SECONDS = 0.05
END_SECONDS = 20


class ServerProcess:
    """`tasktalk serve` on a port of its own; its lines go to `log`."""

    def __init__(self, database_url: str, log: Path, **environment: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = log
        self._environment = {"DATABASE_URL": database_url, "BETTER_AUTH_SECRET": SECRET, "LOG_LEVEL": "WARNING"}
        self._environment |= NO_LIMITS | environment
        self.process: asyncio.subprocess.Process | None = None

    async def start(self, *flags: str) -> None:
        """Returns at once."""
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *(str(TASKTALK), "serve", "--port", str(self.port), *flags),
                env=_inherited() | self._environment,
                cwd=self.log.parent,
                stdout=log,
                stderr=log,
            )

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.returncode is None

    def send(self, number: signal.Signals) -> None:
        assert self.process
        with suppress(ProcessLookupError):
            self.process.send_signal(number)

    async def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        assert self.process
        self.send(number)
        try:
            await asyncio.wait_for(self.process.wait(), END_SECONDS)
        except TimeoutError:
            self.process.kill()
            raise

    async def answers(self, path: str, status: int = 200, seconds: float = 90) -> httpx.Response:
        """Asks until that is answered with `status`."""
        ends_at = time.monotonic() + seconds
        seen: object = None
        async with httpx.AsyncClient(base_url=self.url, timeout=5, verify=False) as client:
            while time.monotonic() < ends_at:
                with suppress(httpx.TransportError):
                    seen = answer = await client.get(path)
                    if answer.status_code == status:
                        return answer
                await asyncio.sleep(POLL_SECONDS)
        raise AssertionError(f"{path} is {seen} and not {status} after {seconds} s: {self.log.read_text()[-2000:]}")

    def memory(self) -> int:
        """Resident bytes."""
        assert self.process
        return int(psutil.Process(self.process.pid).memory_info().rss)

    def descriptors(self) -> int:
        assert self.process
        return int(psutil.Process(self.process.pid).num_fds())


@asynccontextmanager
async def serving(database_url: str, *flags: str, **environment: str) -> AsyncIterator[ServerProcess]:
    """Started, and perhaps not yet listening."""
    with tempfile.TemporaryDirectory(prefix="tt-server-", ignore_cleanup_errors=True) as folder:
        server = ServerProcess(database_url, Path(folder) / "log", **environment)
        await server.start(*flags)
        try:
            yield server
        finally:
            if server.runs:
                await server.end(signal.SIGKILL)


def _inherited() -> dict[str, str]:
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
