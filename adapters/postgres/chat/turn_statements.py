"""The SQL statements for turns and their steps. They are module constants, so that each is compiled only once."""

from dataclasses import fields
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Column,
    Insert,
    Integer,
    ScalarSelect,
    Select,
    Table,
    Text,
    bindparam,
    cast,
    exists,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from adapters.postgres.driver.coalescing import given
from adapters.postgres.quotas import ROW_BYTES
from adapters.postgres.tables import conversations, counters, steps, turns
from domain.chat.turn import Turn, TurnState

TURN = [turns.c[field.name] for field in fields(Turn) if field.name != "steps"]
USED = ("prompt_tokens", "completion_tokens", "cached_tokens", "model_milliseconds")


def _with_steps(which: Select[Any]) -> Select[Any]:
    page = which.subquery("page")
    of_turn = (steps.c.user_id == page.c.user_id) & (steps.c.turn_id == page.c.id)
    query = select(page, steps.c.kind, steps.c.body).outerjoin(steps, of_turn)
    return query.order_by(page.c.number.desc(), steps.c.number)


def _of_conversation(column: Column[Any]) -> ScalarSelect[Any]:
    """Selects the column once: a join would not bound the index scan, and would cost more with each turn."""
    here = (conversations.c.user_id == bindparam("owner"), conversations.c.id == bindparam("conversation"))
    return select(column).where(*here, conversations.c.deleted_at.is_(None)).scalar_subquery()


_asked = given(users=Text, ids=Text)
_owned = select(*TURN).where(turns.c.user_id == bindparam("owner", type_=Text))
_here = _owned.where(turns.c.conversation_id == bindparam("conversation", type_=Text))
_shown = _here.where(~turns.c.hidden)
_of_it = (turns.c.user_id == conversations.c.user_id) & (turns.c.conversation_id == conversations.c.id)
_after = turns.c.number > bindparam("after", type_=Integer)
_later = _shown.where(_after)
_most = bindparam("most", type_=Integer)
GET = _with_steps(select(*TURN).join(_asked, (turns.c.user_id == _asked.c.users) & (turns.c.id == _asked.c.ids)))
BYTES = select(counters.c.bytes).where(counters.c.user_id == bindparam("owner"))
RUNNING = _with_steps(
    _owned.where(turns.c.conversation_id == bindparam("conversation", type_=Text), turns.c.state == TurnState.RUNNING)
)
NEWEST = _with_steps(
    _later.where(turns.c.number < bindparam("before", type_=Integer)).order_by(turns.c.number.desc()).limit(_most)
)
OF_CLIENT_MESSAGE = _with_steps(
    _shown.where(turns.c.client_message_id == bindparam("client_message", type_=Text))
    .order_by(turns.c.number.desc())
    .limit(1)
)
PAST = _with_steps(
    _shown.add_columns(_of_conversation(conversations.c.summary).label("summary"))
    .where(turns.c.number > _of_conversation(conversations.c.summarized_until))
    .where(turns.c.number <= bindparam("number", type_=Integer))
    .order_by(turns.c.number.desc())
    .limit(_most)
)
FOLLOWING = _with_steps(_later.order_by(turns.c.number).limit(_most))
HIDDEN = _with_steps(_here.where(turns.c.hidden, _after).order_by(turns.c.number).limit(_most))


MINE = update(turns).where(
    turns.c.user_id == bindparam("owner", type_=Text),
    turns.c.id == bindparam("turn", type_=Text),
    turns.c.lease.is_not_distinct_from(bindparam("held", type_=Text)),
)
_running = MINE.where(turns.c.state == TurnState.RUNNING)


def _new(table: Table, *names: str) -> dict[str, BindParameter[Any]]:
    """Names begin with `new_`, because SQLAlchemy reserves the name of a column that is set."""
    return {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}


def _add() -> Insert:
    here = (conversations.c.user_id == bindparam("owner"), conversations.c.id == bindparam("conversation"))
    free = ~exists().where(_of_it, turns.c.state == TurnState.RUNNING)
    values = {"last_turn": conversations.c.last_turn + 1, "updated_at": bindparam("new_created_at")}
    numbered = (
        update(conversations).where(*here, free).values(values).returning(conversations.c.last_turn).cte("numbered")
    )
    given = _new(turns, *(column.name for column in TURN if column.name != "number"))
    size = ROW_BYTES + func.octet_length(bindparam("said", type_=Text))
    fits = counters.c.bytes + size <= bindparam("bytes_most", type_=BigInteger)
    paid = (
        update(counters)
        .where(counters.c.user_id == bindparam("owner"), exists().where(numbered.c.last_turn > 0), fits)
        .values(bytes=counters.c.bytes + size)
        .returning(size.label("size"))
        .cte("paid")
    )
    row = select(*given.values(), numbered.c.last_turn, paid.c.size)
    return insert(turns).from_select([*given, "number", "size"], row).returning(turns.c.number)


def _add_step() -> Insert:
    """Counts the size of a step without refusing it: a turn has few steps, and what was done must be kept."""
    values = _new(turns, "lease_until", "state", "ended_at", "model", *USED)
    size = ROW_BYTES + func.octet_length(cast(bindparam("new_body", type_=JSONB), Text))
    held = (
        _running.values(draft="", size=turns.c.size + size, **values)
        .returning(turns.c.user_id, turns.c.id)
        .cte("held_turn")
    )
    paid = update(counters).where(counters.c.user_id == held.c.user_id).values(bytes=counters.c.bytes + size)
    given = _new(steps, "number", "kind", "body", "created_at")
    row = select(held.c.user_id, held.c.id, *given.values())
    added = insert(steps).from_select(["user_id", "turn_id", *given], row).returning(steps.c.number)
    return added.add_cte(paid.cte("paid"))


ADD, ADD_STEP = _add(), _add_step()
END = _running.values(lease_until=None, **_new(turns, "state", "ended_at", "error")).returning(turns.c.id)
