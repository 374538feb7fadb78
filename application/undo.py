"""Taking changes back: a change of its own, in one unit of work, that can be taken back in turn."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from application.ports import Clock, EventLog, TaskRepository, Transaction
from application.repeating import repeated
from domain.account import Caller
from domain.errors import Conflict, Gone, NotFound
from domain.task import Change, Event, Kind, Task

LOOKED_BACK = 100
"""Changes among which the caller's own last one is looked for."""
NOTHING_TO_UNDO = "There is nothing to undo: nothing was changed here yet."


@dataclass(frozen=True, slots=True)
class Undone:
    tasks: Sequence[Task]


class Undo:
    """Puts tasks back exactly as they were, each field and time; one that was new goes to the trash.

    Raises `Conflict`, and undoes nothing, where somebody has changed one of the tasks since.
    """

    def __init__(self, log: EventLog, tasks: TaskRepository, transaction: Transaction, clock: Clock) -> None:
        self._log = log
        self._tasks = tasks
        self._transaction = transaction
        self._clock = clock

    async def event(self, caller: Caller, revision: int) -> Undone:
        """Raises `NotFound` for an unknown revision, `Gone` for one that the log has forgotten."""
        events = await self._log.page(caller.user_id, 1, after=revision - 1, before=revision + 1)
        if not events and revision < (await self._log.span(caller.user_id)).oldest:
            raise Gone(f"The log no longer goes back to revision {revision}.")
        if not events:
            raise NotFound(f"There is no change with revision {revision}.")
        return await self._undo(caller, events)

    async def turn(self, caller: Caller, turn_id: str) -> Undone:
        """All that a chat turn changed. Raises `NotFound` where that is nothing."""
        events = await self._log.of_turn(caller.user_id, turn_id)
        if not events:
            raise NotFound("There is no such turn, or it changed nothing.")
        return await self._undo(caller, events)

    async def last(self, caller: Caller) -> Undone:
        """What the turn before this one in the same conversation changed, or else the caller's own last change."""
        if caller.actor.kind == "turn" and caller.actor.id:
            turn_id = await self._log.last_turn_before(caller.user_id, caller.actor.id)
            events = await self._log.of_turn(caller.user_id, turn_id) if turn_id else []
        else:
            newest = await self._log.page(caller.user_id, LOOKED_BACK, newest_first=True)
            events = [event for event in newest if event.actor == caller.actor][:1]
        if not events:
            raise NotFound(NOTHING_TO_UNDO)
        return await self._undo(caller, events)

    @repeated
    async def _undo(self, caller: Caller, events: Sequence[Event]) -> Undone:
        now = self._clock()
        firsts = {event.task_id: event for event in reversed(events)}
        lasts = {event.task_id: event for event in events}
        async with self._transaction() as work:
            found = {task.id: task for task in await self._tasks.get_to_change(caller.user_id, list(lasts))}
            _check_unchanged(lasts.values(), found)
            _check_unbroken(events)
            back = [_back(found[each], firsts[each], now) for each in sorted(firsts)]
            changes = [change for change in back if change.after != change.before]
            tasks = await self._tasks.record(caller, now, changes) if changes else []
            await work.commit()
        return Undone(tasks)


def _check_unchanged(lasts: Iterable[Event], found: Mapping[int, Task]) -> None:
    for last in lasts:
        task = found.get(last.task_id)
        if task is None:
            raise Conflict(f"Task {last.task_id} was purged from the trash, so nothing is undone.")
        if task.revision != last.revision:
            raise Conflict(f"Task {task.id}, {task.title}, has been changed since, so nothing is undone.")


def _check_unbroken(events: Iterable[Event]) -> None:
    """Somebody may have changed a task between two changes of the same turn."""
    before: dict[int, Event] = {}
    for event in events:
        last = before.get(event.task_id)
        if last and last.after and event.before != replace(last.after, revision=0):
            raise Conflict(f"Task {event.task_id}, {last.after.title}, was changed meanwhile, so nothing is undone.")
        before[event.task_id] = event


def _back(task: Task, first: Event, now: datetime) -> Change:
    if first.kind is Kind.CREATED:
        return Change(task, task if task.deleted_at else task.deleted(now))
    if first.before is None:
        raise Conflict(f"How task {task.id}, {task.title}, was before is forgotten, so nothing is undone.")
    return Change(task, replace(first.before, revision=task.revision))
