"""That the fuzz run finds what it is there for: it is shown servers that find a task by its number, whoever's it is."""

import sys
from pathlib import Path

import pytest

from tests.abuse.fuzz_run import fuzz, serving

pytestmark = pytest.mark.long

LEAKY = f"""#!{sys.executable}
from sqlalchemy import func, select
from adapters.postgres.tasks import entity_repository, task_repository
from bootstrap.cli import main
from functools import cache

@cache
def leaky(of):
    table = entity_repository.table_of(of)
    return select(*entity_repository.columns_of(of, table)).where(table.c.id == func.any(entity_repository._ids))

entity_repository.%s = task_repository.%s = leaky
main()
"""
SECONDS = "40"
ON_TASKS = ["--phases", "examples,coverage", "--include-path-regex", r"/tasks(/\{task_id\})?$"]


def fuzzed(capfd: pytest.CaptureFixture[str]) -> tuple[int, str]:
    with serving() as server:
        code = fuzz(server, ["--max-time", SECONDS, "--generation-deterministic", *ON_TASKS])
    return code, capfd.readouterr().out


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("get", ["`bob` received the `Task` that `ann` owns", "{task_id} answers a stranger GET: 200"]),
        ("lock_and_get", ["{task_id} answers a stranger DELETE: 200"]),
    ],
    ids=["read", "changed"],
)
def test_a_task_that_others_can_read_or_change_is_found(
    statement: str, told: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    command = tmp_path / "tasktalk"
    command.write_text(LEAKY % (statement, statement))
    command.chmod(0o755)
    monkeypatch.setattr("tests.e2e.conftest.TASKTALK", command)

    code, report = fuzzed(capfd)

    assert code == 1
    assert [words for words in told if words not in report] == []


def test_where_nothing_leaks_nothing_is_found(capfd: pytest.CaptureFixture[str]) -> None:
    code, report = fuzzed(capfd)
    assert code == 0, report
