from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Select, Text, bindparam, cast, func, not_, select, text
from sqlalchemy.dialects.postgresql import TSQUERY

from adapters.postgres.driver.database import Database, Rows
from adapters.postgres.tables import tasks
from adapters.postgres.tables.tasks import POSITION
from adapters.postgres.tasks.entity_repository import COUNTS, LIST_SIZE, get
from adapters.postgres.tasks.query.matches import FOUND_BY_WORDS, NOT_ASKED, Matches, Way
from adapters.postgres.tasks.query.statements import COLUMNS, counts_of, pages_of
from adapters.postgres.tasks.query.text_search import necessary_query
from adapters.postgres.tasks.record_parameters import COUNTED
from adapters.postgres.tasks.reindexing import REINDEX, STALE, indexed
from application.ports import TaskRepository
from application.ports.tasks import MAX_SPELLINGS, TAGGED_TASKS
from application.tasks.query import MAX_COUNTED, STATUS_FILTERS, Filter, TaskQuery, Total
from domain.tasks.index_keys import quoted, tag_lexeme, user_prefix
from domain.tasks.ordering.siblings import Place
from domain.tasks.task import Status, Task

STATUSES: Mapping[Filter, Sequence[Status]] = {
    which: (Status.PENDING, Status.COMPLETED) if status is Status.ALL else (status,)
    for status, which in STATUS_FILTERS.items()
}
"""Filters whose totals are kept in counters; a total is the sum of these."""
MAX_TAKEN, MAX_INDEXED = 1_000, 10_000
"""Up to how many tasks with given words are taken by their numbers, and are found by the index of words."""

_user = bindparam("owner", type_=tasks.c.user_id.type)
_ids = bindparam("ids", type_=ARRAY(BigInteger))

FOLLOWING = (
    select(*COLUMNS)
    .where(tasks.c.user_id == _user, tasks.c.id > bindparam("after", type_=BigInteger))
    .order_by(tasks.c.id)
    .limit(bindparam("most"))
)

PENDING_IN = (
    select(tasks.c.list_id, func.count().label("pending"))
    .where(tasks.c.user_id == _user, tasks.c.list_id == func.any(_ids))
    .where(tasks.c.deleted_at.is_(None), not_(tasks.c.completed))
    .group_by(tasks.c.list_id)
)
_spelling = func.unnest(tasks.c.tags).column_valued("tag", joins_implicitly=True)
TAGS = (
    select(_spelling, func.count().filter(not_(tasks.c.completed)).label("pending"))
    .select_from(tasks)
    .where(tasks.c.user_id == _user, tasks.c.deleted_at.is_(None), tasks.c.tags != text("'{}'"))
    .group_by(_spelling)
    .order_by(func.count().desc(), _spelling.collate("C"))
    .limit(bindparam("most"))
)
TAGGED = FOLLOWING.where(tasks.c.search.op("@@")(cast(bindparam("lexeme", type_=Text), TSQUERY)))
"""Servers of older versions know no tags, so the lexemes of a task's tags are right though others may not be."""

TAG_NAMES = text("""
    SELECT tag FROM (
        SELECT id, tags, deleted_at FROM tasks WHERE user_id = :owner ORDER BY id DESC LIMIT :most
    ) AS newest, unnest(tags) AS tag
    WHERE deleted_at IS NULL GROUP BY tag ORDER BY max(id) DESC, tag
""").bindparams(bindparam("owner", type_=Text))
_related = (
    text("""
    WITH RECURSIVE below AS (
        SELECT id FROM tasks WHERE user_id = :owner AND id = ANY(:ids)
        UNION
        SELECT tasks.id FROM tasks JOIN below ON tasks.parent_id = below.id WHERE tasks.user_id = :owner
    ), above AS (
        SELECT parent_id AS id FROM tasks WHERE user_id = :owner AND id = ANY(:ids)
        UNION
        SELECT tasks.parent_id FROM tasks JOIN above ON tasks.id = above.id WHERE tasks.user_id = :owner
    )
    SELECT id FROM below UNION SELECT id FROM above
""")
    .bindparams(_ids, bindparam("owner", type_=Text))
    .columns(id=BigInteger)
)
FAMILY = select(*COLUMNS).where(tasks.c.user_id == _user, tasks.c.id.in_(select(_related.subquery().c.id)))


@cache
def places_of(in_inbox: bool, at_top: bool) -> Select[Any]:
    """Returns the statement for the siblings in a list, or in the inbox, under a parent, or at the top level."""
    which = {"list_id": in_inbox, "parent_id": at_top}
    same = (
        tasks.c[name].is_(None) if is_null else tasks.c[name] == bindparam(name, type_=BigInteger)
        for name, is_null in which.items()
    )
    own = select(POSITION, tasks.c.id).where(tasks.c.user_id == _user, tasks.c.deleted_at.is_(None), *same)
    return own.order_by(POSITION, tasks.c.id)


class PostgresTasks(TaskRepository):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, user_id: str, task_id: int) -> Task | None:
        found = _tasks(await self._database.run(get(Task), {"owner": user_id, "ids": [task_id]}))
        return found[0] if found else None

    async def find(self, user_id: str, query: TaskQuery) -> Sequence[Task]:
        return await self._find(user_id, query, await self._matches(user_id, query.filter))

    async def count(self, user_id: str, which: Filter) -> Total:
        return await self._count(user_id, which, await self._matches(user_id, which))

    async def page(self, user_id: str, query: TaskQuery) -> tuple[Sequence[Task], Total]:
        words = await self._matches(user_id, query.filter)
        found = await self._find(user_id, query, words)
        if len(found) < query.limit and query.after is None and not query.offset:
            return found, Total(len(found))
        return found, query.total or await self._count(user_id, query.filter, words)

    async def _find(self, user_id: str, query: TaskQuery, words: Matches) -> Sequence[Task]:
        found: list[Task] = []
        for statement, values in pages_of(query, user_id, words):
            found += _tasks(await self._database.run(statement, values))
            if len(found) >= query.limit:
                break
        return found[: query.limit]

    async def _count(self, user_id: str, which: Filter, words: Matches) -> Total:
        if statuses := STATUSES.get(which):
            rows = await self._database.run(COUNTS, {"owner": user_id})
            return Total(sum(getattr(row, COUNTED[each]) for row in rows for each in statuses))
        counted = 0
        for statement, values in counts_of(which, user_id, words):
            counted += (await self._database.run(statement, values))[0].count
            if counted > MAX_COUNTED:
                break
        return Total(min(counted, MAX_COUNTED), is_exact=counted <= MAX_COUNTED)

    async def _matches(self, user_id: str, which: Filter) -> Matches:
        """Returns what the index of words finds for the words and tags that all matching tasks have."""
        words = necessary_query(which, user_id)
        if words is None:
            return NOT_ASKED
        given = {"words": words, "owner": user_id, "taken": MAX_TAKEN, "most": MAX_INDEXED + 1}
        [found] = await self._database.run(FOUND_BY_WORDS, given)
        if found.count <= MAX_TAKEN:
            return Matches(Way.TAKEN, found.ids or ())
        return Matches(Way.INDEXED if found.count <= MAX_INDEXED else Way.WALKED)

    async def family(self, user_id: str, task_ids: Collection[int]) -> Sequence[Task]:
        return _tasks(await self._database.run(FAMILY, {"owner": user_id, "ids": list(task_ids)}))

    async def places(self, user_id: str, list_id: int | None, parent_id: int | None) -> Sequence[Place]:
        statement = places_of(list_id is None, parent_id is None)
        rows = await self._database.run(statement, {"owner": user_id, "list_id": list_id, "parent_id": parent_id})
        return [Place(*row) for row in rows]

    async def list_size(self, user_id: str, list_id: int) -> int:
        [(size,)] = await self._database.run(LIST_SIZE, {"owner": user_id, "list_id": list_id})
        return int(size)

    async def pending_in(self, user_id: str, list_ids: Collection[int]) -> Mapping[int, int]:
        rows = await self._database.run(PENDING_IN, {"owner": user_id, "ids": list(list_ids)})
        return {row.list_id: row.pending for row in rows}

    async def tags(self, user_id: str) -> Sequence[tuple[str, int]]:
        rows = await self._database.run(TAGS, {"owner": user_id, "most": MAX_SPELLINGS})
        return [(row.tag, row.pending) for row in rows]

    async def tagged(self, user_id: str, key: str, limit: int, *, after: int = 0) -> Sequence[Task]:
        lexeme = quoted(tag_lexeme(user_prefix(user_id), key))
        given = {"owner": user_id, "lexeme": lexeme, "after": after, "most": limit}
        return _tasks(await self._database.run(TAGGED, given))

    async def tag_names(self, user_id: str) -> Sequence[str]:
        return [tag for (tag,) in await self._database.run(TAG_NAMES, {"owner": user_id, "most": TAGGED_TASKS})]

    async def following(self, user_id: str, limit: int, *, after: int) -> Sequence[Task]:
        return _tasks(await self._database.run(FOLLOWING, {"owner": user_id, "after": after, "most": limit}))

    async def reindex(self, limit: int) -> int:
        stale = _tasks(await self._database.run(STALE, {"most": limit}))
        if not stale:
            return 0
        [(updated,)] = await self._database.run(REINDEX, {"given": [indexed(task) for task in stale]})
        return int(updated)


def _tasks(rows: Rows) -> Sequence[Task]:
    return [Task(*row) for row in rows]
