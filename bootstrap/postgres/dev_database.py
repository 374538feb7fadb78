"""Who uses the built-in PostgreSQL, and so when it starts and stops.

File locks tell. The kernel drops a lock with the last process that holds it, so after a kill -9 no list of users is
wrong and nothing needs repair; pids, which the wheel relies on, come back as other processes.
"""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from bootstrap.postgres.embedded_postgres import EmbeddedPostgres
from bootstrap.postgres.postgres_wheel import DevDatabaseError

if sys.platform != "win32":
    import fcntl

__all__ = ["DevDatabaseError", "dev_database"]

START_SECONDS = 60.0
STOP_SECONDS = 10.0
POLL_SECONDS = 0.01
WATCH_SECONDS = 1.0

log = logging.getLogger(__name__)


@contextmanager
def dev_database(data_dir: Path, *, durable: bool = True) -> Iterator[str]:
    """Its URL for SQLAlchemy, while this process uses it; the last process to leave stops it, and any revives it.

    For the parent process only: workers are its children and get the URL. Raises `DevDatabaseError`.
    `durable=False`, for tests, trades what a crash of the machine may lose for speed.
    """
    folder = data_dir.resolve()
    with ExitStack() as use:
        try:
            server = EmbeddedPostgres(folder, durable=durable)
            url = start(folder, server, use)
            use.enter_context(watched(folder, server))
        except OSError as error:
            where = error.filename or folder
            raise DevDatabaseError(f"{where}: {error.strerror}. Set DATA_DIR to a folder of your own") from error
        yield url


def start(folder: Path, server: EmbeddedPostgres, use: ExitStack) -> str:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with turn(folder):
        users = use.enter_context(closing(FileLock(folder / "postgres.users")))
        users.share()
        use.callback(stop, folder, server, users)
        return started(server, folder / "postgres.running")


def stop(folder: Path, server: EmbeddedPostgres, users: "FileLock") -> None:
    """Where someone deleted the folder there is nothing to stop by: PostgreSQL sees that, and ends in a minute."""
    if users.is_in_place():
        with turn(folder):
            if users.take():
                stopped(server, folder / "postgres.running")


def started(server: EmbeddedPostgres, lock: Path) -> str:
    launched = False
    for _ in polls(START_SECONDS):
        with closing(FileLock(lock)) as running:
            if not running.take():
                if url := server.url():
                    return url
            elif launched:
                break
            else:
                server.launch(running.descriptor)
                launched = True
    raise server.failure()


def stopped(server: EmbeddedPostgres, lock: Path) -> None:
    """Fast (sessions are ended), and where that takes too long immediately (it recovers at the next start)."""
    for how in (signal.SIGINT, signal.SIGQUIT):
        for _ in polls(STOP_SECONDS):
            with closing(FileLock(lock)) as running:
                if running.take():
                    server.tidy()
                    return
            server.signal(how)


@contextmanager
def watched(folder: Path, server: EmbeddedPostgres) -> Iterator[None]:
    """A server that dies, of whatever, is started again, on the same socket and once a second at most."""
    left = threading.Event()
    watch = threading.Thread(target=revive, args=(folder, server, left), name="postgres-watch", daemon=True)
    watch.start()
    try:
        yield
    finally:
        left.set()
        watch.join()


def revive(folder: Path, server: EmbeddedPostgres, left: threading.Event) -> None:
    """Returns when `left` is set. Each reason not to start is said once; deleted data are not made anew."""
    said = ""
    while not left.wait(WATCH_SECONDS):
        try:
            if server.has_data() and not is_running(folder):
                log.warning("the built-in database died, and is started again")
                with turn(folder):
                    started(server, folder / "postgres.running")
                said = ""
        except (DevDatabaseError, OSError) as error:
            if str(error) != said:
                log.warning("%s", error)
            said = str(error)


def is_running(folder: Path) -> bool:
    with closing(FileLock(folder / "postgres.running")) as running:
        return not running.take()


@contextmanager
def turn(folder: Path) -> Iterator[None]:
    """One process at a time starts or stops."""
    with closing(FileLock(folder / "postgres.turn")) as lock:
        lock.wait()
        yield


def polls(seconds: float) -> Iterator[None]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield
        time.sleep(POLL_SECONDS)


class FileLock:
    """flock(2): it belongs to the open file, so children that inherit that hold it on when their parent dies."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def share(self) -> None:
        fcntl.flock(self.descriptor, fcntl.LOCK_SH)

    def wait(self) -> None:
        fcntl.flock(self.descriptor, fcntl.LOCK_EX)

    def take(self) -> bool:
        """False where another holds it."""
        with suppress(BlockingIOError):
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        return False

    def is_in_place(self) -> bool:
        with suppress(FileNotFoundError):
            return os.path.samestat(os.fstat(self.descriptor), self.path.stat())
        return False

    def close(self) -> None:
        os.close(self.descriptor)
