import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.chat.conversation import Conversation
from domain.chat.turn import Turn, TurnState
from domain.errors import Conflict, NotAuthenticated
from tests.contract.conftest import Store

OVER = TurnState.DONE
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


async def opened(store: Store) -> None:
    await store.add_user("ann")
    await store.do(store.conversations.open("ann", "default", NOW))


async def test_opening_starts_a_conversation_once(store: Store) -> None:
    await store.add_user("ann")
    assert await store.conversations.get("ann", "default") is None
    first = await store.do(store.conversations.open("ann", "default", NOW))
    again = await store.do(store.conversations.open("ann", "default", LATER))
    assert (first.created_at, again.created_at, again.updated_at) == (NOW, NOW, LATER)
    assert await store.conversations.get("ann", "default") == again


async def test_conversations_are_the_users_own(store: Store) -> None:
    await opened(store)
    await store.add_user("bob")
    assert await store.conversations.get("bob", "default") is None
    assert await store.turns.newest("bob", "default", 10) == []


async def test_a_user_who_is_gone_can_open_nothing(store: Store) -> None:
    with pytest.raises(NotAuthenticated):
        await store.do(store.conversations.open("nobody", "default", NOW))


def conversation(conversation_id: str, at: datetime = NOW, user_id: str = "ann") -> Conversation:
    return Conversation(user_id=user_id, id=conversation_id, title=None, created_at=at, updated_at=at)


async def test_an_id_is_taken_once_for_each_user(store: Store) -> None:
    await store.add_user("ann")
    await store.add_user("bob")
    await store.do(store.conversations.add(conversation("mine")))
    await store.do(store.conversations.add(conversation("mine", user_id="bob")))
    with pytest.raises(Conflict):
        await store.do(store.conversations.add(conversation("mine", LATER)))
    assert await store.conversations.get("ann", "mine") == conversation("mine")
    with pytest.raises(NotAuthenticated):
        await store.do(store.conversations.add(conversation("mine", user_id="nobody")))


async def test_of_many_who_add_an_id_at_once_one_gets_it(store: Store) -> None:
    await store.add_user("ann")

    async def add() -> bool:
        try:
            await store.do(store.conversations.add(conversation("mine")))
        except Conflict:
            return False
        return True

    assert sum(await asyncio.gather(*(add() for _ in range(10)))) == 1


async def test_another_title_is_no_activity(store: Store) -> None:
    await opened(store)
    await store.do(store.conversations.rename("ann", "default", "Groceries"))
    renamed = await store.conversations.get("ann", "default")
    assert renamed is not None
    assert (renamed.title, renamed.updated_at) == ("Groceries", NOW)


@pytest.mark.parametrize("way", ["add", "open"])
async def test_a_deleted_conversation_is_out_of_sight_until_its_id_starts_anew(store: Store, way: str) -> None:
    await opened(store)
    await store.do(store.conversations.rename("ann", "default", "Groceries"))
    await store.do(store.conversations.summarize(conversation("default"), "Milk.", 1))
    await store.do(store.conversations.delete("ann", "default", LATER))
    assert await store.conversations.get("ann", "default") is None
    assert await store.do(store.conversations.get_to_change("ann", "default")) is None
    assert await store.conversations.newest("ann", 10) == []
    anew = {
        "add": store.conversations.add(conversation("default", LATER)),
        "open": store.conversations.open("ann", "default", LATER),
    }
    await store.do(anew.pop(way))
    for unused in anew.values():
        unused.close()
    assert await store.conversations.get("ann", "default") == conversation("default", LATER)


async def test_a_summary_is_kept_once_for_the_turns_it_was_made_of(store: Store) -> None:
    await opened(store)
    old = await store.conversations.get("ann", "default")
    assert old == conversation("default")
    await store.do(store.conversations.summarize(old, "Milk.", 3))
    await store.do(store.conversations.summarize(old, "Bread.", 2))
    kept = await store.conversations.get("ann", "default")
    assert kept == replace(old, summary="Milk.", summarized_until=3)
    await store.do(store.conversations.summarize(kept, "Both.", 5))
    assert await store.conversations.get("ann", "default") == replace(old, summary="Both.", summarized_until=5)


async def test_a_summary_of_a_deleted_conversation_does_not_come_back_with_its_id(store: Store) -> None:
    await opened(store)
    for name in ("a", "b"):
        turn = Turn(
            user_id="ann", conversation_id="default", id=name, message="hi", created_at=NOW, state=TurnState.DONE
        )
        await store.do(store.turns.add(turn))
    old = await store.conversations.get("ann", "default")
    assert old
    await store.do(store.conversations.delete("ann", "default", LATER))
    await store.do(store.conversations.summarize(old, "Milk.", 1))
    anew = await store.do(store.conversations.open("ann", "default", LATER))
    assert (anew.summary, anew.summarized_until) == ("", 2)
    await store.do(store.conversations.summarize(old, "Milk.", 1))
    assert await store.conversations.get("ann", "default") == anew


async def test_conversations_come_by_their_newest_activity_in_keyset_pages(store: Store) -> None:
    await store.add_user("ann")
    await store.add_user("bob")
    await store.do(store.conversations.add(conversation("his", LATER, "bob")))
    for name, at in (("a", NOW), ("c", NOW), ("b", NOW), ("new", LATER), ("said", NOW)):
        await store.do(store.conversations.add(conversation(name, at)))
    turn = Turn(user_id="ann", conversation_id="said", id="t", message="hi", created_at=LATER)
    await store.do(store.turns.add(turn))
    seen: list[str] = []
    before = None
    while page := await store.conversations.newest("ann", 2, before=before):
        seen += [each.id for each in page]
        before = (page[-1].updated_at, page[-1].id)
    assert seen == ["said", "new", "c", "b", "a"]


async def said(store: Store, conversation_id: str, *turn_ids: str) -> None:
    await store.do(store.conversations.open("ann", conversation_id, NOW))
    for turn_id in turn_ids:
        turn = Turn(
            user_id="ann", conversation_id=conversation_id, id=turn_id, message="hello", created_at=NOW, state=OVER
        )
        await store.do(store.turns.add(turn))


async def deleted(store: Store, conversation_id: str, at: datetime) -> None:
    await store.do(store.conversations.delete("ann", conversation_id, at), store.turns.hide("ann", conversation_id, at))


async def kept(store: Store) -> dict[str, list[str]]:
    """The turns of each conversation that there is, those that are out of sight too."""
    found = await store.conversations.newest("ann", 10, include_deleted=True)
    return {
        each.id: [
            turn.id
            for hidden in (False, True)
            for turn in await store.turns.following("ann", each.id, 10, after=0, hidden=hidden)
        ]
        for each in found
    }


async def test_a_deleted_conversation_is_kept_until_it_is_purged(store: Store) -> None:
    await store.add_user("ann")
    await said(store, "old", "a", "b", "c")
    await said(store, "new", "d")
    await said(store, "live", "e")
    await deleted(store, "old", NOW)
    await deleted(store, "new", LATER)
    assert [each.id for each in await store.conversations.newest("ann", 10)] == ["live"]
    assert await kept(store) == {"old": ["a", "b", "c"], "new": ["d"], "live": ["e"]}
    assert await store.conversations.purge(NOW, 10) == 0
    purged = [await store.conversations.purge(LATER, 2) for _ in range(5)]
    assert (purged[0], purged[-1]) == (2, 0)
    assert await kept(store) == {"new": ["d"], "live": ["e"]}


async def test_what_was_deleted_of_a_conversation_that_began_anew_is_purged_too(store: Store) -> None:
    await store.add_user("ann")
    await said(store, "one", "a", "b")
    await deleted(store, "one", NOW)
    await said(store, "one", "c", "d")
    await store.do(store.turns.hide("ann", "one", LATER, "c"))
    while await store.conversations.purge(LATER, 1):
        pass
    assert await kept(store) == {"one": ["d", "c"]}
