"""A PostgreSQL of our own, to be stopped, frozen and started again."""

import signal
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psutil
from sqlalchemy import URL

from bootstrap.postgres.dev_database import FileLock, polls, started
from bootstrap.postgres.embedded_postgres import DATABASE, SOCKET, EmbeddedPostgres

FAST, IMMEDIATE = signal.SIGINT, signal.SIGQUIT
STOP_SECONDS = 20


class Postgres:
    """It listens on the Unix socket `socket`; `url` leads there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server = EmbeddedPostgres(folder, durable=True)
        self._lock = folder / "postgres.running"
        self.url = ""

    @property
    def folder(self) -> Path:
        """Where its socket is."""
        return self._folder / "postgres"

    @property
    def socket(self) -> str:
        return str(self.folder / SOCKET)

    def start(self) -> None:
        self.url = started(self._server, self._lock)

    def stop(self, how: signal.Signals = FAST) -> None:
        """Returns when the last of its processes has ended."""
        self.thaw()
        self._server.signal(how)
        for _ in polls(STOP_SECONDS):
            with closing(FileLock(self._lock)) as running:
                if running.take():
                    return
        raise AssertionError("PostgreSQL does not stop")

    def freeze(self) -> None:
        """The postmaster first, so that it starts no other; connecting goes on, as that is the kernel's."""
        for process in self._processes():
            with suppress(psutil.NoSuchProcess):
                process.suspend()

    def thaw(self) -> None:
        for process in reversed(self._processes()):
            with suppress(psutil.NoSuchProcess):
                process.resume()

    def _processes(self) -> list[psutil.Process]:
        with suppress(FileNotFoundError, ValueError, IndexError, psutil.NoSuchProcess):
            first = (self.folder / "postmaster.pid").read_text().split()[0]
            postmaster = psutil.Process(int(first))
            return [postmaster, *postmaster.children()]
        return []


@contextmanager
def own_postgres() -> Iterator[Postgres]:
    """Running, and empty but for its database."""
    with tempfile.TemporaryDirectory(prefix="tt-pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        postgres = Postgres(Path(folder))
        postgres.start()
        try:
            yield postgres
        finally:
            postgres.stop(IMMEDIATE)


def through(port: int, user: str = "postgres") -> str:
    """The URL that leads to its database by a proxy on that port."""
    url = URL.create("postgresql", user, host="127.0.0.1", port=port, database=DATABASE)
    return url.render_as_string(hide_password=False)
