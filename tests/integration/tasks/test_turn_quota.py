"""A message that finds no place is refused for its size only if that is the reason."""

from datetime import UTC, datetime

import pytest

from adapters.postgres.accounts.account_repository import PostgresAccounts
from adapters.postgres.chat.conversation_repository import PostgresConversations
from adapters.postgres.chat.turn_repository import PostgresTurns
from adapters.postgres.driver.database import Database
from domain.chat.turn import Turn
from domain.errors import NotAuthenticated, QuotaReached
from domain.quotas import Quotas
from tests.fakes import user

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def turn(turn_id: str, message: str = "hello") -> Turn:
    return Turn(user_id="ann", conversation_id="default", id=turn_id, message=message, created_at=NOW, lease="mine")


@pytest.fixture
async def turns(database: Database, monkeypatch: pytest.MonkeyPatch) -> PostgresTurns:
    """With a turn that runs, and whose end is seen between the two statements of adding the next."""
    turns = PostgresTurns(database, Quotas(bytes=10_000))
    async with database() as work:
        await PostgresAccounts(database).add(user("ann"))
        await PostgresConversations(database).open("ann", "default", NOW)
        assert await turns.add(turn("first"))
        await work.commit()

    async def none(*_: str) -> None:
        return None

    monkeypatch.setattr(turns, "running", none)
    return turns


async def test_where_the_turn_before_has_just_ended_nothing_is_said_of_a_quota(
    database: Database, turns: PostgresTurns
) -> None:
    async with database():
        assert await turns.add(turn("second")) is None


async def test_a_message_without_room_is_refused(database: Database, turns: PostgresTurns) -> None:
    with pytest.raises(QuotaReached):
        async with database():
            await turns.add(turn("second", "x" * 10_000))


async def test_an_account_that_is_gone_is_told_apart(database: Database, turns: PostgresTurns) -> None:
    async with database() as work:
        await PostgresAccounts(database).close("ann", NOW)
        await work.commit()
    with pytest.raises(NotAuthenticated):
        async with database():
            await turns.add(turn("second"))
