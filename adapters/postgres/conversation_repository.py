from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any

import msgspec
from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql

from adapters.postgres.database import Database
from adapters.postgres.tables import conversations, steps, turns
from application.ports import ConversationRepository
from domain.conversation import Answer, Conversation, Step, ToolResult, Turn, TurnState

STEP_TYPES: dict[str, type[Step]] = {"answer": Answer, "result": ToolResult}
STEP_KINDS = {type_: kind for kind, type_ in STEP_TYPES.items()}
CONVERSATION = [conversations.c[name] for name in ("user_id", "id", "title", "created_at", "updated_at")]
TURN = [turns.c[name] for name in ("user_id", "conversation_id", "id", "number", "message", "state", "created_at")]


class PostgresConversations(ConversationRepository):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, user_id: str, conversation_id: str) -> Conversation | None:
        own = (conversations.c.user_id == user_id, conversations.c.id == conversation_id)
        rows = await self._database.read(select(*CONVERSATION).where(*own))
        return Conversation(**rows[0]._mapping) if rows else None

    async def open(self, user_id: str, conversation_id: str, now: datetime) -> Conversation:
        row = {"user_id": user_id, "id": conversation_id, "created_at": now, "updated_at": now}
        opened = (
            postgresql.insert(conversations)
            .values(row)
            .on_conflict_do_update(index_elements=["user_id", "id"], set_={"updated_at": now})
        )
        rows = await self._database.write(opened.returning(*CONVERSATION))
        return Conversation(**rows[0]._mapping)

    async def add_turn(self, turn: Turn) -> Turn:
        numbered = (
            update(conversations)
            .where(conversations.c.user_id == turn.user_id, conversations.c.id == turn.conversation_id)
            .values(last_turn=conversations.c.last_turn + 1, updated_at=turn.created_at)
            .returning(conversations.c.last_turn)
            .cte("numbered")
        )
        values = {column.name: getattr(turn, column.name) for column in TURN if column.name != "number"}
        given = [bindparam(None, value, turns.c[name].type) for name, value in values.items()]
        row = insert(turns).from_select([*values, "number"], select(*given, numbered.c.last_turn))
        (added,) = await self._database.write(row.returning(turns.c.number))
        return replace(turn, number=added.number)

    async def add_step(self, turn: Turn, number: int, step: Step, now: datetime) -> None:
        row = {
            "user_id": turn.user_id,
            "turn_id": turn.id,
            "number": number,
            "kind": STEP_KINDS[type(step)],
            "body": step,
            "created_at": now,
        }
        await self._database.write(insert(steps).values(row))

    async def end_turn(self, turn: Turn, state: TurnState, now: datetime) -> None:
        own = (turns.c.user_id == turn.user_id, turns.c.id == turn.id)
        await self._database.write(update(turns).where(*own).values(state=state, ended_at=now))

    async def newest_turns(
        self, user_id: str, conversation_id: str, limit: int, *, before: int | None = None
    ) -> Sequence[Turn]:
        own = (turns.c.user_id == user_id, turns.c.conversation_id == conversation_id)
        query = select(*TURN).where(*own).order_by(turns.c.number.desc()).limit(limit)
        page = (query if before is None else query.where(turns.c.number < before)).subquery("page")
        of_turn = (steps.c.user_id == page.c.user_id) & (steps.c.turn_id == page.c.id)
        rows = select(page, steps.c.kind, steps.c.body).outerjoin(steps, of_turn)
        found = await self._database.read(rows.order_by(page.c.number.desc(), steps.c.number))
        return [_turn_of(list(rows)) for _, rows in groupby(found, lambda row: row.number)]


def _turn_of(rows: Sequence[Row[Any]]) -> Turn:
    fields = {column.name: getattr(rows[0], column.name) for column in TURN}
    return Turn(**{**fields, "state": TurnState(rows[0].state), "steps": tuple(_steps_of(rows))})


def _steps_of(rows: Iterable[Row[Any]]) -> Iterable[Step]:
    return (msgspec.convert(row.body, STEP_TYPES[row.kind]) for row in rows if row.kind)
