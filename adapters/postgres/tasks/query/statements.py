from collections.abc import Iterator
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    ColumnElement,
    Integer,
    Select,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
)

from adapters.postgres.tables import tasks
from adapters.postgres.tasks.entity_repository import columns_of
from adapters.postgres.tasks.query.conditions import (
    condition,
    found_by,
    found_in_index,
    names,
    query_parameter,
    shape_of,
    values_of,
)
from adapters.postgres.tasks.query.matches import NOT_ASKED, Matches, Way
from adapters.postgres.tasks.query.ordering import NEVER_NULL, Ordering, column_of
from adapters.postgres.tasks.query.parts import Part, by_date, parts_of
from adapters.postgres.tasks.query.text_search import rank_queries
from application.tasks.query import MAX_COUNTED, MAX_RANKED, NEWEST, STATUS_FILTERS, Filter, Sort, TaskQuery
from application.tasks.query.relevance import AS_WRITTEN, AS_WRITTEN_IN_TITLE, IN_TITLE
from application.tasks.query.sort import RANK
from domain.tasks.task import Task

Bound: TypeAlias = tuple[Select[Any], dict[str, Any]]
COLUMNS = columns_of(Task, tasks)
SHAPES_KEPT = 512
INDEXED_NULLS = frozenset({"list_id", "title_key"})
"""Fields whose index has the tasks without a value too."""

_owner = tasks.c.user_id == bindparam("owner", type_=tasks.c.user_id.type)
_owner_of_found = func.coalesce(tasks.c.user_id, "") == bindparam("owner", type_=tasks.c.user_id.type)
"""The same in a form for which no index is used: the words alone find the user's tasks."""
_most = bindparam("most", type_=BigInteger)
_ids = bindparam("ids", type_=ARRAY(BigInteger))


def pages_of(query: TaskQuery, user_id: str, words: Matches = NOT_ASKED) -> Iterator[Bound]:
    """Yields the statements whose rows together are the page."""
    given = {"owner": user_id, "most": query.limit, "offset": query.offset, "ids": words.ids}
    shape, way = shape_of(query.filter), words.way
    if query.is_ranked:
        given |= values_of(query.filter, user_id) | _place(query.after)
        given |= {f"rank{place}": each for place, each in enumerate(rank_queries(query.words, user_id))}
        yield _ranked(shape, query.sort, _nulls(query.after), way), given
        return
    whole = [(Part.WHOLE, query.after, query.filter)]
    for part, after, which in whole if way is Way.TAKEN else parts_of(query):
        shape, nulls = shape_of(which), _nulls(after)
        page = _skipping(shape, query.sort, way) if query.offset else _page(shape, query.sort, nulls, part, way)
        yield page, given | values_of(which, user_id) | _place(after)


def counts_of(which: Filter, user_id: str, words: Matches = NOT_ASKED) -> Iterator[Bound]:
    """Yields the statements that together count up to one more than `MAX_COUNTED`, or more. Conditions on due dates are
    counted with and without a date, as each of these has an index."""
    given = {"owner": user_id, "ids": words.ids}
    for each in by_date(which) if words.way is Way.WALKED else [which]:
        yield _count(shape_of(each), words.way), given | values_of(each, user_id)


def _place(after: tuple[Any, ...] | None) -> dict[str, Any]:
    return {f"after{place}": value for place, value in enumerate(after or ())}


def _nulls(after: tuple[Any, ...] | None) -> tuple[bool, ...]:
    return tuple(value is None for value in after or ())


@lru_cache(SHAPES_KEPT)
def _page(which: Filter, sort: Sort, nulls: tuple[bool, ...], part: Part, way: Way) -> Select[Any]:
    lead = column_of(sort[0].field)
    ordering, order_by, rows = Ordering(sort), [], _matching(which, sort, way)
    if part is Part.VALUED:
        ordering, rows = Ordering(sort, NEVER_NULL | {sort[0].field}), [*rows, lead.is_not(None)]
    if part is Part.EMPTY:
        ordering, rows, nulls = Ordering(sort[1:], first=1), [*rows, lead.is_(None)], nulls[1:]
        if sort[0].field in INDEXED_NULLS:
            order_by = [lead.desc() if sort[0].descending else lead.asc()]
    if nulls:
        rows.append(ordering.beyond(nulls))
    return _limited(select(*COLUMNS).where(*rows).order_by(*order_by, *ordering.terms))


@lru_cache(SHAPES_KEPT)
def _skipping(which: Filter, sort: Sort, way: Way) -> Select[Any]:
    """Returns the statement of a page with an offset. Of the tasks that it skips, no subtasks are counted."""
    terms = Ordering(sort).terms
    found = _limited(select(tasks.c.id).where(*_matching(which, sort, way)).order_by(*terms)).subquery()
    return select(*COLUMNS).join(found, found.c.id == tasks.c.id).where(_owner).order_by(*terms)


@lru_cache(SHAPES_KEPT)
def _ranked(which: Filter, sort: Sort, nulls: tuple[bool, ...], way: Way) -> Select[Any]:
    fields = [key.field for key in sort if key.field not in {RANK, "id"}]
    found = select(tasks.c.id, _rank().label(RANK), *(column_of(each).label(each) for each in fields))
    newest = found.where(*_matching(which, sort, way)).order_by(tasks.c.id.desc()).limit(MAX_RANKED).subquery()
    ordering = Ordering(sort, columns=lambda field: newest.c[field])
    rows = select(newest).where(ordering.beyond(nulls)) if nulls else select(newest)
    page = _limited(rows.order_by(*ordering.terms)).subquery()
    shown = select(*COLUMNS).join(page, page.c.id == tasks.c.id).where(_owner)
    return shown.order_by(*Ordering(sort, columns=lambda field: page.c[field]).terms)


@lru_cache(SHAPES_KEPT)
def _count(which: Filter, way: Way) -> Select[Any]:
    matching = select(literal(1)).where(*_matching(which, (), way)).limit(MAX_COUNTED + 1)
    return select(func.count().label("count")).select_from(matching.subquery())


def _matching(which: Filter, sort: Sort, way: Way) -> list[ColumnElement[bool]]:
    indexed = way is Way.INDEXED
    owner = _owner_of_found if indexed else _owner
    rows = [owner, condition(which, names(), found_in_index if indexed else found_by)]
    if way is Way.TAKEN:
        rows.append(tasks.c.id == func.any(_ids))
    return rows if sort == NEWEST and which in STATUS_FILTERS.values() else [*rows, _planned_anew()]


def _planned_anew() -> ColumnElement[bool]:
    """Returns a condition that is true, and because of which PostgreSQL plans the statement for its values each time. A
    plan for all values would be that of an average user, who has few tasks. PostgreSQL prefers such a plan if it looks
    cheaper: with the values at hand this condition costs nothing, and without them it seems to cost very much."""
    costly: ColumnElement[bool] = literal_column("(SELECT count(*) FROM generate_series(1, 1000000000)) > 0", Boolean)
    return or_(bindparam("unknown", None, Boolean).is_(None), costly)


def _rank() -> ColumnElement[int]:
    marks = (IN_TITLE, AS_WRITTEN_IN_TITLE, AS_WRITTEN)
    each = [
        mark * cast(cast(found_by(query_parameter(f"rank{place}")), Boolean), Integer)
        for place, mark in enumerate(marks)
    ]
    return each[0] + each[1] + each[2]


def _limited(rows: Select[Any]) -> Select[Any]:
    return rows.limit(_most).offset(bindparam("offset", type_=BigInteger))
