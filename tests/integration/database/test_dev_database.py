"""The built-in PostgreSQL as processes see it that come, go and are killed."""

import os
import shutil
import signal
import subprocess
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bootstrap.postgres.dev_database import dev_database, polls
from bootstrap.postgres.embedded_postgres import EmbeddedPostgres
from bootstrap.postgres.postgres_wheel import programs
from tests.servers.database_processes import Owner, copy, ends, runs, server, socket_folder, sql


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
        subprocess.run([programs() / "dropdb", "-h", socket_folder(url), "-U", "postgres", "tasktalk"], check=True)
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


@pytest.mark.long
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


@pytest.mark.long
def test_a_folder_deleted_under_it_does_no_harm(folder: Path, made: Path) -> None:
    with dev_database(folder, durable=False) as url:
        pid = server(url)
        shutil.rmtree(folder)
        with dev_database(copy(made, folder), durable=False) as fresh:
            other = server(fresh)
            assert other != pid
    assert ends(other)
    with suppress(ProcessLookupError):  # it sees by itself, within a minute
        os.kill(pid, signal.SIGQUIT)
    assert ends(pid)


LONG = "so-long-a-name-that-no-socket-may-have-it-" * 3


@pytest.mark.long
@pytest.mark.parametrize("name", ["data", LONG])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGABRT])
def test_a_server_that_dies_comes_back_while_it_is_used(folder: Path, name: str, how: signal.Signals) -> None:
    with dev_database(folder.rename(folder.with_name(name)), durable=False) as url:
        first = server(url)
        os.kill(first, how)
        assert revived(url) != first
        second = server(url)
    assert ends(second)


@pytest.mark.long
def test_it_comes_back_to_all_who_use_it_and_again_and_again(folder: Path) -> None:
    owner = Owner(folder)
    with dev_database(folder, durable=False) as url:
        assert owner.says() == url
        for _ in range(3):
            os.kill(server(url), signal.SIGKILL)
            revived(url)
        assert owner.leaves()
        os.kill(server(url), signal.SIGKILL)
        last = revived(url)
    assert ends(last)


@pytest.mark.long
def test_deleted_data_are_not_made_anew(folder: Path, made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = threading.Semaphore(0)
    has_data = EmbeddedPostgres.has_data

    def looked(postgres: EmbeddedPostgres) -> bool:
        found = has_data(postgres)
        looks.release()
        return found

    with dev_database(folder, durable=False) as url:
        pid = server(url)
        shutil.rmtree(folder / "postgres")
        os.kill(pid, signal.SIGKILL)
        assert ends(pid)
        monkeypatch.setattr(EmbeddedPostgres, "has_data", looked)
        assert all(looks.acquire(timeout=20) for _ in range(2)), "the watch looks at the folder, and looks again"
        assert not (folder / "postgres").exists()


def revived(url: str) -> int:
    for _ in polls(20):
        with suppress(subprocess.CalledProcessError, OSError):
            return server(url)
    raise AssertionError("it does not come back")
