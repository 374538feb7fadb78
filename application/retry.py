"""Retries a unit of work that PostgreSQL rolled back because of another one."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from domain.errors import Unavailable, WriteConflict

PAUSES = (0.01, 0.03, 0.1)
"""Seconds before each of three retries, plus or minus half: units of work that met must not meet again."""

P = ParamSpec("P")
T = TypeVar("T")


def retried(use_case: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Decorates a method whose lasting effects all happen in one unit of work. A method that was called inside another
    unit of work is not retried by itself: that unit of work is retried. Raises `Unavailable` after the last retry."""

    @wraps(use_case)
    async def retry(*args: P.args, **kwargs: P.kwargs) -> T:
        pauses = iter(PAUSES)
        while True:
            try:
                return await use_case(*args, **kwargs)
            except WriteConflict as conflict:
                if not conflict.is_rolled_back:
                    raise
                if (pause := next(pauses, None)) is None:
                    raise Unavailable(conflict.message) from conflict  # which no outer method retries again
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311

    return retry
