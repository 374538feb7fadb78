"""What is asked of PostgreSQL, one by one: each is a round trip."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
import pytest


@contextmanager
def counted() -> Iterator[list[str]]:
    """BEGIN and COMMIT too."""
    statements: list[str] = []

    def noting(run: Callable[..., Any]) -> Callable[..., Any]:
        def noted(connection: asyncpg.Connection, sql: str, *arguments: Any, **options: Any) -> Any:
            statements.append(sql)
            return run(connection, sql, *arguments, **options)

        return noted

    with pytest.MonkeyPatch.context() as patch:
        for name in ("fetch", "execute"):
            patch.setattr(asyncpg.Connection, name, noting(getattr(asyncpg.Connection, name)))
        yield statements
