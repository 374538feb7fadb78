"""What rows of earlier versions, and rows that are gone, come to."""

import pytest
from sqlalchemy import Table, insert, select, text, update

from adapters.postgres.accounts.account_repository import PostgresAccounts
from adapters.postgres.driver.database import Database
from adapters.postgres.tables import sessions, steps, tasks, turns, users
from domain.accounts.account import User
from domain.errors import EmailTaken, NotAuthenticated, NotFound, Refusal
from tests.fakes import FakeClock, user

NOW = FakeClock()()
SHARP, DOUBLE = "straße@example.com", "strasse@example.com"


@pytest.fixture
def accounts(database: Database) -> PostgresAccounts:
    return PostgresAccounts(database)


async def add(database: Database, added: User) -> User:
    async with database() as work:
        await PostgresAccounts(database).add(added)
        await work.commit()
    return added


async def add_as_before(database: Database, email: str) -> User:
    """An earlier version's key is case-folded."""
    added = await add(database, user("old", email=email))
    async with database() as work:
        await database.write(update(users).values(email_key=email.casefold()))
        await work.commit()
    return added


async def test_an_address_whose_key_was_case_folded_is_found_and_taken(
    database: Database, accounts: PostgresAccounts
) -> None:
    old = await add_as_before(database, SHARP)
    assert await accounts.by_email(SHARP) == old
    assert await accounts.by_email(DOUBLE) is None
    with pytest.raises(EmailTaken):
        await add(database, user("new", email=SHARP))


@pytest.mark.parametrize("old_email", [SHARP, "Straße@example.com"])
async def test_another_address_that_folds_to_the_same_key_signs_up_beside_it(
    database: Database, accounts: PostgresAccounts, old_email: str
) -> None:
    old = await add_as_before(database, old_email)
    new = await add(database, user("new", email=DOUBLE))
    assert [await accounts.by_email(email) for email in (SHARP, DOUBLE)] == [old, new]
    with pytest.raises(EmailTaken):
        await add(database, user("third", email=DOUBLE))


async def test_an_id_that_is_taken_is_taken_whatever_the_email(database: Database) -> None:
    await add(database, user("ann"))
    for email in (None, "other@example.com", SHARP):
        with pytest.raises(EmailTaken):
            await add(database, user("ann", email=email))


TURN = {"id": "t", "conversation_id": "gone", "number": 1, "message": "", "state": "done", "created_at": NOW}
SESSION = {"id": "s", "refresh_hash": b"", "created_at": NOW, "expires_at": NOW}
TASK = {"id": 1, "title": "a", "created_at": NOW, "updated_at": NOW, "revision": 1}


@pytest.mark.parametrize(
    ("table", "values", "refusal"),
    [
        (sessions, {"user_id": "gone", **SESSION}, NotAuthenticated),
        (tasks, {"user_id": "gone", **TASK}, NotAuthenticated),
        (turns, {"user_id": "ann", **TURN}, NotFound),
        (
            steps,
            {"user_id": "ann", "turn_id": "gone", "number": 1, "kind": "", "body": {}, "created_at": NOW},
            NotFound,
        ),
    ],
)
async def test_a_row_that_belongs_to_nothing_is_refused_by_what_is_missing(
    database: Database, table: Table, values: dict[str, object], refusal: type[Refusal]
) -> None:
    await add(database, user("ann"))
    with pytest.raises(refusal):
        async with database():
            await database.write(insert(table).values(values))
    assert len(await database.run(select(users.c.id))) == 1


async def test_a_foreign_key_that_nobody_knows_is_a_bug(database: Database) -> None:
    async with database():
        await database.write(text("CREATE TEMPORARY TABLE parents (id int PRIMARY KEY)"))
        await database.write(text("CREATE TEMPORARY TABLE children (id int REFERENCES parents)"))
        with pytest.raises(Exception, match="children_id_fkey"):
            await database.write(text("INSERT INTO children VALUES (1)"))


async def test_a_row_of_an_earlier_version_has_the_defaults(database: Database, accounts: PostgresAccounts) -> None:
    async with database() as work:
        await database.write(insert(users).values(id="old", created_at=NOW))
        await work.commit()
    assert await accounts.get("old") == User(id="old", email=None, name=None, password_hash=None, created_at=NOW)
