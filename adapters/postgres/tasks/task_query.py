"""Converts a `TaskQuery` to statements. Queries of the same shape are compiled once, and their values are bound."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    bindparam,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    text,
    true,
)

from adapters.postgres.tables import tasks
from adapters.postgres.tasks.entity_repository import columns_of
from application.tasks.query import MAX_COUNTED, And, Compare, Filter, IsSet, IsTrue, Not, Or, Sort, SortKey, TaskQuery
from domain.tasks.task import Task

COLUMNS = columns_of(Task, tasks)
POSITION = func.coalesce(tasks.c.position, text("chr(96 + length(tasks.id::text)) || tasks.id"))
"""Servers of the previous version store no position: then that of the number counts."""
SHAPES_KEPT = 512

_owner = tasks.c.user_id == bindparam("owner", type_=tasks.c.user_id.type)


def page_of(query: TaskQuery) -> tuple[Select[Any], dict[str, Any]]:
    """Returns the statement and its parameters, except the owner."""
    after = query.after or ()
    values = _values(query.filter) | {f"after{place}": value for place, value in enumerate(after)}
    statement = _page(_shape(query.filter), query.sort, tuple(value is None for value in after))
    return statement, values | {"most": query.limit, "offset": query.offset}


def count_of(which: Filter) -> tuple[Select[Any], dict[str, Any]]:
    """Returns the statement, which counts up to one more than `MAX_COUNTED`, and its parameters, except the owner."""
    return _count(_shape(which)), _values(which)


@lru_cache(SHAPES_KEPT)
def _page(which: Filter, sort: Sort, nulls: tuple[bool, ...]) -> Select[Any]:
    matching = [_owner, _condition(which, _names()), *([_beyond(sort, nulls)] if nulls else [])]
    page = select(*COLUMNS).where(*matching).order_by(*(_order(key) for key in sort))
    return page.limit(bindparam("most", type_=BigInteger)).offset(bindparam("offset", type_=BigInteger))


@lru_cache(SHAPES_KEPT)
def _count(which: Filter) -> Select[Any]:
    matching = select(literal(1)).where(_owner, _condition(which, _names())).limit(MAX_COUNTED + 1)
    return select(func.count().label("count")).select_from(matching.subquery())


def _shape(which: Filter) -> Filter:
    """Returns the filter without its values."""
    match which:
        case Compare(field, operator):
            return Compare(field, operator, None)
        case Not(term):
            return Not(_shape(term))
        case And(terms) | Or(terms):
            return replace(which, terms=tuple(_shape(term) for term in terms))
        case _:
            return which


def _values(which: Filter) -> dict[str, Any]:
    return dict(zip(_names(), (each.value for each in _comparisons(which)), strict=False))


def _comparisons(which: Filter) -> Iterator[Compare]:
    match which:
        case Compare():
            yield which
        case Not(term):
            yield from _comparisons(term)
        case And(terms) | Or(terms):
            for each in terms:
                yield from _comparisons(each)


def _names() -> Iterator[str]:
    place = 0
    while True:
        yield f"value{place}"
        place += 1


def _condition(which: Filter, names: Iterator[str]) -> ColumnElement[bool]:
    match which:
        case IsTrue(field):
            return tasks.c[field]
        case IsSet(field):
            return tasks.c[field].is_not(None)
        case Compare(field, operator):
            column: ColumnElement[Any] = tasks.c[field]
            value = bindparam(next(names), type_=column.type)
            return and_(column.is_not(None), column.bool_op(operator)(value))
        case Not(term):
            return not_(_condition(term, names))
        case And(terms):
            return and_(true(), *(_condition(term, names) for term in terms))
        case Or(terms):
            return or_(false(), *(_condition(term, names) for term in terms))


def _order(key: SortKey) -> ColumnElement[Any]:
    column = tasks.c[key.field]
    order = column.desc() if key.descending else column.asc()
    return order.nulls_last() if column.nullable else order


def _beyond(sort: Sort, nulls: Sequence[bool]) -> ColumnElement[bool]:
    """Returns the condition for rows after a place in the order: the first keys are equal, and the next one is
    further."""
    same: list[ColumnElement[bool]] = []
    ways: list[ColumnElement[bool]] = []
    for place, (key, is_null) in enumerate(zip(sort, nulls, strict=True)):
        column = tasks.c[key.field]
        value = bindparam(f"after{place}", type_=column.type)
        if not is_null:  # nothing is further on than a null
            further = column < value if key.descending else column > value
            ways.append(and_(*same, or_(further, column.is_(None)) if column.nullable else further))
        same.append(column.is_(None) if is_null else column == value)
    return or_(*ways)
