"""Filters as conditions of SQL."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Text, and_, bindparam, cast, false, func, not_, or_, true
from sqlalchemy.dialects.postgresql import TSQUERY

from adapters.postgres.tables import tasks
from adapters.postgres.tasks.query.text_search import tag_query, word_query
from application.tasks.query import And, AnyOf, Compare, Filter, HasTag, IsSet, IsTrue, Not, Or, Words

Find = Callable[[ColumnElement[Any]], ColumnElement[bool]]
Valued = Compare | AnyOf | HasTag | Words


def shape_of(which: Filter) -> Filter:
    """Returns the filter without its values."""
    match which:
        case Compare(field, operator):
            return Compare(field, operator, None)
        case AnyOf(field):
            return AnyOf(field, ())
        case HasTag():
            return HasTag("")
        case Words():
            return Words("")
        case Not(term):
            return Not(shape_of(term))
        case And(terms) | Or(terms):
            return replace(which, terms=tuple(shape_of(term) for term in terms))
        case _:
            return which


def values_of(which: Filter, user_id: str) -> dict[str, Any]:
    return {name: _value(each, user_id) for name, each in zip(names(), _valued(which), strict=False)}


def names() -> Iterator[str]:
    place = 0
    while True:
        yield f"value{place}"
        place += 1


def condition(which: Filter, names: Iterator[str], find: Find) -> ColumnElement[bool]:
    """`find` makes the condition that the words of a query are found."""
    match which:
        case IsTrue(field):
            return tasks.c[field]
        case IsSet("tags"):
            return func.cardinality(tasks.c.tags) > 0
        case IsSet(field):
            return tasks.c[field].is_not(None)
        case Not(term):
            return not_(condition(term, names, find))
        case And(terms):
            return and_(true(), *(condition(term, names, find) for term in terms))
        case Or(terms):
            return or_(false(), *(condition(term, names, find) for term in terms))
        case _:
            return _comparison(which, next(names), find)


def query_parameter(name: str) -> ColumnElement[Any]:
    return cast(bindparam(name, type_=Text), TSQUERY)


def found_in_index(query: ColumnElement[Any]) -> ColumnElement[bool]:
    return tasks.c.search.is_not(None) & tasks.c.search.bool_op("@@")(query)


def found_by(query: ColumnElement[Any]) -> ColumnElement[bool]:
    """Returns the condition in a form for which the index of words is not used."""
    return func.coalesce(tasks.c.search.bool_op("@@")(query), false())


def _comparison(which: Valued, name: str, find: Find) -> ColumnElement[bool]:
    match which:
        case Compare(field, operator):
            column: ColumnElement[Any] = tasks.c[field]
            return and_(column.is_not(None), column.bool_op(operator)(bindparam(name, type_=column.type)))
        case AnyOf(field):
            numbers = bindparam(name, type_=ARRAY(BigInteger))
            return and_(tasks.c[field].is_not(None), tasks.c[field] == func.any(numbers))
        case _:
            return find(query_parameter(name))


def _value(which: Valued, user_id: str) -> Any:
    match which:
        case Compare(value=value):
            return value
        case AnyOf(values=values):
            return list(values)
        case HasTag(key):
            return tag_query(key, user_id)
        case Words(text):
            return word_query(text, user_id)


def _valued(which: Filter) -> Iterator[Valued]:
    match which:
        case Not(term):
            yield from _valued(term)
        case And(terms) | Or(terms):
            for each in terms:
                yield from _valued(each)
        case IsTrue() | IsSet():
            return
        case _:
            yield which
