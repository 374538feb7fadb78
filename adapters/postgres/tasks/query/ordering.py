"""Sorts in SQL: the order of rows, and the condition for those after a place in it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_, true, tuple_

from adapters.postgres.tables import tasks
from adapters.postgres.tables.tasks import POSITION
from application.tasks.query import Sort, SortKey
from application.tasks.query.sort import RANK

Columns = Callable[[str], ColumnElement[Any]]
NEVER_NULL = frozenset({"id", "updated_at", "created_at", "completed", "position", RANK})


def column_of(field: str) -> ColumnElement[Any]:
    return POSITION if field == "position" else tasks.c[field]


@dataclass(frozen=True)
class Ordering:
    """`solid` are fields that are not null in these rows. Parameters of a place are numbered from `first`."""

    sort: Sort
    solid: frozenset[str] = NEVER_NULL
    columns: Columns = column_of
    first: int = 0

    @property
    def terms(self) -> list[ColumnElement[Any]]:
        return [self._term(key) for key in self.sort]

    def beyond(self, nulls: Sequence[bool]) -> ColumnElement[bool]:
        """Returns the condition for rows after a place. `nulls` says which of its values are null."""
        if self._is_one_way and not any(nulls):
            row, place = tuple_(*map(self._column, self.sort)), tuple_(*map(self._value, self.sort))
            return row < place if self.sort[0].descending else row > place
        return and_(self._bound(nulls[0]), or_(*self._ways(nulls)))

    @property
    def _is_one_way(self) -> bool:
        """Returns whether rows can be compared as a whole, by which an index finds the first of them."""
        return len({key.descending for key in self.sort}) == 1 and all(map(self._is_solid, self.sort))

    def _ways(self, nulls: Sequence[bool]) -> Iterator[ColumnElement[bool]]:
        """Yields for each key the condition that the keys before it are equal and it is further on. Nothing is further
        on than a null."""
        same: list[ColumnElement[bool]] = []
        for key, is_null in zip(self.sort, nulls, strict=True):
            if not is_null:
                yield and_(*same, self._further(key))
            same.append(self._column(key).is_(None) if is_null else self._column(key) == self._value(key))

    def _further(self, key: SortKey) -> ColumnElement[bool]:
        column, value = self._column(key), self._value(key)
        further = column < value if key.descending else column > value
        return further if self._is_solid(key) else or_(further, column.is_(None))

    def _bound(self, is_null: bool) -> ColumnElement[bool]:
        """Returns a condition that the others imply, and which bounds the range of an index."""
        key = self.sort[0]
        if is_null or not self._is_solid(key):
            return true()
        column, value = self._column(key), self._value(key)
        return column <= value if key.descending else column >= value

    def _term(self, key: SortKey) -> ColumnElement[Any]:
        ordered = self._column(key).desc() if key.descending else self._column(key).asc()
        return ordered if self._is_solid(key) else ordered.nulls_last()

    def _is_solid(self, key: SortKey) -> bool:
        return key.field in self.solid

    def _column(self, key: SortKey) -> ColumnElement[Any]:
        return self.columns(key.field)

    def _value(self, key: SortKey) -> ColumnElement[Any]:
        return bindparam(f"after{self.first + self.sort.index(key)}", type_=self._column(key).type)
