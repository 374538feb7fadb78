"""What a command on a task means for the tasks below and above it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from domain.errors import Invalid
from domain.tasks.changes import Change, Changes
from domain.tasks.dates.calendar import Calendar
from domain.tasks.task import Task

MAX_DEPTH = 3
"""How many levels of subtasks a task may have below it."""


def complete(task: Task, descendants: Iterable[Task], now: datetime, calendar: Calendar) -> Changes[Task]:
    """If the task recurs and moves on, those below it open again, and their dates move with it."""
    changes = task.complete(now, calendar)
    if not changes:
        return []
    moved = changes[0].after
    if moved.completed:
        return [*changes, *_all(each.finish(now) for each in descendants if not each.completed)]
    return [*changes, *_renewed(moved, task, descendants, now)]


def skip(task: Task, descendants: Iterable[Task], now: datetime, calendar: Calendar) -> Changes[Task]:
    changes = task.skip(now, calendar)
    return [*changes, *_renewed(changes[0].after, task, descendants, now)]


def reopen(task: Task, ancestors: Iterable[Task], now: datetime) -> Changes[Task]:
    return [*task.reopen(now), *opened(ancestors, now)]


def opened(ancestors: Iterable[Task], now: datetime) -> Changes[Task]:
    return _all(each.reopen(now) for each in ancestors)


def delete(task: Task, descendants: Iterable[Task], now: datetime) -> Changes[Task]:
    return [*task.delete(now), *_all(each.delete(now) for each in descendants if not each.deleted_at)]


def restore(task: Task, descendants: Iterable[Task]) -> Changes[Task]:
    with_it = (each for each in descendants if each.deleted_at == task.deleted_at)
    return [*task.restore(), *_all(each.restore() for each in with_it)] if task.deleted_at else []


def into_list(list_id: int | None, tasks: Iterable[Task], now: datetime) -> Changes[Task]:
    return _all(each.place(list_id, each.parent_id, each.order_key, now) for each in tasks)


def check_place(task: Task, parent: Task | None, above: Sequence[Task], below: Sequence[Task]) -> None:
    """Raises `Invalid` if the task, with the tasks below it, can't be under `parent`. `above` are the ancestors of
    `parent`."""
    if parent is None:
        return
    ancestors = [parent, *above]
    if task.id and task.id in {each.id for each in ancestors}:
        raise Invalid.field("parent_id", "must not be the task itself or one of its subtasks")
    if len(ancestors) + height(task, below) > MAX_DEPTH:
        raise Invalid.field("parent_id", f"would be too deep: a task has at most {MAX_DEPTH} levels of subtasks")
    check_rules([task, *below], ancestors)


def check_rules(tasks: Iterable[Task], ancestors: Iterable[Task]) -> None:
    """Raises `Invalid` if one of the tasks recurs, and one of the ancestors too."""
    if any(each.recurrence for each in tasks) and any(each.recurrence for each in ancestors):
        raise Invalid.field("recurrence", "can't be set below a task that recurs: subtasks recur with it")


def height(task: Task, below: Iterable[Task]) -> int:
    levels = {task.id: 0}
    left = list(below)
    while found := [each for each in left if each.parent_id in levels]:
        levels |= {each.id: levels[each.parent_id or 0] + 1 for each in found}
        left = [each for each in left if each not in found]
    return max(levels.values())


def _renewed(moved: Task, before: Task, descendants: Iterable[Task], now: datetime) -> Changes[Task]:
    days = moved.series.days_since(before.series) if moved.series and before.series else 0
    return _all(each.renew(days, now) for each in descendants if not each.deleted_at)


def _all(each: Iterable[Changes[Task]]) -> list[Change[Task]]:
    return [change for changes in each for change in changes]
