"""Turns and their steps. A write names its lease, and changes no row if another server holds the turn by then."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Date, Select, Update, cast, func, literal_column, select, update

from adapters.postgres.chat.turn_statements import (
    ADD,
    ADD_STEP,
    BYTES,
    END,
    FOLLOWING,
    GET,
    HIDDEN,
    MINE,
    NEWEST,
    OF_CLIENT_MESSAGE,
    PAST,
    RUNNING,
    TURN,
    USED,
)
from adapters.postgres.driver.coalescing import Coalesced
from adapters.postgres.driver.connections import Row
from adapters.postgres.driver.database import Database
from adapters.postgres.driver.renewals import Renewal, renewals
from adapters.postgres.quotas import ROW_BYTES, most
from adapters.postgres.tables import turns
from application.ports import TurnRepository
from domain.chat.approval import ApprovalDecision, ApprovalRequest
from domain.chat.messages import Answer, ToolResult
from domain.chat.turn import DayUsage, Feedback, Step, Turn, TurnState, state_after
from domain.errors import NotAuthenticated, TurnTaken
from domain.quotas import DEFAULT_QUOTAS, Quotas

STEP_TYPES: dict[str, type[Step]] = {
    "answer": Answer,
    "result": ToolResult,
    "approval": ApprovalRequest,
    "decision": ApprovalDecision,
}
STEP_KINDS = {type_: kind for kind, type_ in STEP_TYPES.items()}
DAY = cast(func.timezone(literal_column("'UTC'"), turns.c.created_at), Date).label("date")

LAST = 2**31 - 1


class PostgresTurns(TurnRepository):
    def __init__(self, database: Database, quotas: Quotas = DEFAULT_QUOTAS) -> None:
        self._database = database
        self._quotas = quotas
        self._gets = Coalesced(database, self._get)
        self._renewals = renewals(database)

    async def add(self, turn: Turn) -> Turn | None:
        given = {f"new_{column.name}": getattr(turn, column.name) for column in TURN if column.name != "number"}
        place = {"owner": turn.user_id, "conversation": turn.conversation_id}
        quota = {"said": turn.message, "bytes_most": most(self._quotas.bytes)}
        if added := await self._database.write(ADD, given | place | quota):
            return replace(turn, number=added[0].number)
        if await self.running(turn.user_id, turn.conversation_id) is None:
            await self._check_quota(turn)
        return None

    async def _check_quota(self, turn: Turn) -> None:
        """Raises `QuotaReached` if the message has no room. Otherwise the turn that was running has just ended."""
        rows = await self._database.run(BYTES, {"owner": turn.user_id})
        if not rows:
            raise NotAuthenticated("This account no longer exists.")
        self._quotas.check_bytes(rows[0].bytes + ROW_BYTES + len(turn.message.encode()))

    async def get(self, user_id: str, turn_id: str) -> Turn | None:
        return await self._gets((user_id, turn_id))

    async def running(self, user_id: str, conversation_id: str) -> Turn | None:
        found = await self._read(RUNNING, owner=user_id, conversation=conversation_id)
        return found[0] if found else None

    async def claim(self, turn: Turn, lease: str, until: datetime) -> Turn:
        values = {"state": TurnState.RUNNING, "draft": "", "error": None, "stop_requested": False}
        await self._write(turn, MINE.values(lease=lease, lease_until=until, **values))
        return replace(turn, lease=lease, lease_until=until, **values)  # type: ignore[arg-type]

    async def renew(self, turn: Turn, until: datetime, said: str = "") -> bool:
        stop_requested = await self._renewals(Renewal(turn.user_id, turn.id, turn.lease, until, said))
        if stop_requested is None:
            raise TurnTaken(turn.id)
        return stop_requested

    async def add_step(self, turn: Turn, step: Step, now: datetime, until: datetime | None) -> Turn:
        state, ended_at = (state_after(step), now) if until is None else (turn.state, None)
        changed = {"lease_until": until, "state": state, "ended_at": ended_at, **_used(turn)}
        added = {"number": len(turn.steps) + 1, "kind": STEP_KINDS[type(step)], "body": step, "created_at": now}
        values = {f"new_{name}": value for name, value in {**changed, **added}.items()}
        _held(turn, await self._database.run(ADD_STEP, {**_own(turn), **values}))
        return replace(turn, steps=(*turn.steps, step), draft="", lease_until=until, state=state)

    async def end(self, turn: Turn, state: TurnState, now: datetime, error: str | None = None) -> Turn:
        values = {"new_state": state, "new_ended_at": now, "new_error": error}
        _held(turn, await self._database.write(END, {**_own(turn), **values}))
        return replace(turn, state=state, error=error, lease_until=None)

    async def interrupt(self, turn: Turn, now: datetime) -> None:
        await self._write(turn, MINE.values(state=TurnState.INTERRUPTED, ended_at=now, lease=None))

    async def request_stop(self, user_id: str, turn_id: str) -> None:
        own = (turns.c.user_id == user_id, turns.c.id == turn_id)
        await self._database.write(update(turns).where(*own).values(stop_requested=True))

    async def newest(
        self, user_id: str, conversation_id: str, limit: int, *, before: int | None = None, after: int = 0
    ) -> Sequence[Turn]:
        bounds = {"before": LAST if before is None else before, "after": after}
        return await self._read(NEWEST, owner=user_id, conversation=conversation_id, most=limit, **bounds)

    async def prior_to(self, turn: Turn, limit: int) -> tuple[str, Sequence[Turn]]:
        given = {"owner": turn.user_id, "conversation": turn.conversation_id, "number": turn.number}
        rows = await self._database.run(PAST, {**given, "most": limit + 1})
        return (rows[0].summary, _turns_of(rows)[1:]) if rows else ("", [])

    async def following(
        self, user_id: str, conversation_id: str, limit: int, *, after: int, hidden: bool = False
    ) -> Sequence[Turn]:
        given = {"owner": user_id, "conversation": conversation_id, "after": after, "most": limit}
        found = await self._read(HIDDEN if hidden else FOLLOWING, **given)
        return found[::-1]

    async def of_client_message(self, user_id: str, conversation_id: str, client_message_id: str) -> Turn | None:
        given = {"owner": user_id, "conversation": conversation_id, "client_message": client_message_id}
        found = await self._read(OF_CLIENT_MESSAGE, **given)
        return found[0] if found else None

    async def hide(self, user_id: str, conversation_id: str, now: datetime, turn_id: str | None = None) -> None:
        own = (turns.c.user_id == user_id, turns.c.conversation_id == conversation_id, ~turns.c.hidden)
        which = update(turns).where(*own).values(hidden=True, hidden_at=now)
        await self._database.write(which if turn_id is None else which.where(turns.c.id == turn_id))

    async def hide_between(self, user_id: str, conversation_id: str, first: int, before: int, now: datetime) -> None:
        own = (turns.c.user_id == user_id, turns.c.conversation_id == conversation_id, ~turns.c.hidden)
        numbered = (turns.c.number >= first, turns.c.number < before)
        await self._database.write(update(turns).where(*own, *numbered).values(hidden=True, hidden_at=now))

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
        return [DayUsage(**row) for row in await self._database.run(query)]

    async def _get(self, keys: Sequence[tuple[str, str]]) -> list[Turn | None]:
        users, ids = zip(*dict.fromkeys(keys), strict=True)
        found = {(turn.user_id, turn.id): turn for turn in await self._read(GET, users=users, ids=ids)}
        return [found.get(key) for key in keys]

    async def _read(self, statement: Select[Any], **parameters: Any) -> list[Turn]:
        return _turns_of(await self._database.run(statement, parameters))

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
