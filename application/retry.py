"""A unit of work that met another one, and was rolled back for it, is done again from its beginning."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from domain.errors import Unavailable, WriteConflict

PAUSES = (0.01, 0.03, 0.1)
"""Seconds before each of three repeats, give or take half: those that met must not meet again."""

P = ParamSpec("P")
T = TypeVar("T")


def retried(use_case: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """For methods of whoever has a `_transaction`, and does all that lasts in it; inside another it is that one's."""

    @wraps(use_case)
    async def repeat(*args: P.args, **kwargs: P.kwargs) -> T:
        transaction, pauses = args[0]._transaction, iter(PAUSES)  # type: ignore[attr-defined]
        while True:
            try:
                return await use_case(*args, **kwargs)
            except WriteConflict as clash:
                if transaction.is_at_work:
                    raise
                if (pause := next(pauses, None)) is None:
                    raise Unavailable(clash.message) from clash  # which no caller repeats once more
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311

    return repeat
