"""Other processes that use the built-in PostgreSQL, and a look at it from outside."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from bootstrap.postgres.dev_database import polls
from bootstrap.postgres.postgres_wheel import programs

ROOT = Path(__file__).parents[2]
OWNER = """
import os, signal, sys, tempfile
from pathlib import Path
import sqlalchemy.engine.url
from bootstrap.postgres.dev_database import DevDatabaseError, dev_database, polls

signal.signal(signal.SIGINT, signal.default_int_handler)  # a suite that runs in the background ignores it
folder, user = Path(sys.argv[1]), int(sys.argv[2])
if user:  # from here on: the interpreter itself may be out of an ordinary user's reach
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)
try:
    with dev_database(folder, durable=False) as url:
        print(url, flush=True)
        try:
            sys.stdin.read()
        except KeyboardInterrupt:
            print("draining", flush=True)
            sys.stdin.read()
except DevDatabaseError as error:
    sys.exit(f"refused: {error}")
"""


class Owner:
    """Another process that uses the database of `folder` until told to leave."""

    def __init__(self, folder: Path, *, user: int = 0, **environment: str) -> None:
        command = [sys.executable, "-c", OWNER, str(folder), str(user)]
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def says(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()

    def leaves(self) -> bool:
        """Whether all went well."""
        self.says_at_last()
        return self._process.returncode == 0

    def says_at_last(self) -> str:
        return self._process.communicate(timeout=30)[1]

    def is_interrupted(self) -> None:
        """As a terminal does it: the whole process group gets the signal."""
        os.killpg(self._process.pid, signal.SIGINT)

    def is_killed(self) -> None:
        self._process.kill()
        self.says_at_last()


def copy(made: Path, folder: Path) -> Path:
    folder.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", made, folder], check=True)
    return folder


def socket_folder(url: str) -> str:
    return parse_qs(urlsplit(url).query)["host"][0]


def sql(url: str, statement: str) -> str:
    """Run by psql: most tests here have no event loop."""
    command = [
        str(programs() / "psql"),
        "-XAt",
        "-h",
        socket_folder(url),
        "-U",
        "postgres",
        "-d",
        "tasktalk",
        "-c",
        statement,
    ]
    return subprocess.check_output(command, env={"LC_ALL": "C"}, text=True, timeout=10).strip()


def server(url: str) -> int:
    """The pid of the postmaster, whose first line that is."""
    return int(sql(url, "SELECT split_part(pg_read_file('postmaster.pid'), E'\n', 1)"))


def ends(pid: int) -> bool:
    """Gone, or dead and not yet fetched by the init process."""
    for _ in polls(10):
        state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
        if state.stdout.strip()[:1] in ("", "Z"):
            return True
    return False


def runs(pid: int) -> bool:
    os.kill(pid, 0)
    return True
