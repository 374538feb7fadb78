"""Creates, launches and stops the built-in PostgreSQL; dev_database.py decides when."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import URL

from bootstrap.postgres.postgres_wheel import MAJOR_VERSION, DevDatabaseError, give, let_run, ordinary_user, programs

DATABASE = "tasktalk"
SOCKET = ".s.PGSQL.5432"
MAX_LOG_BYTES = 1_000_000
MAX_SOCKET_BYTES = 103  # on macOS; Linux takes 107
ENVIRONMENT = {"LC_ALL": "C", "PATH": os.defpath}  # a locale that isn't installed, PGPORT or TZ must not get through
INITDB = (
    "--username=postgres",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",  # sorts the same on every machine
    "--builtin-locale=C.UTF-8",
)
OPTIONS = {
    "cluster_name": DATABASE,
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "dynamic_shared_memory_type": "mmap",  # sandboxes lose POSIX shared memory
    "io_method": "sync",
    "max_connections": "200",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}
CREATE_DATABASE = rb"""
SELECT 'CREATE DATABASE tasktalk' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'tasktalk') \gexec
"""
UNSAFE_OPTIONS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postmaster(NamedTuple):
    """The content of postmaster.pid, which remains after a crash."""

    pid: int
    socket_dir: Path
    is_ready: bool


class EmbeddedPostgres:
    def __init__(self, folder: Path, *, durable: bool) -> None:
        self._programs = programs()
        self._cluster = folder / "postgres"
        self._log = folder / "postgres.log"
        self._durable = durable
        self._sockets = self._cluster
        self._old_log = 0
        self._user: dict[str, Any] = {}

    def url(self) -> str | None:
        """Returns None while the server accepts no connections yet."""
        postmaster = self._postmaster()
        if postmaster is None or not postmaster.is_ready or not self._has_database(postmaster.socket_dir):
            return None
        self._sockets = postmaster.socket_dir
        url = URL.create("postgresql+asyncpg", "postgres", port=5432, database=DATABASE)
        return url.set(query={"host": str(postmaster.socket_dir)}).render_as_string()

    def has_data(self) -> bool:
        return (self._cluster / "PG_VERSION").exists()

    def launch(self, lock: int) -> None:
        """Call it while no process of the server runs. All its processes inherit the open file `lock`. A shell in
        between detaches the server from this process, so that any process can stop it and no zombie remains."""
        if self.url() is None:  # else someone started it by hand, and PostgreSQL will say so
            self._forget_crash()
        self._begin_log()
        if os.geteuid() == 0:
            self._user = ordinary_user(self._cluster)
            let_run(self._programs, self._cluster.parent)
            give(self._cluster, self._user)
        if not self.has_data():
            self._initialize(lock)
        self._check_version()
        self._run("/bin/sh", "-c", '"$@" &', "sh", *self._command(), lock=lock)

    def signal(self, number: signal.Signals) -> None:
        if postmaster := self._postmaster():
            self._sockets = postmaster.socket_dir
            with suppress(ProcessLookupError):
                os.kill(postmaster.pid, number)

    def tidy(self) -> None:
        """Call it after the server has ended. Does nothing if the socket is in the data folder."""
        with suppress(OSError):
            self._sockets.rmdir()

    def failure(self) -> DevDatabaseError:
        """Call it after a program failed. Its first error message is usually the cause of the others."""
        new = self._log.read_bytes()[self._old_log :].decode(errors="replace")
        complaint = re.search(r"(?:FATAL|PANIC|ERROR|error): +(.+)", new)
        reason = complaint[1] if complaint else "PostgreSQL did not start"
        return DevDatabaseError(f"{reason} (more in {self._log}). Mend that")

    def _forget_crash(self) -> None:
        """Deletes stale pid files, since PostgreSQL does not start if another process has the old pid."""
        locks = (folder / f"{SOCKET}.lock" for folder in (self._cluster, self._sockets))
        for path in (self._cluster / "postmaster.pid", *locks):
            path.unlink(missing_ok=True)

    def _begin_log(self) -> None:
        with self._log.open("ab") as log:
            if log.tell() > MAX_LOG_BYTES:
                log.truncate(0)
            self._old_log = log.seek(0, os.SEEK_END)

    def _initialize(self, lock: int) -> None:
        """Renames the cluster when it is complete: initdb writes PG_VERSION first and may be killed after that."""
        half = self._cluster.with_suffix(".new")
        shutil.rmtree(half, ignore_errors=True)
        self._give(half)
        no_sync = () if self._durable else ("--no-sync",)
        self._run(str(self._programs / "initdb"), "--pgdata", str(half), *INITDB, *no_sync, lock=lock)
        half.rename(self._cluster)

    def _check_version(self) -> None:
        version = (self._cluster / "PG_VERSION").read_text().strip()
        if version != MAJOR_VERSION:
            made_by = f"{self._cluster} was made by PostgreSQL {version} and this is {MAJOR_VERSION}"
            raise DevDatabaseError(f"{made_by}. Move that folder away")

    def _command(self) -> list[str]:
        options = OPTIONS if self._durable else OPTIONS | UNSAFE_OPTIONS
        options = options | {"unix_socket_directories": str(self._socket_dir())}
        settings = (part for name, value in options.items() for part in ("-c", f"{name}={value}"))
        return [str(self._programs / "postgres"), "-D", str(self._cluster), *settings]

    def _socket_dir(self) -> Path:
        """Returns the data folder if its path can be used as an address, since PostgreSQL and URLs restrict such paths.
        Otherwise returns the folder of the run before, since clients have that address."""
        path = os.fsencode(self._cluster / SOCKET)
        if len(path) <= MAX_SOCKET_BYTES and re.fullmatch(rb"[\w/.+-]+", path):
            return self._cluster
        if self._sockets != self._cluster:
            return self._give(self._sockets)
        return self._give(Path(tempfile.mkdtemp(prefix=f"{DATABASE}-")))

    def _give(self, folder: Path) -> Path:
        """Makes the folder accessible only to the user that PostgreSQL runs as."""
        folder.mkdir(mode=0o700, exist_ok=True)
        if self._user:
            os.chown(folder, self._user["user"], self._user["group"])
        return folder

    def _run(self, *command: str, lock: int) -> None:
        """Runs in a session of its own, so that Ctrl-C reaches only the application, which stops PostgreSQL last."""
        with self._log.open("ab") as output:
            result = subprocess.run(  # noqa: S603
                command,
                env=ENVIRONMENT,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                pass_fds=[lock],
                check=False,
                **self._user,
            )
        if result.returncode:
            raise self.failure()

    def _postmaster(self) -> Postmaster | None:
        with suppress(FileNotFoundError, ValueError, IndexError):
            lines = (self._cluster / "postmaster.pid").read_text().splitlines()
            return Postmaster(int(lines[0]), Path(lines[4]), lines[7].strip() == "ready")
        return None

    def _has_database(self, socket_dir: Path) -> bool:
        """Returns False while the server accepts no connections (psql's exit status 2)."""
        login = ("--host", str(socket_dir), "--username", "postgres", "--dbname", "postgres")
        with self._log.open("ab") as output:
            result = subprocess.run(  # noqa: S603
                [self._programs / "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", *login],
                env=ENVIRONMENT,
                input=CREATE_DATABASE,
                stdout=output,
                stderr=output,
                start_new_session=True,
                check=False,
            )
        if result.returncode not in (0, 2):
            raise self.failure()
        return result.returncode == 0
