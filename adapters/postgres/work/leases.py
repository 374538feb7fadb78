"""Statements that claim rows of due work, and find when the next are due. They serve every kind of work."""

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    Select,
    Table,
    Text,
    TextClause,
    Update,
    and_,
    bindparam,
    func,
    or_,
    select,
    true,
    update,
)

SCANNED = 1_000
"""The number of due rows to choose from. It is several times what all servers claim at once."""

NOW = bindparam("now", type_=DateTime(timezone=True))
Condition = ColumnElement[bool] | TextClause


def claim(
    table: Table,
    due_at: ColumnElement[object],
    waits: ColumnElement[bool] | TextClause,
    key: tuple[str, str] = ("user_id", "id"),
) -> Update:
    """Leases `:most` rows for which `waits` holds and whose `due_at` has come, at most `:of_user` of one user.

    Users with the fewest leases come first. Users at their bound are left out before the rows are limited, so that
    their many rows do not hide others. Locked rows are skipped. `key` names the columns of a row's user and id; in a
    table without users, both are the same.
    """
    user_id, row_id = (table.c[name] for name in key)
    other = table.alias("other")
    is_of_user = other.c[key[0]] == user_id
    held = select(func.count().label("leases")).where(is_of_user, other.c.lease_until > NOW).lateral("held")
    free = and_(waits, due_at <= NOW, or_(table.c.lease_until.is_(None), table.c.lease_until <= NOW))
    of_user = bindparam("of_user", type_=Integer)
    waiting = (
        select(user_id.label("user_id"), row_id.label("id"), due_at.label("due_at"), held.c.leases)
        .join(held, true())
        .where(free, held.c.leases < of_user)
        .order_by(due_at)
        .limit(SCANNED)
        .cte("waiting")
    )
    number = func.row_number().over(partition_by=waiting.c.user_id, order_by=waiting.c.due_at)
    ranked = select(waiting, (waiting.c.leases + number).label("place")).cte("ranked")
    due = (
        select(user_id.label("user_id"), row_id.label("id"))
        .join(ranked, and_(ranked.c.user_id == user_id, ranked.c.id == row_id))
        .where(free, ranked.c.place <= of_user)
        .order_by(ranked.c.place, ranked.c.due_at)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(of=table, skip_locked=True)
        .cte("due")
    )
    lease = {"lease": bindparam("by", type_=Text), "lease_until": bindparam("until", type_=DateTime(timezone=True))}
    return update(table).where(user_id == due.c.user_id, row_id == due.c.id).values(lease)


def next_due(
    table: Table, due_at: ColumnElement[object], waits: ColumnElement[bool] | TextClause
) -> Select[tuple[object]]:
    """Selects the first time after `:now` when a row becomes due or a lease ends. It is null if there is none."""
    due = select(func.min(due_at)).where(waits, due_at > NOW).scalar_subquery()
    lapse = select(func.min(table.c.lease_until)).where(table.c.lease_until > NOW).scalar_subquery()
    return select(func.least(due, lapse))
