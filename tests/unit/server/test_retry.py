import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from application import retry
from application.ports import Transaction
from application.retry import PAUSES, retried
from domain.errors import Unavailable, WriteConflict
from tests.fakes import FakeStore

APPLICATION = Path(__file__).parents[3] / "application"


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "PAUSES", (0,) * len(PAUSES))


class Work:
    """Meets others `clashes` times."""

    def __init__(self, transaction: Transaction, clashes: int, error: type[Unavailable] = WriteConflict) -> None:
        self._transaction = transaction
        self.clashes, self.error, self.tries, self.outer_tries = clashes, error, 0, 0

    @retried
    async def do(self) -> str:
        async with self._transaction() as work:
            self.tries += 1
            if self.tries <= self.clashes:
                raise self.error("met another")
            await work.commit()
        return "done"

    @retried
    async def do_beside(self) -> str:
        """Opens no unit of work of its own."""
        return await self.do()

    @retried
    async def do_more(self) -> str:
        async with self._transaction() as work:
            self.outer_tries += 1
            done = await self.do()
            await work.commit()
        return done


async def test_what_met_another_is_done_again() -> None:
    work = Work(FakeStore(), clashes=len(PAUSES))
    assert await work.do() == "done"
    assert work.tries == len(PAUSES) + 1


async def test_but_not_for_ever() -> None:
    work = Work(FakeStore(), clashes=99)
    with pytest.raises(Unavailable):
        await work.do_beside()
    assert work.tries == len(PAUSES) + 1


async def test_and_not_for_another_reason() -> None:
    work = Work(FakeStore(), clashes=1, error=Unavailable)
    with pytest.raises(Unavailable):
        await work.do()
    assert work.tries == 1


async def test_the_outermost_unit_of_work_is_retried_whole() -> None:
    work = Work(FakeStore(), clashes=2)
    assert await work.do_more() == "done"
    assert (work.tries, work.outer_tries) == (3, 3)


def opening() -> Iterator[tuple[str, ast.AsyncFunctionDef]]:
    for path in sorted(APPLICATION.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.AsyncFunctionDef) and any(map(_opens, ast.walk(node))):
                yield f"{path.relative_to(APPLICATION)}: {node.name}", node


def _opens(node: Any) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "_transaction"


def test_every_use_case_that_opens_a_unit_of_work_is_retried() -> None:
    found = dict(opening())
    assert len(found) > 20
    bare = [name for name, node in found.items() if "retried" not in map(ast.unparse, node.decorator_list)]
    assert bare == []
