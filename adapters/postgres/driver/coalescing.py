"""Joins calls into batches: calls that arrive while a statement runs share the next statement. So 500 turns with
viewers need few statements."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy import ARRAY, TableValuedAlias, bindparam, column, func
from sqlalchemy.types import TypeEngine

from adapters.postgres.driver.database import Database
from adapters.postgres.driver.faults import FAULTS
from domain.errors import Invalid

Item = TypeVar("Item")
Result = TypeVar("Result")


class PendingBatch(Generic[Item, Result]):
    def __init__(self, run: Callable[[list[Item]], Coroutine[Any, Any, Sequence[Result]]]) -> None:
        self.items: list[Item] = []
        self._task = asyncio.create_task(run(self.items))
        self._over = asyncio.Event()
        self._task.add_done_callback(self._end)

    async def result(self, place: int) -> Result:
        """Returns the result for one call. A caller that is cancelled still waits for the end of the batch, so that its
        statement can't take effect later than what the caller does next."""
        try:
            await self._over.wait()
        except asyncio.CancelledError:
            await asyncio.wait({self._task})
            raise
        return self._task.result()[place]

    def _end(self, task: asyncio.Task[Sequence[Result]]) -> None:
        """Reads the error, so that asyncio does not log it if all callers have left."""
        if not task.cancelled():
            task.exception()
        self._over.set()


class Coalesced(Generic[Item, Result]):
    """Runs calls in batches. `run` returns a result for each item, in their order. One batch runs at a time, so it uses
    one connection. A single call runs at once. The slower the database, the larger the batches. A call in a unit of
    work runs alone. If a batch fails, each of its calls is run alone."""

    def __init__(self, database: Database, run: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]]) -> None:
        self._database = database
        self._run = run
        self._one_at_a_time = asyncio.Lock()
        self._next: PendingBatch[Item, Result] | None = None

    async def __call__(self, item: Item) -> Result:
        if self._database.is_at_work:
            return (await self._run([item]))[0]
        batch = self._next = self._next or PendingBatch(self._together)
        batch.items.append(item)
        try:
            return await batch.result(len(batch.items) - 1)
        except (Invalid, *FAULTS):
            if len(batch.items) == 1:
                raise
        return (await self._run([item]))[0]

    async def _together(self, items: list[Item]) -> Sequence[Result]:
        async with self._one_at_a_time:
            self._next = None
            return await self._run(items)


def given(**types: type[TypeEngine[Any]] | TypeEngine[Any]) -> TableValuedAlias:
    """Returns a table of parameters with one array per column."""
    arrays = (bindparam(name, type_=ARRAY(type_)) for name, type_ in types.items())
    columns = (column(name, type_) for name, type_ in types.items())
    return func.unnest(*arrays).table_valued(*columns, name="given").render_derived()
