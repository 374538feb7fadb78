"""The log of changes, read."""

from datetime import timedelta

from application.ports import Span
from domain.accounts.account import Actor, Caller
from domain.chat.turn import Turn, TurnState
from domain.tasks.changes import Change, Event
from domain.tasks.task import Task
from tests.contract.conftest import Store
from tests.contract.tasks_world import ANN, LATER, NOW, added, changed, log

DAY = timedelta(days=1)


async def written(store: Store) -> list[Event]:
    """Ann's log: tasks 1 to 3 added, then task 1 renamed twice; and something of Bob's."""
    await store.add_user("ann")
    await store.add_user("bob")
    await added(store, "his", user_id="bob")
    first, *_ = await added(store, "a", "b", "c")
    await changed(store, await changed(store, first, title="d"), title="e")
    return await log(store)


async def test_the_log_is_the_users_own_and_read_in_keyset_pages_both_ways(store: Store) -> None:
    events = await written(store)
    assert [event.revision for event in events] == [1, 2, 3, 4, 5]
    assert await store.events.page("ann", 2, after=1) == events[1:3]
    assert await store.events.page("ann", 9, after=1, before=4) == events[1:3]
    assert await store.events.page("ann", 2, newest_first=True) == events[:2:-1]
    assert await store.events.page("ann", 2, before=4, newest_first=True) == events[2:0:-1]
    assert await store.events.page("nobody", 2) == []


async def test_the_changes_of_one_task_are_read_apart(store: Store) -> None:
    events = await written(store)
    assert await store.events.of_entity("ann", Task, 1, 9) == [events[0], *events[3:]]
    assert await store.events.of_entity("ann", Task, 1, 9, after=1, before=5) == [events[3]]
    assert await store.events.of_entity("bob", Task, 2, 9) == []


async def test_the_span_of_a_log_is_known_when_it_is_empty_too(store: Store) -> None:
    await store.add_user("cara")
    assert await store.events.span("cara") == Span(1, 0)
    assert await store.events.span("nobody") == Span(1, 0)
    await written(store)
    assert await store.events.span("ann") == Span(1, 5)


async def test_old_events_are_forgotten_from_the_beginning_of_the_log_without_a_gap(store: Store) -> None:
    events = await written(store)
    assert await store.events.forget(NOW - DAY, 100) == 0
    assert await store.events.forget(LATER, 100) == 6
    assert await store.events.span("ann") == Span(6, 5)
    (task,) = await store.entities.get_all("ann", Task, [1])
    assert task == events[-1].after
    await changed(store, task, title="f")
    assert await store.events.span("ann") == Span(6, 6)


async def test_forgetting_takes_a_little_at_a_time(store: Store) -> None:
    await written(store)
    gone = 0
    while now := await store.events.forget(LATER, 2):
        gone += now
    assert gone == 6


async def test_what_a_turn_changed_is_found_with_its_conversation(store: Store) -> None:
    await written(store)
    for conversation in ("default", "other"):
        await store.do(store.conversations.open("ann", conversation, NOW))
    for turn_id, conversation in (("t1", "default"), ("t2", "default"), ("t3", "default"), ("o1", "other")):
        turn = Turn(
            user_id="ann", conversation_id=conversation, id=turn_id, message="hi", created_at=NOW, state=TurnState.DONE
        )
        await store.do(store.turns.add(turn))
    for task_id, turn_id in ((2, "t1"), (3, "t1"), (2, "o1")):
        (task,) = await store.entities.get_all("ann", Task, [task_id])
        await changed(store, task, Caller("ann", Actor("turn", turn_id)), title=f"by {turn_id}")
    events = await store.events.of_turn("ann", "t1")
    assert [(event.entity_id, event.conversation_id) for event in events] == [(2, "default"), (3, "default")]
    assert (await log(store))[0].conversation_id is None
    assert await store.events.last_turn_before("ann", "t3") == "t1"
    assert await store.events.last_turn_before("ann", "t1") is None
    assert await store.events.of_turn("bob", "t1") == []


async def test_a_set_is_read_whole_and_alone(store: Store) -> None:
    await store.add_user("ann")
    await store.add_user("bob")
    new = [Change(None, Task.new("ann", NOW, {"title": title})) for title in "abcde"]
    await store.entities.record(ANN, NOW, new[:1])
    await store.entities.record(ANN, NOW, new[1:3], new[3:4])
    await store.entities.record(ANN, NOW, new[4:], change_set=4)
    assert [event.change_set for event in await log(store)] == [1, 2, 2, 4, 4]
    assert [event.revision for event in await store.events.of_set("ann", 2)] == [2, 3]
    assert [event.revision for event in await store.events.of_set("ann", 4)] == [4, 5]
    assert await store.events.of_set("ann", 3) == []
    assert await store.events.of_set("bob", 2) == []
