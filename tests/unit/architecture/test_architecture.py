"""The import contracts of pyproject.toml hold, and each fails when it is broken on purpose."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PACKAGES = ["domain", "application", "adapters", "bootstrap"]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    return subprocess.run(command, cwd=folder, env={"PYTHONPATH": "."}, capture_output=True, text=True, check=False)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "static"))
    return tmp_path


def test_the_code_keeps_the_contracts(copied: Path) -> None:
    result = lint(copied)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("domain/tasks/task.py", "import application.ports", "Imports point inward"),
        ("application/tasks/use_cases.py", "import adapters.rate_limits", "Imports point inward"),
        ("adapters/rate_limits.py", "import bootstrap.configuration.settings", "Imports point inward"),
        ("application/tasks/use_cases.py", "import sqlalchemy", "no framework, driver or provider"),
        ("domain/tasks/task.py", "import msgspec", "standard library only"),
        ("domain/tasks/task.py", "import httpx2", "no framework, driver or provider"),
        (
            "adapters/http/api/tasks/tasks.py",
            "import adapters.postgres.driver.database",
            "Adapters do not know each other",
        ),
        (
            "bootstrap/postgres/configured_database.py",
            "import dependency_injector",
            "used in the container only",
        ),
    ],
)
def test_breaking_a_contract_is_noticed(copied: Path, file: str, line: str, contract: str) -> None:
    broken = copied / file
    broken.write_text(f"{line}\n{broken.read_text()}")
    result = lint(copied)
    assert result.returncode == 1, result.stdout
    assert any(contract in said and "BROKEN" in said for said in result.stdout.splitlines()), result.stdout
