import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.accounts.account import ALL_SCOPES, Actor, Caller, Scope
from domain.errors import NotAuthenticated
from domain.oauth.clients import Client
from domain.oauth.codes import AuthorizationCode
from domain.oauth.connections import Connection
from domain.tasks.changes import Change
from tests.contract.conftest import Store
from tests.contract.tasks_world import log, recorded, task

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
CLIENT = Client(
    id="c1",
    name="Claude",
    redirect_uris=("https://claude.ai/back", "http://127.0.0.1/back"),
    auth_methods=("client_secret_post",),
    secret_hash=b"hash",
    created_at=NOW,
)


def code(user_id: str = "ann", code_hash: bytes = b"one", **values: Any) -> AuthorizationCode:
    defaults = {
        "connection_id": "k1",
        "client_id": "c1",
        "client_name": "Claude",
        "redirect_uri": "https://claude.ai/back",
        "challenge": "x" * 43,
        "scopes": ALL_SCOPES,
        "audience": ("https://h/mcp", "https://h/api"),
        "flow": "f1",
        "expires_at": NOW + MINUTE,
    }
    return AuthorizationCode(**{"user_id": user_id, "hash": code_hash, **defaults, **values})


def connection(user_id: str = "ann", connection_id: str = "k1", **values: Any) -> Connection:
    defaults = {
        "client_id": "c1",
        "client_name": "Claude",
        "host": "claude.ai",
        "scopes": frozenset({Scope.READ}),
        "audience": ("https://h/mcp",),
        "refresh_hash": b"one",
        "created_at": NOW,
        "expires_at": NOW + DAY,
    }
    return Connection(**{"user_id": user_id, "id": connection_id, **defaults, **values})


@pytest.fixture
async def users(store: Store) -> None:
    await store.add_user("ann")
    await store.add_user("bob")


async def test_a_client_is_stored_as_a_whole(store: Store) -> None:
    await store.do(store.clients.put(CLIENT))
    assert await store.clients.get("c1") == CLIENT
    for other in ("c2", "", "c1\0"):
        assert await store.clients.get(other) is None


async def test_a_document_that_is_read_again_keeps_the_first_time_and_the_last_use(store: Store) -> None:
    first = Client(
        id="https://h/c",
        name="A",
        redirect_uris=("https://h/",),
        auth_methods=("none",),
        created_at=NOW,
        fetched_at=NOW,
    )
    second = Client(
        id="https://h/c",
        name="B",
        redirect_uris=("https://h/b",),
        auth_methods=("none", "private_key_jwt"),
        jwks_uri="https://h/keys",
        created_at=NOW + DAY,
        fetched_at=NOW + DAY,
    )
    await store.do(store.clients.put(first), store.clients.note_use(first.id, NOW + MINUTE), store.clients.put(second))
    found = await store.clients.get(first.id)
    assert found
    assert (found.name, found.jwks_uri, found.fetched_at) == ("B", "https://h/keys", NOW + DAY)
    assert (found.created_at, found.used_at) == (NOW, NOW + MINUTE)


async def test_clients_that_nobody_uses_are_forgotten_some_at_a_time(store: Store) -> None:
    for number in range(4):
        made = Client(id=f"n{number}", name="", redirect_uris=("https://h/",), auth_methods=("none",), created_at=NOW)
        await store.do(store.clients.put(made))
    await store.do(store.clients.note_use("n0", NOW + 5 * MINUTE), store.clients.note_use("n1", NOW + DAY))
    assert [await store.clients.forget(NOW + MINUTE, NOW + DAY, 2) for _ in range(3)] == [2, 1, 0]
    assert await store.clients.get("n1")


@pytest.mark.usefixtures("users")
async def test_a_code_is_stored_as_a_whole_under_its_user_and_marked_once_used(store: Store) -> None:
    await store.do(store.codes.add(code()), store.codes.add(code("bob")))
    assert await store.do(store.codes.get_to_change("ann", b"one")) == code()
    assert await store.do(store.codes.get_to_change("ann", b"two")) is None
    await store.do(store.codes.mark_used(code(), NOW))
    assert await store.do(store.codes.get_to_change("ann", b"one")) == code(used_at=NOW)
    assert await store.do(store.codes.get_to_change("bob", b"one")) == code("bob")


@pytest.mark.usefixtures("users")
async def test_codes_are_cancelled_by_user_and_forgotten_by_age(store: Store) -> None:
    old = code("bob", b"old", expires_at=NOW - MINUTE)
    await store.do(*(store.codes.add(each) for each in (code(), code("bob"), old)))
    await store.do(store.codes.cancel("ann"))
    assert await store.do(store.codes.get_to_change("ann", b"one")) is None
    assert [await store.codes.forget(NOW, 10), await store.codes.forget(NOW, 10)] == [1, 0]
    assert await store.do(store.codes.get_to_change("bob", b"one")) == code("bob")


async def test_nobody_who_is_gone_gets_a_code_or_a_connection(store: Store) -> None:
    with pytest.raises(NotAuthenticated):
        await store.do(store.codes.add(code("gone")))
    with pytest.raises(NotAuthenticated):
        await store.do(store.connections.live_to_add("gone", NOW))
    await store.add_user("ann")
    await store.do(store.accounts.close("ann", NOW))
    with pytest.raises(NotAuthenticated):
        await store.do(store.connections.live_to_add("ann", NOW))


@pytest.mark.usefixtures("users")
async def test_live_connections_are_listed_oldest_first(store: Store) -> None:
    several = [
        connection(),
        connection("ann", "k0", created_at=NOW + MINUTE),
        connection("ann", "k2", ended_at=NOW),
        connection("ann", "k3", expires_at=NOW),
        connection("bob", "k1"),
    ]
    await store.do(*(store.connections.add(each) for each in several))
    assert await store.connections.live("ann", NOW) == several[:2]
    assert await store.do(store.connections.live_to_add("ann", NOW)) == several[:2]


@pytest.mark.usefixtures("users")
async def test_a_connection_is_stored_and_keeps_the_use_that_was_noted_meanwhile(store: Store) -> None:
    await store.do(store.connections.add(connection()))
    await store.connections.note_use("ann", "k1", NOW)
    await store.do(store.connections.store(connection(refresh_hash=b"two", previous_hash=b"one", rotated_at=NOW)))
    assert await store.do(store.connections.get_to_change("ann", "k1")) == connection(
        refresh_hash=b"two", previous_hash=b"one", rotated_at=NOW, last_used_at=NOW
    )
    assert await store.do(store.connections.get_to_change("bob", "k1")) is None


@pytest.mark.usefixtures("users")
async def test_a_use_is_noted_once_a_minute(store: Store) -> None:
    await store.do(store.connections.add(connection()))
    for at, noted in ((NOW, NOW), (NOW + MINUTE / 2, NOW), (NOW + MINUTE, NOW + MINUTE), (NOW, NOW + MINUTE)):
        await store.connections.note_use("ann", "k1", at)
        [found] = await store.connections.live("ann", NOW)
        assert found.last_used_at == noted


@pytest.mark.usefixtures("users")
async def test_one_connection_ends_or_all_of_a_user_and_each_once(store: Store) -> None:
    several = [connection(), connection("ann", "k2"), connection("bob", "k1")]
    await store.do(*(store.connections.add(each) for each in several))
    assert await store.do(store.connections.end("ann", NOW, only="k1")) == [connection(ended_at=NOW)]
    assert await store.do(store.connections.end("ann", NOW + MINUTE, only="k1")) == []
    assert [each.id for each in await store.do(store.connections.end("ann", NOW + MINUTE))] == ["k2"]
    since = [each.id for each in await store.connections.ended_since(NOW)]
    assert (since, await store.connections.live("bob", NOW)) == (["k2"], [connection("bob", "k1")])


@pytest.mark.usefixtures("users")
async def test_ended_and_expired_connections_are_forgotten(store: Store) -> None:
    several = [
        connection(),
        connection("ann", "ended", ended_at=NOW),
        connection("bob", "expired", expires_at=NOW),
        connection("bob", "later", ended_at=NOW + DAY, expires_at=NOW + DAY),
    ]
    await store.do(*(store.connections.add(each) for each in several))
    assert await store.connections.forget(NOW + MINUTE, 1) == 1
    assert [await store.connections.forget(NOW + MINUTE, 5), await store.connections.forget(NOW + MINUTE, 5)] == [1, 0]
    assert await store.connections.live("ann", NOW) == [connection()]


@pytest.mark.usefixtures("users")
async def test_two_uses_of_a_code_at_once_are_one_after_the_other(store: Store, server: str | None) -> None:
    if server is None:
        pytest.skip("fakes run one thing at a time")
    await store.do(store.codes.add(code()))
    uses: list[bool] = []

    async def use() -> None:
        async with store.transaction() as work:
            found = await store.codes.get_to_change("ann", b"one")
            assert found
            uses.append(found.used_at is None)
            await asyncio.sleep(0.01)
            await store.codes.mark_used(found, NOW)
            await work.commit()

    await asyncio.gather(use(), use(), use())
    assert sorted(uses) == [False, False, True]


@pytest.mark.usefixtures("users")
async def test_rows_go_with_their_user_in_batches(store: Store) -> None:
    await store.do(store.codes.add(code()), *(store.connections.add(connection(name)) for name in ("ann", "bob")))
    await store.do(store.accounts.close("ann", NOW))
    while await store.accounts.erase("ann", 1):
        pass
    assert await store.connections.live("ann", NOW) == []
    assert await store.do(store.codes.get_to_change("ann", b"one")) is None
    assert await store.connections.live("bob", NOW) == [connection("bob")]


@pytest.mark.usefixtures("users")
async def test_the_log_names_the_app_that_made_a_change(store: Store) -> None:
    await store.do(store.connections.add(connection()))
    await store.do(store.connections.end("ann", NOW))
    await recorded(store, Change(None, task()), caller=Caller("ann", Actor("token", "k1")))
    assert [event.actor_name for event in await log(store)] == ["Claude"]
