import asyncio
from contextlib import aclosing

import pytest

from application.tasks.inputs import TaskChanges
from application.tasks.log.change_log import FEED_PAGE
from domain.errors import Gone, Invalid
from domain.tasks.task import Task
from tests.logged import titles_after
from tests.unit.tasks.changes_world import ANN, BOB, World
from tests.unit.tasks.changes_world import world as world


class Client:
    """Folds what it is given, and nothing else."""

    def __init__(self, world: World, limit: int = 3) -> None:
        self.world, self.limit = world, limit
        self.token: str | None = None
        self.tasks: dict[int, Task] = {}

    async def sync(self) -> None:
        has_more = True
        while has_more:
            delta = await self.world.change_log.sync(ANN, self.token, self.limit)
            self.tasks |= {task.id: task for task in delta.entities if isinstance(task, Task)}
            for each in delta.deleted:
                self.tasks.pop(each.id, None)
            self.token, has_more = delta.next_token, delta.has_more

    async def is_right(self) -> bool:
        return self.tasks == {task.id: task for task in await self.world.listed()}


async def test_the_first_round_gives_all_in_pages_and_the_next_ones_what_has_changed(world: World) -> None:
    await world.add(*"abcdefgh")
    client = Client(world)
    await client.sync()
    assert await client.is_right()
    await world.tasks.complete(ANN, 2)
    await world.tasks.delete(ANN, 3)
    await world.add("i")
    delta = await world.change_log.sync(ANN, client.token, 10)
    assert sorted(task.id for task in delta.entities) == [2, 9]
    assert [(each.id, each.revision) for each in delta.deleted] == [(3, 10)]
    await client.sync()
    assert await client.is_right()
    assert (await world.change_log.sync(ANN, client.token, 10)).entities == []


async def test_what_changes_during_the_first_round_is_not_missed(world: World) -> None:
    await world.add(*"abcdefgh")
    client = Client(world)
    first = await world.change_log.sync(ANN, None, 3)
    client.tasks, client.token = {task.id: task for task in first.entities if isinstance(task, Task)}, first.next_token
    assert first.revision == 8
    await world.tasks.update(ANN, 8, TaskChanges(title="changed after it was given"))
    await world.tasks.delete(ANN, 1)
    await world.tasks.delete(ANN, 7)
    await world.add("new")
    await client.sync()
    await client.sync()
    assert await client.is_right()


async def test_a_restored_task_comes_again_and_a_purged_one_stays_away(world: World) -> None:
    await world.add(*"ab")
    client = Client(world)
    await client.sync()
    await world.tasks.delete(ANN, 1)
    await world.tasks.delete(ANN, 2)
    await client.sync()
    assert client.tasks == {}
    await world.tasks.restore(ANN, 1)
    world.clock.forward(days=31)
    await world.clean()
    await client.sync()
    assert [*client.tasks] == [1]
    assert await client.is_right()


async def test_a_token_that_is_not_the_users_own_or_was_changed_is_refused(world: World) -> None:
    await world.add("a")
    await world.add("b", caller=BOB)
    token = (await world.change_log.sync(ANN, None, 10)).next_token
    his = (await world.change_log.sync(BOB, None, 10)).next_token
    for bad in (his, token[:-1] + "x", "2" + token[1:], "", "x", "9" * 5000, token + "\n", "１-0-" + token[4:]):
        with pytest.raises(Invalid, match="token: is no sync token of yours"):
            await world.change_log.sync(ANN, bad, 10)


async def test_a_token_the_log_has_left_behind_is_gone_and_a_new_one_works(world: World) -> None:
    await world.add("a")
    old = (await world.change_log.sync(ANN, None, 10)).next_token
    await world.add("b")
    world.clock.forward(days=91)
    await world.add("c")
    await world.clean()
    with pytest.raises(Gone, match="start afresh"):
        await world.change_log.sync(ANN, old, 10)
    client = Client(world)
    await client.sync()
    assert await client.is_right()


async def test_a_token_from_before_the_first_change_is_left_behind_like_others(world: World) -> None:
    first = (await world.change_log.sync(ANN, None, 10)).next_token
    await world.add("a", "b")
    world.clock.forward(days=91)
    await world.add("c")
    assert len((await world.change_log.sync(ANN, first, 10)).entities) == 3
    await world.clean()
    with pytest.raises(Gone):
        await world.change_log.sync(ANN, first, 10)
    assert [event.revision for event in (await world.change_log.page(ANN, 10)).events] == [3]
    with pytest.raises(Gone):
        await anext(world.change_log.follow(ANN, 0))


async def test_a_token_of_one_who_changed_nothing_since_outlives_the_log(world: World) -> None:
    await world.add("a")
    token = (await world.change_log.sync(ANN, None, 10)).next_token
    world.clock.forward(days=91)
    await world.clean()
    assert (await world.change_log.sync(ANN, token, 10)).entities == []
    await world.add("b")
    assert [task.id for task in (await world.change_log.sync(ANN, token, 10)).entities] == [2]


async def test_a_token_from_before_the_database_was_set_back_is_gone(world: World) -> None:
    await world.add("a")
    token = (await world.change_log.sync(ANN, None, 10)).next_token
    world.store.rows.revisions["ann"] = 0
    world.store.rows.events.clear()
    with pytest.raises(Gone):
        await world.change_log.sync(ANN, token, 10)


async def test_pages_of_changes_go_both_ways_and_say_where_to_go_on(world: World) -> None:
    await world.add(*"abcde")
    page = await world.change_log.page(ANN, 2)
    assert ([event.revision for event in page.events], page.next_cursor) == ([1, 2], 2)
    page = await world.change_log.page(ANN, 3, after=2)
    assert ([event.revision for event in page.events], page.next_cursor) == ([3, 4, 5], None)
    page = await world.change_log.page(ANN, 2, newest_first=True)
    assert ([event.revision for event in page.events], page.next_cursor) == ([5, 4], 4)
    page = await world.change_log.of_entity(ANN, Task, 3, 2)
    assert [event.entity_id for event in page.events] == [3]


async def test_a_revision_that_is_not_there_yet_is_refused_by_name(world: World) -> None:
    await world.add("a")
    with pytest.raises(Invalid, match="after: is no revision of yours yet: the newest is 1"):
        await world.change_log.page(ANN, 2, after=2)


async def test_a_feed_gives_what_was_missed_then_what_comes_and_nothing_of_others(world: World) -> None:
    await world.add(*(str(number) for number in range(FEED_PAGE + 5)))
    async with aclosing(world.change_log.follow(ANN, 2)) as feed:
        caught_up = [event.revision for _ in range(2) for event in await anext(feed)]
        assert caught_up == list(range(3, FEED_PAGE + 6))
        coming = asyncio.create_task(anext(feed))
        await world.add("his", caller=BOB)
        await world.add("hers")
        assert titles_after(await coming) == ["hers"]


async def test_feeds_end_with_their_server(world: World) -> None:
    async with aclosing(world.change_log.follow(ANN, None)) as feed:
        await anext(feed)
        ending = asyncio.create_task(anext(feed, None))
        await asyncio.sleep(0)
        world.change_log.end_feeds()
        assert await ending is None


async def test_a_feed_without_a_place_begins_now(world: World) -> None:
    await world.add("old")
    async with aclosing(world.change_log.follow(ANN, None)) as feed:
        assert await anext(feed) == []
        await world.add("new")
        assert [event.revision for event in await anext(feed)] == [2]
