"""Starts the built-in PostgreSQL for its first user and stops it after its last one. Users hold file locks. The kernel
releases a lock with the last process that holds it, so a kill -9 leaves no stale user. The wheel relies on pids
instead, which other processes may get."""

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
    """Yields the URL for SQLAlchemy while this process uses the database. The last process stops it, and any process
    restarts it after a crash. For the parent process only: workers are its children and get the URL. Raises
    `DevDatabaseError`. `durable=False`, for tests, is faster but may lose data if the machine crashes."""
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
    """Does nothing if the folder was deleted. PostgreSQL notices that and ends within a minute."""
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
    """Fast mode ends sessions. Immediate mode follows if that takes too long; the next start recovers."""
    for how in (signal.SIGINT, signal.SIGQUIT):
        for _ in polls(STOP_SECONDS):
            with closing(FileLock(lock)) as running:
                if running.take():
                    server.tidy()
                    return
            server.signal(how)


@contextmanager
def watched(folder: Path, server: EmbeddedPostgres) -> Iterator[None]:
    """Restarts a server that dies on the same socket, at most once a second."""
    left = threading.Event()
    watch = threading.Thread(target=revive, args=(folder, server, left), name="postgres-watch", daemon=True)
    watch.start()
    try:
        yield
    finally:
        left.set()
        watch.join()


def revive(folder: Path, server: EmbeddedPostgres, left: threading.Event) -> None:
    """Returns when `left` is set. Each failure is logged once. Deleted data are not created again."""
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
    """Lets one process at a time start or stop PostgreSQL."""
    with closing(FileLock(folder / "postgres.turn")) as lock:
        lock.wait()
        yield


def polls(seconds: float) -> Iterator[None]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield
        time.sleep(POLL_SECONDS)


class FileLock:
    """Belongs to the open file (flock(2)), so children that inherit the file keep the lock when their parent dies."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def share(self) -> None:
        fcntl.flock(self.descriptor, fcntl.LOCK_SH)

    def wait(self) -> None:
        fcntl.flock(self.descriptor, fcntl.LOCK_EX)

    def take(self) -> bool:
        """Returns False if another process holds the lock."""
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
