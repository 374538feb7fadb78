from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.errors import EmailTaken, NotAuthenticated
from tests.contract.conftest import Store
from tests.contract.test_tasks import added

NOW = datetime.now(UTC)
LATER = NOW + timedelta(hours=1)


async def test_a_user_is_found_by_id_and_by_email_in_any_case(store: Store) -> None:
    ann = await store.add_user("ann", email="Ann.Ätsch@example.com")
    assert await store.accounts.get("ann") == ann
    assert await store.accounts.by_email("ANN.ätsch@EXAMPLE.com") == ann
    assert await store.accounts.by_email("bob@example.com") is None


async def test_an_email_is_taken_whatever_its_case(store: Store) -> None:
    await store.add_user("ann", email="ann@example.com")
    with pytest.raises(EmailTaken):
        await store.add_user("bob", email="ANN@example.com")
    assert await store.accounts.get("bob") is None


async def test_users_without_an_email_do_not_collide(store: Store) -> None:
    await store.add_user("ann", email=None)
    await store.add_user("bob", email=None)
    assert await store.accounts.get("bob")


async def test_a_password_can_be_replaced(store: Store) -> None:
    await store.add_user("ann")
    await store.do(store.accounts.set_password("ann", "v2:new"))
    ann = await store.accounts.get("ann")
    assert ann is not None
    assert ann.password_hash == "v2:new"


async def test_a_reset_token_works_once_and_ends_the_others(store: Store) -> None:
    await store.add_user("ann")
    await store.do(store.accounts.add_reset("ann", b"one", LATER), store.accounts.add_reset("ann", b"two", LATER))
    assert await store.do(store.accounts.use_reset("ann", b"one", NOW)) is True
    assert await store.do(store.accounts.use_reset("ann", b"one", NOW)) is False
    assert await store.do(store.accounts.use_reset("ann", b"two", NOW)) is False


async def test_a_reset_token_expires_and_belongs_to_one_user(store: Store) -> None:
    await store.add_user("ann")
    await store.add_user("bob")
    await store.do(store.accounts.add_reset("ann", b"one", LATER))
    assert await store.do(store.accounts.use_reset("ann", b"one", LATER)) is False
    assert await store.do(store.accounts.use_reset("bob", b"one", NOW)) is False
    assert await store.do(store.accounts.use_reset("ann", b"one", NOW)) is True


@pytest.mark.parametrize(("first", "second"), [("straße", "strasse"), ("strasse", "straße"), ("\ufb01ona", "fiona")])
async def test_addresses_that_case_folding_makes_one_are_two(store: Store, first: str, second: str) -> None:
    one = await store.add_user("one", email=f"{first}@example.com")
    two = await store.add_user("two", email=f"{second}@example.com")
    assert await store.accounts.by_email(f"{first}@example.com") == one
    assert await store.accounts.by_email(f"{second}@EXAMPLE.com") == two
    with pytest.raises(EmailTaken):
        await store.add_user("three", email=f"{first}@example.com")


async def test_an_email_is_confirmed_once(store: Store) -> None:
    ann = await store.add_user("ann")
    assert not ann.email_confirmed
    for at in (NOW, LATER):
        await store.do(store.accounts.confirm_email("ann", at))
    assert await store.accounts.get("ann") == replace(ann, email_confirmed_at=NOW)


async def test_what_is_changed_of_a_user_is_changed_and_nothing_else(store: Store) -> None:
    ann, bob = await store.add_user("ann", name="Ann"), await store.add_user("bob")
    assert (ann.timezone, ann.week_start, ann.locale) == ("UTC", "monday", "en")
    values: dict[str, Any] = {"timezone": "Europe/Berlin", "locale": "de"}
    assert await store.do(store.accounts.change("ann", values)) == replace(ann, **values)
    assert await store.accounts.get("ann") == replace(ann, **values)
    assert await store.accounts.get("bob") == bob
    with pytest.raises(NotAuthenticated):
        await store.do(store.accounts.change("nobody", values))


async def test_a_closed_account_is_as_one_that_is_gone_and_its_email_is_free(store: Store) -> None:
    await store.add_user("ann")
    await store.add_user("bob")
    await store.do(store.accounts.close("ann", LATER))
    assert await store.accounts.get("ann") is None
    assert await store.accounts.by_email("ann@example.com") is None
    assert await store.do(store.accounts.get_to_change("ann")) is None
    assert await store.accounts.closed(10) == ["ann"]
    await store.add_user("ann again", email="ann@example.com")
    with pytest.raises(EmailTaken):
        await store.add_user("ann", email="other@example.com")
    with pytest.raises(NotAuthenticated):
        await added(store, "late")


async def test_a_closed_account_is_erased_in_batches_and_nobody_elses_rows(store: Store) -> None:
    for user_id in ("ann", "bob"):
        await store.add_user(user_id)
        await added(store, *"abcdefg", user_id=user_id)
        await store.do(store.conversations.open(user_id, "default", LATER))
    await store.do(store.accounts.close("ann", LATER))
    assert await store.accounts.erase("ann", 3)
    while await store.accounts.erase("ann", 3):
        assert await store.accounts.closed(10) == ["ann"]
    assert await store.accounts.closed(10) == []
    assert await store.tasks.following("ann", 10, after=0) == []
    assert await store.conversations.newest("ann", 10, include_deleted=True) == []
    assert len(await store.tasks.following("bob", 10, after=0)) == 7
    assert await store.conversations.get("bob", "default")
    await store.add_user("ann")
