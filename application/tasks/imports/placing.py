from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from application.tasks.files.imported import ImportedTask, Remark
from domain.tasks.task import Task
from domain.tasks.task_list import TaskList

Rows = Sequence[tuple[ImportedTask, Task]]

NO_PARENT = "is a subtask of a task that is left out, so it stands alone"
PARENT_IN_TRASH = "is a subtask of a task in the trash, so it stands alone"
LIST_IN_TRASH = "is in a list in the trash, so it is in the inbox"
NO_SERIES = "was a date of a recurring task that is not in the file"


def placed(rows: Rows, lists: Mapping[str, TaskList], notes: list[Remark]) -> Sequence[Task]:
    """Returns the tasks with the numbers of their places among the rows. `lists` are by their keys. Notes say which
    tasks can't be where the file has them: nothing outside the trash is within something in the trash."""
    numbers = {each.key: number for number, (each, _) in enumerate(rows, 1) if each.key}
    tasks = [_numbered(number, each, task, numbers, lists) for number, (each, task) in enumerate(rows, 1)]
    lines = [each.line for each, _ in rows]
    for (each, _), task in zip(rows, tasks, strict=True):
        if each.parent and task.parent_id is None:
            notes.append(Remark(each.line, NO_PARENT))
        if each.occurrence_of and task.occurrence_of is None:
            notes.append(Remark(each.line, NO_SERIES))
    return _outside_trash(tasks, lines, lists, notes)


def places_by_hand(tasks: Sequence[Task]) -> Mapping[int, int]:
    """Returns, for each task that is not where its number would put it among its siblings, the sibling by whose number
    it is placed. Siblings of which some have no position are in the order of the file."""
    groups: defaultdict[tuple[int | None, int | None], list[Task]] = defaultdict(list)
    for task in tasks:
        groups[task.list_id, task.parent_id].append(task)
    return {number: place for group in groups.values() for number, place in _places(group) if number != place}


def _places(group: Sequence[Task]) -> Sequence[tuple[int, int]]:
    return order_by_hand({task.id: task.order_key for task in group})


def order_by_hand(positions: Mapping[int, str | None]) -> Sequence[tuple[int, int]]:
    """Returns each number in the order of the positions, with the number that stands there in the order of numbers. If
    a position is missing, that is no order."""
    keys = {number: position for number, position in positions.items() if position}
    if len(keys) < len(positions):
        return []
    return [*zip(sorted(keys, key=lambda number: (keys[number], number)), sorted(keys), strict=True)]


def _numbered(
    number: int, each: ImportedTask, task: Task, numbers: Mapping[str, int], lists: Mapping[str, TaskList]
) -> Task:
    return replace(
        task,
        id=number,
        list_id=lists[each.list].id if each.list else None,
        parent_id=numbers.get(each.parent or ""),
        occurrence_of=numbers.get(each.occurrence_of or ""),
        order_key=each.position,
    )


def _outside_trash(
    tasks: Sequence[Task], lines: Sequence[int], lists: Mapping[str, TaskList], notes: list[Remark]
) -> Sequence[Task]:
    alone = [_without_trashed_parent(task, tasks) for task in tasks]
    trashed = {each.id for each in lists.values() if each.deleted_at}
    roots = [_root(task, alone) for task in alone]
    lost = [root.deleted_at is None and root.list_id in trashed for root in roots]
    found = [replace(task, list_id=None) if each else task for task, each in zip(alone, lost, strict=True)]
    for line, before, after in zip(lines, tasks, found, strict=True):
        if before.parent_id != after.parent_id:
            notes.append(Remark(line, PARENT_IN_TRASH))
        if before.list_id != after.list_id:
            notes.append(Remark(line, LIST_IN_TRASH))
    return found


def _without_trashed_parent(task: Task, tasks: Sequence[Task]) -> Task:
    is_lost = task.parent_id and tasks[task.parent_id - 1].deleted_at and not task.deleted_at
    return replace(task, parent_id=None) if is_lost else task


def _root(task: Task, tasks: Sequence[Task]) -> Task:
    while task.parent_id:
        task = tasks[task.parent_id - 1]
    return task
