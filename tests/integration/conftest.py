import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap.postgres.dev_database import dev_database
from tests.scratch import SCRATCH
from tests.servers.database_processes import copy


@pytest.fixture
def empty() -> Iterator[Path]:
    """A short path: some tests are about long ones."""
    with tempfile.TemporaryDirectory(prefix="db-", dir=SCRATCH or "/tmp") as folder:
        yield Path(folder) / "data"


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """Half a second's work that most tests share."""
    with tempfile.TemporaryDirectory(prefix="db-", dir=SCRATCH or "/tmp") as folder:
        with dev_database(Path(folder), durable=False):
            pass
        yield Path(folder)


@pytest.fixture
def folder(empty: Path, made: Path) -> Path:
    """With a database in it that was stopped."""
    return copy(made, empty)
