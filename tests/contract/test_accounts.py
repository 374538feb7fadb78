from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import EmailTaken
from tests.contract.conftest import Store

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
