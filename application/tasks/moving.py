"""Where a task is: its list, its parent, and its place among its siblings."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from application.tasks.workspace import Group, Workspace
from domain.errors import Invalid
from domain.tasks import subtree
from domain.tasks.changes import Changes
from domain.tasks.ordering.sibling_keys import NoRoom
from domain.tasks.ordering.siblings import Place, Siblings
from domain.tasks.task import Task

WHERE = ("list_id", "parent_id", "before_id", "after_id")
SAME_LIST = "must be that of the parent: leave it out, or give parent_id: null too"


async def placed(workspace: Workspace, new: Task, values: Mapping[str, Any]) -> tuple[Task, Sequence[Task]]:
    """Returns the new task in its list and under its parent, and its ancestors. Raises `Invalid`."""
    if new.parent_id is None:
        await workspace.check_list(new.list_id)
        return new, ()
    parent = await workspace.outside_trash(new.parent_id, "parent_id")
    if "list_id" in values and new.list_id != parent.list_id:
        raise Invalid.field("list_id", SAME_LIST)
    above = await workspace.ancestors(parent)
    subtree.check_place(new, parent, above, ())
    await workspace.check_list(parent.list_id)
    workspace.touches_families = True
    return replace(new, list_id=parent.list_id), [parent, *above]


async def moved(workspace: Workspace, task: Task, values: dict[str, Any]) -> Changes[Task]:
    """Takes out of `values` where the task is to be, and returns the changes that this makes. Raises `Invalid`."""
    where = {name: values.pop(name) for name in WHERE if name in values}
    if not where:
        return []
    anchor, is_before = await _anchor(workspace, task, where)
    group = _group_of(anchor, where) if anchor else await _group(workspace, task, where)
    is_same = group == (task.list_id, task.parent_id)
    if is_same and anchor is None:
        return []
    below = await workspace.descendants(task)
    above = () if is_same else await _entered(workspace, task, group, below)
    changes = [*await _keyed(workspace, task, group, anchor, is_before=is_before)]
    if group[0] != task.list_id:
        changes += subtree.into_list(group[0], below, workspace.now)
    return changes if task.completed else [*changes, *subtree.opened(above, workspace.now)]


async def _anchor(workspace: Workspace, task: Task, where: Mapping[str, Any]) -> tuple[Task | None, bool]:
    names = [name for name in ("before_id", "after_id") if name in where]
    if len(names) == 2:
        raise Invalid.field("after_id", "give either before_id or after_id")
    if not names:
        return None, False
    if where[names[0]] == task.id:
        raise Invalid.field(names[0], "must be another task")
    return await workspace.outside_trash(where[names[0]], names[0]), names[0] == "before_id"


def _group_of(anchor: Task, where: Mapping[str, Any]) -> Group:
    """Returns the list and the parent of the sibling. Raises `Invalid` if others are given."""
    for name in ("list_id", "parent_id"):
        if name in where and where[name] != getattr(anchor, name):
            raise Invalid.field(name, f"must be that of task {anchor.id}: leave it out")
    return anchor.list_id, anchor.parent_id


async def _group(workspace: Workspace, task: Task, where: Mapping[str, Any]) -> Group:
    parent_id = where.get("parent_id", task.parent_id)
    if parent_id is None:
        return where.get("list_id", task.list_id), None
    parent = await workspace.outside_trash(parent_id, "parent_id")
    if "list_id" in where and where["list_id"] != parent.list_id:
        raise Invalid.field("list_id", SAME_LIST)
    return parent.list_id, parent_id


async def _entered(workspace: Workspace, task: Task, group: Group, below: Sequence[Task]) -> Sequence[Task]:
    list_id, parent_id = group
    if list_id != task.list_id:
        await workspace.check_list(list_id, growth=1 + len(below))
    if parent_id is None:
        return ()
    parent = await workspace.outside_trash(parent_id, "parent_id")
    above = await workspace.ancestors(parent)
    subtree.check_place(task, parent, above, below)
    return [parent, *above]


async def _keyed(
    workspace: Workspace, task: Task, group: Group, anchor: Task | None, *, is_before: bool
) -> Changes[Task]:
    """Returns the move of the task. If there is no room at the place, all siblings get new keys before it."""
    siblings = await workspace.siblings(group)
    try:
        return task.place(*group, _key(siblings, anchor, is_before), workspace.now)
    except NoRoom:
        rekeyed = await workspace.rekeyed(group)
    after = {change.after.id: change.after for change in rekeyed}
    anchor, task = anchor and after.get(anchor.id, anchor), after.get(task.id, task)
    changes = [*rekeyed, *task.place(*group, _key(siblings, anchor, is_before), workspace.now)]
    return sorted(changes, key=lambda change: change.after.id != task.id)


def _key(siblings: Siblings, anchor: Task | None, is_before: bool) -> str:
    if anchor is None:
        return siblings.key_at_end()
    place = Place(anchor.position, anchor.id)
    return siblings.key_before(place) if is_before else siblings.key_after(place)
