"""Turns and their steps. A write names the lease it is made under, and finds no row where another holds it by now."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    BindParameter,
    Date,
    Insert,
    Integer,
    Select,
    Table,
    Text,
    Update,
    bindparam,
    cast,
    exists,
    func,
    insert,
    literal_column,
    select,
    update,
)

from adapters.postgres.coalescing import Coalesced, given
from adapters.postgres.connections import Row
from adapters.postgres.database import Database
from adapters.postgres.renewals import Renewal, renewals
from adapters.postgres.tables import conversations, steps, turns
from application.ports import TurnRepository
from domain.conversation import Answer, DayUsage, Feedback, Step, ToolResult, Turn, TurnState
from domain.errors import TurnTaken

STEP_TYPES: dict[str, type[Step]] = {"answer": Answer, "result": ToolResult}
STEP_KINDS = {type_: kind for kind, type_ in STEP_TYPES.items()}
TURN = [turns.c[field.name] for field in fields(Turn) if field.name != "steps"]
USED = ("prompt_tokens", "completion_tokens", "cached_tokens", "model_milliseconds")
DAY = cast(func.timezone(literal_column("'UTC'"), turns.c.created_at), Date).label("date")

LAST = 2**31 - 1


def _with_steps(which: Select[Any]) -> Select[Any]:
    """One statement for the turns, newest first, and their steps."""
    page = which.subquery("page")
    of_turn = (steps.c.user_id == page.c.user_id) & (steps.c.turn_id == page.c.id)
    query = select(page, steps.c.kind, steps.c.body).outerjoin(steps, of_turn)
    return query.order_by(page.c.number.desc(), steps.c.number)


_asked = given(users=Text, ids=Text)
_owned = select(*TURN).where(turns.c.user_id == bindparam("owner", type_=Text))
_shown = _owned.where(turns.c.conversation_id == bindparam("conversation", type_=Text), ~turns.c.hidden)
_of_it = (turns.c.user_id == conversations.c.user_id) & (turns.c.conversation_id == conversations.c.id)
_later = _shown.where(turns.c.number > bindparam("after", type_=Integer))
_most = bindparam("most", type_=Integer)
GET = _with_steps(select(*TURN).join(_asked, (turns.c.user_id == _asked.c.users) & (turns.c.id == _asked.c.ids)))
RUNNING = _with_steps(
    _owned.where(turns.c.conversation_id == bindparam("conversation", type_=Text), turns.c.state == TurnState.RUNNING)
)
NEWEST = _with_steps(
    _later.where(turns.c.number < bindparam("before", type_=Integer)).order_by(turns.c.number.desc()).limit(_most)
)
PAST = _with_steps(
    select(*TURN, conversations.c.summary)
    .join(conversations, (turns.c.user_id == conversations.c.user_id) & (turns.c.conversation_id == conversations.c.id))
    .where(
        turns.c.user_id == bindparam("owner", type_=Text), conversations.c.id == bindparam("conversation", type_=Text)
    )
    .where(conversations.c.deleted_at.is_(None), ~turns.c.hidden)
    .where(turns.c.number > conversations.c.summarized_until, turns.c.number <= bindparam("number", type_=Integer))
    .order_by(turns.c.number.desc())
    .limit(_most)
)
FOLLOWING = _with_steps(_later.order_by(turns.c.number).limit(_most))


_mine = update(turns).where(
    turns.c.user_id == bindparam("owner", type_=Text),
    turns.c.id == bindparam("turn", type_=Text),
    turns.c.lease.is_not_distinct_from(bindparam("held", type_=Text)),
)
_running = _mine.where(turns.c.state == TurnState.RUNNING)


def _new(table: Table, *names: str) -> dict[str, BindParameter[Any]]:
    """Parameters for columns; one may not be called like a column that is set."""
    return {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}


def _add() -> Insert:
    here = (conversations.c.user_id == bindparam("owner"), conversations.c.id == bindparam("conversation"))
    free = ~exists().where(_of_it, turns.c.state == TurnState.RUNNING)
    values = {"last_turn": conversations.c.last_turn + 1, "updated_at": bindparam("new_created_at")}
    numbered = (
        update(conversations).where(*here, free).values(values).returning(conversations.c.last_turn).cte("numbered")
    )
    given = _new(turns, *(column.name for column in TURN if column.name != "number"))
    row = select(*given.values(), numbered.c.last_turn)
    return insert(turns).from_select([*given, "number"], row).returning(turns.c.number)


def _add_step() -> Insert:
    values = _new(turns, "lease_until", "state", "ended_at", "model", *USED)
    held = _running.values(draft="", **values).returning(turns.c.user_id, turns.c.id).cte("held_turn")
    given = _new(steps, "number", "kind", "body", "created_at")
    row = select(held.c.user_id, held.c.id, *given.values())
    return insert(steps).from_select(["user_id", "turn_id", *given], row).returning(steps.c.number)


ADD, ADD_STEP = _add(), _add_step()
END = _running.values(lease_until=None, **_new(turns, "state", "ended_at", "error")).returning(turns.c.id)


class PostgresTurns(TurnRepository):
    def __init__(self, database: Database) -> None:
        self._database = database
        self._gets = Coalesced(database, self._get)
        self._renewals = renewals(database)

    async def add(self, turn: Turn) -> Turn | None:
        given = {f"new_{column.name}": getattr(turn, column.name) for column in TURN if column.name != "number"}
        place = {"owner": turn.user_id, "conversation": turn.conversation_id}
        added = await self._database.write(ADD, given | place)
        return replace(turn, number=added[0].number) if added else None

    async def get(self, user_id: str, turn_id: str) -> Turn | None:
        return await self._gets((user_id, turn_id))

    async def running(self, user_id: str, conversation_id: str) -> Turn | None:
        found = await self._read(RUNNING, owner=user_id, conversation=conversation_id)
        return found[0] if found else None

    async def claim(self, turn: Turn, lease: str, until: datetime) -> Turn:
        values = {"state": TurnState.RUNNING, "draft": "", "error": None, "stop_requested": False}
        await self._write(turn, _mine.values(lease=lease, lease_until=until, **values))
        return replace(turn, lease=lease, lease_until=until, **values)  # type: ignore[arg-type]

    async def renew(self, turn: Turn, until: datetime, said: str = "") -> bool:
        stop_requested = await self._renewals(Renewal(turn.user_id, turn.id, turn.lease, until, said))
        if stop_requested is None:
            raise TurnTaken(turn.id)
        return stop_requested

    async def add_step(self, turn: Turn, step: Step, now: datetime, until: datetime | None) -> Turn:
        state, ended_at = (TurnState.DONE, now) if until is None else (turn.state, None)
        changed = {"lease_until": until, "state": state, "ended_at": ended_at, **_used(turn)}
        added = {"number": len(turn.steps) + 1, "kind": STEP_KINDS[type(step)], "body": step, "created_at": now}
        values = {f"new_{name}": value for name, value in {**changed, **added}.items()}
        _held(turn, await self._database.read(ADD_STEP, {**_own(turn), **values}))
        return replace(turn, steps=(*turn.steps, step), draft="", lease_until=until, state=state)

    async def end(self, turn: Turn, state: TurnState, now: datetime, error: str | None = None) -> Turn:
        values = {"new_state": state, "new_ended_at": now, "new_error": error}
        _held(turn, await self._database.write(END, {**_own(turn), **values}))
        return replace(turn, state=state, error=error, lease_until=None)

    async def interrupt(self, turn: Turn, now: datetime) -> None:
        await self._write(turn, _mine.values(state=TurnState.INTERRUPTED, ended_at=now, lease=None))

    async def request_stop(self, user_id: str, turn_id: str) -> None:
        own = (turns.c.user_id == user_id, turns.c.id == turn_id)
        await self._database.write(update(turns).where(*own).values(stop_requested=True))

    async def newest(
        self, user_id: str, conversation_id: str, limit: int, *, before: int | None = None, after: int = 0
    ) -> Sequence[Turn]:
        bounds = {"before": LAST if before is None else before, "after": after}
        return await self._read(NEWEST, owner=user_id, conversation=conversation_id, most=limit, **bounds)

    async def past(self, turn: Turn, limit: int) -> tuple[str, Sequence[Turn]]:
        given = {"owner": turn.user_id, "conversation": turn.conversation_id, "number": turn.number}
        rows = await self._database.read(PAST, {**given, "most": limit + 1})
        return (rows[0].summary, _turns_of(rows)[1:]) if rows else ("", [])

    async def following(self, user_id: str, conversation_id: str, limit: int, *, after: int) -> Sequence[Turn]:
        found = await self._read(FOLLOWING, owner=user_id, conversation=conversation_id, after=after, most=limit)
        return found[::-1]

    async def hide(self, user_id: str, conversation_id: str, turn_id: str | None = None) -> None:
        own = (turns.c.user_id == user_id, turns.c.conversation_id == conversation_id, ~turns.c.hidden)
        which = update(turns).where(*own).values(hidden=True)
        await self._database.write(which if turn_id is None else which.where(turns.c.id == turn_id))

    async def set_feedback(self, user_id: str, turn_id: str, feedback: Feedback | None, comment: str | None) -> None:
        own = (turns.c.user_id == user_id, turns.c.id == turn_id)
        await self._database.write(update(turns).where(*own).values(feedback=feedback, feedback_comment=comment))

    async def charge(self, turn: Turn) -> None:
        own = (turns.c.user_id == turn.user_id, turns.c.id == turn.id)
        await self._database.write(update(turns).where(*own).values(**_used(turn)))

    async def usage(self, user_id: str, since: datetime) -> Sequence[DayUsage]:
        sums = [cast(func.sum(turns.c[name]), BigInteger).label(name) for name in USED]
        query = select(DAY, turns.c.model, func.count().label("turns"), *sums)
        query = query.where(turns.c.user_id == user_id, turns.c.created_at >= since)
        query = query.group_by(DAY, turns.c.model).order_by(DAY.desc(), turns.c.model)
        return [DayUsage(**row) for row in await self._database.read(query)]

    async def _get(self, keys: Sequence[tuple[str, str]]) -> list[Turn | None]:
        users, ids = zip(*dict.fromkeys(keys), strict=True)
        found = {(turn.user_id, turn.id): turn for turn in await self._read(GET, users=users, ids=ids)}
        return [found.get(key) for key in keys]

    async def _read(self, statement: Select[Any], **parameters: Any) -> list[Turn]:
        return _turns_of(await self._database.read(statement, parameters))

    async def _write(self, turn: Turn, statement: Update) -> None:
        _held(turn, await self._database.write(statement.returning(turns.c.id), _own(turn)))


def _used(turn: Turn) -> dict[str, Any]:
    return {name: getattr(turn, name) for name in ("model", *USED)}


def _own(turn: Turn) -> dict[str, Any]:
    return {"owner": turn.user_id, "turn": turn.id, "held": turn.lease}


def _held(turn: Turn, rows: Sequence[Row]) -> Sequence[Row]:
    if not rows:
        raise TurnTaken(turn.id)
    return rows


def _turns_of(rows: Sequence[Row]) -> list[Turn]:
    found: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        found[row.user_id, row.id].append(row)
    return [_turn_of(each) for each in found.values()]


def _turn_of(rows: Sequence[Row]) -> Turn:
    values = {column.name: getattr(rows[0], column.name) for column in TURN}
    found = tuple(msgspec.convert(row.body, STEP_TYPES[row.kind]) for row in rows if row.kind)
    return Turn(**{**values, "state": TurnState(rows[0].state), "steps": found})
