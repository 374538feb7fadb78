"""Checks that tasks which an undo brings back still have their list and their parent."""

from collections.abc import Sequence

from application.ports import EntityRepository
from domain.errors import Conflict
from domain.tasks.changes import Change, Entity
from domain.tasks.task import Task
from domain.tasks.task_list import TaskList


async def check_references(entities: EntityRepository, user_id: str, changes: Sequence[Change[Entity]]) -> None:
    """Raises `Conflict` if the list or the parent of one of the tasks is in the trash after the changes."""
    after = {(type(change.after), change.after.id): change for change in changes}
    tasks = [change.after for change in changes if isinstance(change.after, Task) and not change.purges]
    live = [task for task in tasks if not task.deleted_at]
    for of, numbers in (
        (TaskList, {task.list_id for task in live if task.list_id}),
        (Task, {task.parent_id for task in live if task.parent_id}),
    ):
        known = {number for number in numbers if (of, number) in after}
        found = await entities.get_all(user_id, of, numbers - known) if numbers - known else ()
        there = {each.id for each in found if not each.deleted_at}
        there |= {number for number in known if not _is_gone(after[of, number])}
        _check(live, of, numbers - there)


def _is_gone(change: Change[Entity]) -> bool:
    return change.purges or bool(change.after.deleted_at)


def _check(tasks: Sequence[Task], of: type[Entity], missing: set[int]) -> None:
    name = "list" if of is TaskList else "parent"
    for task in tasks:
        if getattr(task, f"{name}_id") in missing:
            raise Conflict(f"{task.label}, belongs where its {name} is in the trash now, so nothing is undone.")
