"""What the index of words finds, and how the tasks are read then."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from sqlalchemy import BigInteger, bindparam, case, func, select

from adapters.postgres.tables import tasks
from adapters.postgres.tasks.query.conditions import query_parameter


class Way(Enum):
    """How tasks with given words are found: PostgreSQL cannot know how many tasks of one user have a word. A few are
    taken by their numbers. More are found by the index of words. If they are very many, tasks are read in the order of
    the sort until there are enough that have them."""

    TAKEN = auto()
    INDEXED = auto()
    WALKED = auto()


@dataclass(frozen=True, slots=True)
class Matches:
    """What the index of words found. `ids` are the numbers of the tasks if they are taken."""

    way: Way = Way.WALKED
    ids: Sequence[int] = ()


NOT_ASKED = Matches()

_found = (
    select(tasks.c.user_id, tasks.c.id)
    .where(tasks.c.search.bool_op("@@")(query_parameter("words")))
    .limit(bindparam("most", type_=BigInteger))
    .subquery("found")
)
_own_ids = func.array_agg(_found.c.id).filter(_found.c.user_id == bindparam("owner", type_=tasks.c.user_id.type))
FOUND_BY_WORDS = select(
    func.count().label("count"),
    case((func.count() <= bindparam("taken", type_=BigInteger), _own_ids)).label("ids"),
).select_from(_found)
"""Asks the index of words only, up to `most` tasks. Its lexemes are those of one user, but for a rare clash of
prefixes. The numbers are given if there are at most `taken`."""
