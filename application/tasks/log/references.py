from collections.abc import Collection, Mapping, Sequence

from application.ports import EntityRepository
from domain.errors import Conflict
from domain.tasks.changes import Change, Entity
from domain.tasks.named import Named
from domain.tasks.task import Task
from domain.tasks.task_list import TaskList
from domain.tasks.view import View

After = Mapping[tuple[type[Entity], int], Change[Entity]]
"""The last change of each entity, by its type and number."""


async def check_references(entities: EntityRepository, user_id: str, changes: Sequence[Change[Entity]]) -> None:
    """Raises `Conflict` if, after the changes, a task outside the trash had its list or its parent in the trash, or two
    lists or views had the same name."""
    after = {(type(change.after), change.after.id): change for change in changes}
    for of in (TaskList, Task):
        await _check_containers(entities, user_id, of, after)
        await _check_contents(entities, user_id, of, after)
    for named in (TaskList, View):
        await _check_names(entities, user_id, named, after)


async def _check_containers(entities: EntityRepository, user_id: str, of: type[Entity], after: After) -> None:
    live = [each for each in _live(Task, after) if isinstance(each, Task) and _container(each, of)]
    numbers = {number for task in live if (number := _container(task, of))}
    known = {number for number in numbers if (of, number) in after}
    found = await entities.get_all(user_id, of, numbers - known) if numbers - known else ()
    there = {each.id for each in found if not each.deleted_at}
    there |= {number for number in known if not _is_gone(after[of, number])}
    for task in live:
        if _container(task, of) not in there:
            name = "list" if of is TaskList else "parent"
            raise Conflict(f"{task.label}, belongs where its {name} is in the trash now, so nothing is undone.")


async def _check_contents(entities: EntityRepository, user_id: str, of: type[Entity], after: After) -> None:
    gone = {number: change.after for (kind, number), change in after.items() if kind is of and _is_gone(change)}
    left = {*await entities.contents(user_id, of, gone)} - {number for kind, number in after if kind is Task}
    if left:
        [task] = await entities.get_all(user_id, Task, [min(left)])
        raise Conflict(f"{gone[_container(task, of) or 0].label}, has tasks in it since, so nothing is undone.")


async def _check_names(entities: EntityRepository, user_id: str, of: type[Named], after: After) -> None:
    back = [each for each in _live(of, after) if isinstance(each, Named)]
    if not back:
        return
    others = [each for each in await entities.all(user_id, of) if (of, each.id) not in after]
    taken = {each.name_key for each in others}
    for each in back:
        if each.name_key in taken:
            raise Conflict(f"There is another {of.KIND} called {each.name} now, so nothing is undone.")
        taken.add(each.name_key)
    if len(taken) > of.MOST:
        raise Conflict(f"You would have more than {of.MOST} {of.KIND}s, so nothing is undone.")


def _live(of: type[Entity], after: After) -> Collection[Entity]:
    return [change.after for (kind, _), change in after.items() if kind is of and not _is_gone(change)]


def _is_gone(change: Change[Entity]) -> bool:
    return change.purges or bool(change.after.deleted_at)


def _container(task: Task, of: type[Entity]) -> int | None:
    return task.list_id if of is TaskList else task.parent_id
