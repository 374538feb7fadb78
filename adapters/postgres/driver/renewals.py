"""Writes the leases and drafts of running turns: one statement for all turns that wait."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import DateTime, Text, update

from adapters.postgres.driver.coalescing import Coalesced, given
from adapters.postgres.driver.database import Database
from adapters.postgres.tables import turns
from domain.chat.turn import TurnState

Lease = tuple[str, str, str | None]


class Renewal(NamedTuple):
    user_id: str
    turn_id: str
    lease: str | None
    until: datetime
    said: str


_given = given(users=Text, ids=Text, leases=Text, untils=DateTime(timezone=True), said=Text)
RENEW = (
    update(turns)
    .where(turns.c.user_id == _given.c.users, turns.c.id == _given.c.ids)
    .where(turns.c.lease.is_not_distinct_from(_given.c.leases), turns.c.state == TurnState.RUNNING)
    .values(lease_until=_given.c.untils, draft=turns.c.draft + _given.c.said)
    .returning(turns.c.user_id, turns.c.id, turns.c.lease, turns.c.stop_requested)
)


def renewals(database: Database) -> Coalesced[Renewal, bool | None]:
    """Returns a function that renews leases, many with one statement. Its result is whether a stop was requested, or
    None if another server holds the lease or the turn has ended."""

    async def renew(asked: Sequence[Renewal]) -> list[bool | None]:
        columns = zip(*_merged(asked), strict=True)
        rows = await database.run(RENEW, dict(zip(("users", "ids", "leases", "untils", "said"), columns, strict=True)))
        stops = {(row.user_id, row.id, row.lease): row.stop_requested for row in rows}
        return [stops.get(each[:3]) for each in asked]

    return Coalesced(database, renew)


def _merged(asked: Sequence[Renewal]) -> list[Renewal]:
    """Joins renewals of the same lease, since an UPDATE uses only one of several matching rows."""
    merged: dict[Lease, Renewal] = {}
    for each in asked:
        before = merged.setdefault(each[:3], each)
        if before is not each:
            merged[each[:3]] = each._replace(until=max(before.until, each.until), said=before.said + each.said)
    return list(merged.values())
