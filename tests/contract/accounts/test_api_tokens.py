import asyncio
from datetime import timedelta
from typing import Any

import pytest

from domain.accounts.account import Actor, Caller, Scope
from domain.accounts.api_token import ApiToken
from domain.errors import NotAuthenticated
from domain.hashing import hash_of
from domain.tasks.changes import Change
from domain.tasks.task import Task
from tests.contract.conftest import Store
from tests.contract.tasks_world import NOW, added, changed, log, recorded, task

MOMENT, MINUTE = timedelta(microseconds=1), timedelta(minutes=1)
BOTH = frozenset(Scope)


def token(token_id: str = "k1", **values: Any) -> ApiToken:
    defaults = {"user_id": "ann", "name": "Laptop", "hash": hash_of(token_id), "scopes": BOTH, "expires_at": None}
    return ApiToken(**{"id": token_id, "created_at": NOW, **defaults, **values})


@pytest.fixture
async def known(store: Store) -> Store:
    await store.add_user("ann")
    await store.add_user("bob")
    return store


async def test_a_token_is_found_as_it_was_added_by_owner_and_hash(known: Store) -> None:
    one = token(scopes=frozenset({Scope.READ}), expires_at=NOW, last_used_at=NOW)
    await known.do(known.api_tokens.add(one), known.api_tokens.add(token("k2", user_id="bob")))
    assert await known.api_tokens.find("ann", one.hash) == one
    assert await known.api_tokens.find("bob", one.hash) is None
    assert await known.api_tokens.find("ann", hash_of("another")) is None
    assert await known.api_tokens.find("nobody", one.hash) is None


async def test_those_that_are_alive_are_listed_oldest_first(known: Store) -> None:
    older, expiring = token("k0", created_at=NOW - MOMENT), token("k2", expires_at=NOW + MOMENT)
    dead = (token("k3", expires_at=NOW), token("k4", revoked_at=NOW), token("his", user_id="bob"))
    await known.do(*(known.api_tokens.add(each) for each in (expiring, token(), older, *dead)))
    assert await known.api_tokens.live("ann", NOW) == [older, token(), expiring]
    assert await known.do(known.api_tokens.live_to_add("ann", NOW + MOMENT)) == [older, token()]
    with pytest.raises(NotAuthenticated):
        await known.do(known.api_tokens.live_to_add("nobody", NOW))


async def test_those_who_add_at_once_see_what_the_others_added(known: Store) -> None:
    async def add_if_fewer_than_three(token_id: str) -> None:
        async with known.transaction() as work:
            if len(await known.api_tokens.live_to_add("ann", NOW)) < 3:
                await known.api_tokens.add(token(token_id))
                await work.commit()

    await asyncio.gather(*(add_if_fewer_than_three(f"k{number}") for number in range(8)))
    assert len(await known.api_tokens.live("ann", NOW)) == 3


async def test_a_revoked_token_is_found_as_such_and_revoked_once(known: Store) -> None:
    await known.do(known.api_tokens.add(token()))
    assert not await known.do(known.api_tokens.revoke("bob", "k1", NOW))
    assert await known.do(known.api_tokens.revoke("ann", "k1", NOW))
    assert not await known.do(known.api_tokens.revoke("ann", "k1", NOW + MINUTE))
    assert not await known.do(known.api_tokens.revoke("ann", "none", NOW))
    assert await known.api_tokens.find("ann", token().hash) == token(revoked_at=NOW)


async def test_of_all_uses_in_a_minute_one_is_noted_however_many_servers_see_some(known: Store) -> None:
    await known.do(known.api_tokens.add(token()))

    async def noted(at: Any) -> Any:
        await known.api_tokens.note_use("ann", "k1", at)
        found = await known.api_tokens.find("ann", token().hash)
        return found and found.last_used_at

    assert await noted(NOW) == NOW
    assert await noted(NOW + MINUTE - MOMENT) == NOW
    await asyncio.gather(*(known.api_tokens.note_use("ann", "k1", NOW + MINUTE + n * MOMENT) for n in range(8)))
    assert await noted(NOW) in [NOW + MINUTE + n * MOMENT for n in range(8)], "never back"
    await known.api_tokens.note_use("bob", "k1", NOW)


async def test_the_log_names_the_token_that_made_a_change_also_when_it_is_revoked(known: Store) -> None:
    await known.do(known.api_tokens.add(token()), known.api_tokens.add(token(user_id="bob", name="His")))
    caller = Caller("ann", Actor("token", "k1"))
    (first,) = await recorded(known, Change(None, task()), caller=caller)
    await changed(known, first, title="by herself")
    await changed(known, first, Caller("ann", Actor("turn", "k1")), title="by a turn")
    await added(known, "his", user_id="bob")
    assert [event.actor_name for event in await log(known)] == ["Laptop", None, None]
    await known.do(known.api_tokens.revoke("ann", "k1", NOW))
    assert [event.actor_name for event in await known.events.of_entity("ann", Task, 1, 1)] == ["Laptop"]
    assert [event.actor_name for event in await log(known, "bob")] == [None]


async def test_all_of_a_user_are_revoked_at_once_and_those_that_were_alive_counted(known: Store) -> None:
    spent = (token("k3", expires_at=NOW), token("k4", revoked_at=NOW - MINUTE))
    alive = (token(), token("k2", expires_at=NOW + MOMENT))
    await known.do(*(known.api_tokens.add(each) for each in (*spent, *alive, token("his", user_id="bob"))))
    assert await known.do(known.api_tokens.revoke_all("ann", NOW)) == 2
    assert await known.api_tokens.live("ann", NOW - MOMENT) == []
    first = await known.api_tokens.find("ann", hash_of("k4"))
    assert first is not None
    assert first.revoked_at == NOW - MINUTE, "what was revoked before stays so"
    assert await known.do(known.api_tokens.revoke_all("ann", NOW)) == 0
    assert len(await known.api_tokens.live("bob", NOW)) == 1
