from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from msgspec import UNSET

from application.tasks.commands import (
    Command,
    Complete,
    Create,
    Delete,
    Expected,
    Restore,
    Skip,
    Uncomplete,
    Update,
    check_expected,
    existing,
    outside_trash,
)
from application.tasks.moving import moved, placed
from application.tasks.workspace import Workspace
from domain.errors import Conflict, Refusal
from domain.tasks import subtree
from domain.tasks.changes import Change, Changes, merged
from domain.tasks.dates.calendar import UTC_CALENDAR
from domain.tasks.reminders import check_ahead, is_before_due
from domain.tasks.task import Task
from domain.tasks.task_list import TaskList

VALUED = (Create, Update)
"""The commands that give values. A union of types would be built again for each command."""


class Plan:
    """Plans commands one after another. Each command sees the effects of those before it. `sets` has the changes of
    each command that changes something, in order."""

    def __init__(self, workspace: Workspace, *, locks: bool = True, numbers_new: bool = False) -> None:
        """If the plan does not lock the user's tasks, the lists of new tasks are left in `into`, to be checked when
        they are recorded. `numbers_new` gives new tasks their numbers at once, so that later commands may name them."""
        self.into: set[int] = set()
        self._locks = locks
        self.sets: list[Changes[Any]] = []
        self.now = workspace.now
        self._workspace = workspace
        self._numbers_new = numbers_new
        self._places: dict[int, int] = {}
        self._changes = 0

    async def apply(self, command: Command, expected: Expected = None) -> int | Task | Refusal:
        """Returns the index of the task's change among all, the task itself if nothing changes, or the refusal."""
        saved = self._workspace.saved()
        try:
            before = None if isinstance(command, Create) else await self._workspace.task(command.id)
            values = command.given() if isinstance(command, VALUED) else {}
            lists = await self._workspace.names.resolve(command, values)
            changes = merged(await self._changes_of(command, before, values))
            if before:
                check_expected(before, expected)
        except Refusal as refusal:
            self._workspace.go_back(saved)
            return refusal
        if not changes:
            assert before is not None, "a new task is a change"
            return self._places.get(before.id, before)
        return self._add(lists, changes)

    def _add(self, lists: Changes[TaskList], changes: Changes[Task]) -> int:
        self.sets.append([*lists, *changes])
        self._workspace.keep(changes)
        place = self._changes + len(lists)
        for each, change in enumerate(changes, place):
            self._places[change.after.id] = each
        self._changes = place + len(changes)
        return place

    async def _changes_of(self, command: Command, task: Task | None, values: dict[str, Any]) -> Changes[Task]:
        match command:
            case Create():
                return await self._created(values)
            case Restore(id=task_id):
                return await self._restored(existing(task, task_id))
            case Delete(id=task_id):
                found = outside_trash(task, task_id)
                return subtree.delete(found, await self._workspace.descendants(found), self._workspace.now)
            case Update(id=task_id):
                return await self._updated(outside_trash(task, task_id), values)
            case Uncomplete(id=task_id):
                return await self._reopened(outside_trash(task, task_id))
            case Complete(id=task_id) | Skip(id=task_id):
                found = outside_trash(task, task_id)
                if command.occurrence is not UNSET and not found.is_occurrence(command.occurrence):
                    return []
                return await (self._completed(found) if isinstance(command, Complete) else self._skipped(found))

    async def _created(self, values: Mapping[str, Any]) -> Changes[Task]:
        workspace = self._workspace
        calendar = await workspace.calendar() if "recurrence" in values else UTC_CALENDAR
        new = Task.new(workspace.user_id, workspace.now, values, calendar)
        await self._check_ahead(new.reminders)
        if not self._locks:
            self.into |= {new.list_id} if new.list_id else set()
            return [Change(None, new)]
        new, above = await placed(workspace, new, values)
        if self._numbers_new:
            new = replace(new, id=await workspace.next_number())
        return [Change(None, new), *subtree.opened(above, workspace.now)]

    async def _updated(self, task: Task, values: dict[str, Any]) -> Changes[Task]:
        workspace = self._workspace
        completed = values.pop("completed", None)
        changes = [*await moved(workspace, task, values)]
        task = next((change.after for change in reversed(changes) if change.after.id == task.id), task)
        calendar = await workspace.calendar() if "recurrence" in values else UTC_CALENDAR
        edited = task.edit(values, workspace.now, calendar)
        if edited:
            await self._check_ahead([each for each in edited[0].after.reminders if each not in task.reminders])
            task = edited[0].after
        if values.get("recurrence"):
            subtree.check_rules([task], await workspace.ancestors(task))
            subtree.check_rules(await workspace.descendants(task), [task])
        changes += edited
        workspace.keep(changes)
        if completed is not None:
            changes += await (self._completed(task) if completed else self._reopened(task))
        return sorted(changes, key=lambda change: (change.purges, change.after.id != task.id))

    async def _check_ahead(self, new_reminders: Sequence[str]) -> None:
        if times := [each for each in new_reminders if not is_before_due(each)]:
            check_ahead(times, self.now, await self._workspace.calendar())

    async def _completed(self, task: Task) -> Changes[Task]:
        workspace = self._workspace
        if task.completed:
            return []
        calendar = await workspace.calendar() if task.recurrence else UTC_CALENDAR
        return subtree.complete(task, await workspace.descendants(task), workspace.now, calendar)

    async def _skipped(self, task: Task) -> Changes[Task]:
        workspace = self._workspace
        below = await workspace.descendants(task)
        return subtree.skip(task, below, workspace.now, await workspace.calendar())

    async def _reopened(self, task: Task) -> Changes[Task]:
        workspace = self._workspace
        if not task.completed:
            return []
        if task.occurrence_of:
            return await self._uncompleted(task)
        return subtree.reopen(task, await workspace.ancestors(task), workspace.now)

    async def _uncompleted(self, occurrence: Task) -> Changes[Task]:
        changes = await self._workspace.taken_back(occurrence)
        if any(change.after.id in self._places for change in changes):
            raise Conflict(
                f"{occurrence.label}, belongs to a task that this batch changes before: reopen it by itself."
            )
        return changes

    async def _restored(self, task: Task) -> Changes[Task]:
        """Restores the task with what went into the trash with it. If its list or its parent is in the trash, it comes
        back to the inbox, or to the top level."""
        workspace = self._workspace
        below = await workspace.descendants(task, with_trash=True)
        restored = subtree.restore(task, below)
        if not restored:
            return []
        workspace.keep(restored)
        task, *below = (change.after for change in restored)
        above = await workspace.live_ancestors(task)
        list_id = above[0].list_id if above else await workspace.live_list(task.list_id)
        rehomed = task.place(list_id, above[0].id if above else None, task.order_key, workspace.now)
        opened = () if task.completed else subtree.opened(above, workspace.now)
        return [*restored, *rehomed, *subtree.into_list(list_id, below, workspace.now), *opened]
