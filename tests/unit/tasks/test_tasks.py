import pytest
from msgspec import UNSET

from application.tasks.inputs import TaskChanges, TaskDraft
from domain.accounts.account import Actor, Caller
from domain.errors import Invalid, InvalidRequest, NotFound
from domain.tasks.changes import ChangeKind
from domain.tasks.fields import MAX_TITLE_LENGTH
from domain.tasks.task import Status
from tests.fakes import FakeClock, FakeStore, add_users
from tests.tasks_on import on_fakes

ANN, BOB = Caller("ann"), Caller("bob")


class World:
    def __init__(self) -> None:
        self.clock, self.store = FakeClock(), FakeStore()
        self.tasks = on_fakes(self.store, self.clock)


@pytest.fixture
async def world() -> World:
    world = World()
    await add_users(world.store, "ann", "bob")
    return world


async def test_a_title_is_trimmed_and_an_empty_description_is_none(world: World) -> None:
    task = await world.tasks.add(ANN, TaskDraft("  Buy milk \n", "  "))
    assert (task.id, task.title, task.description, task.completed) == (1, "Buy milk", None, False)


@pytest.mark.parametrize("title", ["", "  \t ", "x" * (MAX_TITLE_LENGTH + 1), "a\x00b", "a\ud800b"])
async def test_a_bad_title_is_refused_by_name_and_nothing_is_stored(world: World, title: str) -> None:
    with pytest.raises(Invalid) as refusal:
        await world.tasks.add(ANN, TaskDraft(title))
    assert [each.field for each in refusal.value.fields] == ["title"]
    assert world.store.rows.tasks == {}


@pytest.mark.parametrize("title", ["x" * 500, " " * 50 + "x" * 500, "📚" * 500])
async def test_a_title_counts_500_characters_after_trimming(world: World, title: str) -> None:
    assert (await world.tasks.add(ANN, TaskDraft(title))).title == title.strip()


async def test_a_description_holds_16_000_characters(world: World) -> None:
    await world.tasks.add(ANN, TaskDraft("x", "y" * 16_000))
    with pytest.raises(Invalid, match="description"):
        await world.tasks.add(ANN, TaskDraft("x", "y" * 16_001))


async def test_a_patch_keeps_what_is_absent_and_clears_what_is_null(world: World) -> None:
    await world.tasks.add(ANN, TaskDraft("a", "b"))
    world.clock.forward(minutes=1)
    renamed = await world.tasks.update(ANN, 1, TaskChanges(title="c"))
    assert (renamed.title, renamed.description, renamed.updated_at) == ("c", "b", world.clock())
    cleared = await world.tasks.update(ANN, 1, TaskChanges(description=None))
    assert (cleared.title, cleared.description) == ("c", None)


async def test_a_patch_of_nothing_is_refused(world: World) -> None:
    await world.tasks.add(ANN, TaskDraft("a"))
    with pytest.raises(InvalidRequest, match="at least one of title, description"):
        await world.tasks.update(ANN, 1, TaskChanges(title=UNSET))


async def test_a_change_that_changes_nothing_writes_no_event(world: World) -> None:
    task = await world.tasks.add(ANN, TaskDraft("a"))
    world.clock.forward(minutes=1)
    assert await world.tasks.update(ANN, 1, TaskChanges(title=" a ")) == task
    assert len(world.store.rows.events) == 1


async def test_completing_twice_is_one_event(world: World) -> None:
    await world.tasks.add(ANN, TaskDraft("a"))
    first, second = await world.tasks.complete(ANN, 1), await world.tasks.complete(ANN, 1)
    assert first == second
    assert first.completed
    assert [event.kind for event in world.store.rows.events] == [ChangeKind.CREATED, ChangeKind.COMPLETED]
    assert not (await world.tasks.uncomplete(ANN, 1)).completed


async def test_events_name_the_actor(world: World) -> None:
    await world.tasks.add(Caller("ann", Actor("turn", "t1")), TaskDraft("a"))
    assert world.store.rows.events[0].actor == Actor("turn", "t1")


async def test_a_foreign_task_looks_like_none(world: World) -> None:
    await world.tasks.add(ANN, TaskDraft("a"))
    messages = set()
    for attempt in (
        world.tasks.get(BOB, 1),
        world.tasks.update(BOB, 1, TaskChanges(title="b")),
        world.tasks.complete(BOB, 1),
        world.tasks.delete(BOB, 1),
    ):
        with pytest.raises(NotFound) as refusal:
            await attempt
        messages.add(refusal.value.message)
    assert messages == {"There is no task 1."}


async def test_pages_end_without_a_cursor_and_never_repeat(world: World) -> None:
    for number in range(5):
        await world.tasks.add(ANN, TaskDraft(f"{number}"))
    first = await world.tasks.page(ANN, Status.ALL, 3)
    last = await world.tasks.page(ANN, Status.ALL, 3, cursor=first.next_cursor)
    assert [task.id for task in [*first.tasks, *last.tasks]] == [5, 4, 3, 2, 1]
    assert (first.total.count, last.next_cursor) == (5, None)
