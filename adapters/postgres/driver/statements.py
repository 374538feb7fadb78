"""Runs SQLAlchemy's statements on asyncpg. A statement that is made once is compiled once."""

from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Executable, Select
from sqlalchemy.dialects.postgresql.asyncpg import dialect

from adapters.postgres.driver.connections import Connection, Row, done

Parameters = Mapping[str, Any] | None

_dialect = dialect()  # type: ignore[no-untyped-call]
_known: WeakKeyDictionary[Executable, "Statement"] = WeakKeyDictionary()


class Statement:
    """If `is_read` is true, the statement changes nothing and may be retried."""

    def __init__(self, statement: Executable) -> None:
        compiled = statement.compile(dialect=_dialect, compile_kwargs={"render_postcompile": True})  # type: ignore[attr-defined]
        self.sql = str(compiled)
        self.is_read = isinstance(statement, Select)
        self._names = [str(name) for name in compiled.positiontup or ()]
        self._own = dict(compiled.params)

    def arguments(self, parameters: Parameters) -> list[Any]:
        given = {**self._own, **parameters} if parameters else self._own
        return [given[name] for name in self._names]

    async def run(self, connection: Connection, parameters: Parameters) -> list[Row]:
        return await done(connection, connection.fetch(self.sql, *self.arguments(parameters)))


def statement_of(statement: Executable) -> Statement:
    found = _known.get(statement)
    if found is None:
        found = _known[statement] = Statement(statement)
    return found
