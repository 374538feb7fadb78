"""A PgBouncer in front of a PostgreSQL of the tests, as hosts run it: transaction mode, few sessions for many."""

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, make_url

from bootstrap.postgres.postgres_wheel import ordinary_user

PROGRAM = os.environ.get("PGBOUNCER") or shutil.which("pgbouncer") or shutil.which("/usr/sbin/pgbouncer")
WANTED = bool(os.environ.get("TEST_POOLER"))
"""Contract and end-to-end tests run behind one then: `TEST_POOLER=1 make test ARGS="tests/contract tests/e2e"`."""
SESSIONS = 8
START_SECONDS = 10
SETTINGS = {
    "pool_mode": "transaction",
    "max_client_conn": "1000",
    "default_pool_size": str(SESSIONS),
    "query_wait_timeout": "120",
    "auth_type": "any",
    "listen_addr": "",
    "unix_socket_mode": "0777",
    "listen_port": "6432",
    "server_login_retry": "1",
}


def keeps_statements() -> bool:
    """Since 1.21 it may follow prepared statements from session to session."""
    assert PROGRAM
    told = subprocess.check_output([PROGRAM, "--version"], text=True)
    version = re.search(r"(\d+)\.(\d+)", told)
    return version is not None and tuple(map(int, version.groups())) >= (1, 21)


@contextmanager
def pooled(url: str, **settings: str) -> Iterator[str]:
    """The URL of the same database through a PgBouncer of its own."""
    assert PROGRAM
    server = make_url(url)
    with tempfile.TemporaryDirectory(prefix="tt-bouncer-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        folder.chmod(0o777)
        (folder / "pgbouncer.ini").write_text(_configuration(server, SETTINGS | settings, folder))
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [PROGRAM, str(folder / "pgbouncer.ini")], stdout=log, stderr=log, **_as_owner(server)
            )
        try:
            _wait_for(folder / ".s.PGSQL.6432", process)
            yield server.set(query={"host": str(folder)}, host=None, port=6432).render_as_string(hide_password=False)
        finally:
            process.terminate()
            process.wait()


@contextmanager
def pooled_where_wanted(url: str) -> Iterator[str]:
    if not WANTED:
        yield url
        return
    with pooled(url) as through:
        yield through


def _configuration(server: URL, settings: dict[str, str], folder: Path) -> str:
    """Whoever comes in is the user of `url`."""
    host = server.query.get("host") or server.host
    there = f"host={host} port={server.port or 5432} user={server.username}"
    lines = [f"{name} = {value}" for name, value in (settings | {"unix_socket_dir": str(folder)}).items()]
    password = f" password={server.password}" if server.password else ""
    return "\n".join(["[databases]", f"* = {there}{password}", "[pgbouncer]", *lines, ""])


def _as_owner(server: URL) -> dict[str, Any]:
    """PgBouncer does not run as root, and only its owner gets at the socket of the embedded PostgreSQL."""
    return {} if os.geteuid() else ordinary_user(Path(str(server.query.get("host", "/nowhere"))))


def _wait_for(socket: Path, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + START_SECONDS
    while not socket.exists():
        if process.poll() is not None or time.monotonic() > end:
            raise AssertionError((socket.parent / "log").read_text())
        time.sleep(0.02)
