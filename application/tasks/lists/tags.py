"""Use-cases of tags. A tag is there as long as a task has it."""

from collections.abc import Sequence
from dataclasses import dataclass

from application.ports import Clock, EntityRepository, TaskRepository, Transaction
from application.retry import retried
from application.tasks.lists.inputs import TagChanges
from application.tasks.lists.view_filters import names_tag, with_tag_renamed
from application.tasks.log.recording import RECORDED_AT_ONCE, ChangeSet
from domain.accounts.account import Caller
from domain.errors import Conflict, NotFound
from domain.tasks.changes import Change
from domain.tasks.fields import clean_tag
from domain.tasks.task import Task
from domain.tasks.view import View
from domain.tasks.words.names import same_name_key

MAX_TASKS_CHANGED = 10_000
"""Tasks that one change of a tag may change."""


@dataclass(frozen=True, slots=True)
class Tag:
    name: str
    pending: int


class Tags:
    def __init__(
        self, tasks: TaskRepository, entities: EntityRepository, transaction: Transaction, clock: Clock
    ) -> None:
        self._tasks = tasks
        self._entities = entities
        self._transaction = transaction
        self._clock = clock

    async def all(self, caller: Caller) -> Sequence[Tag]:
        """Returns the tags of tasks outside the trash, in the order of their names. A tag that is spelled in several
        ways has the spelling of the most tasks."""
        tags: dict[str, Tag] = {}
        for spelling, pending in await self._tasks.tags(caller.user_id):
            key = same_name_key(spelling)
            known = tags.get(key, Tag(spelling, 0))
            tags[key] = Tag(known.name, known.pending + pending)
        return [tags[key] for key in sorted(tags)]

    async def rename(self, caller: Caller, name: str, changes: TagChanges) -> Tag:
        """Renames the tag in all tasks, those in the trash too, and in all views. Raises `NotFound` if no task has it,
        and `Conflict` if too many have it."""
        new = clean_tag(changes.name, "name")
        await self._change(caller, name, new)
        key = same_name_key(new)
        pending = next((each.pending for each in await self.all(caller) if same_name_key(each.name) == key), 0)
        return Tag(new, pending)

    async def delete(self, caller: Caller, name: str) -> None:
        """Takes the tag off all tasks, those in the trash too. A view that names it matches nothing there. Raises
        `NotFound` if no task has it, and `Conflict` if too many have it."""
        await self._change(caller, name, None)

    @retried
    async def _change(self, caller: Caller, name: str, new: str | None) -> None:
        async with self._transaction() as work:
            await self._entities.get_to_change(caller.user_id, Task, [])
            change_set = ChangeSet(self._entities, caller, self._clock())
            await self._change_tasks(change_set, name, new)
            if new:
                await self._change_views(change_set, name, new)
            await work.commit()

    async def _change_tasks(self, change_set: ChangeSet, name: str, new: str | None) -> None:
        key, count, after = same_name_key(name), 0, 0
        while tasks := await self._tasks.tagged(change_set.caller.user_id, key, RECORDED_AT_ONCE, after=after):
            count, after = count + len(tasks), tasks[-1].id
            if count > MAX_TASKS_CHANGED:
                raise Conflict(f"More than {MAX_TASKS_CHANGED:,} tasks have the tag {name}: change some of them first.")
            await change_set.record([change for task in tasks for change in _changed(task, key, new, change_set)])
        if not count:
            raise NotFound(f"There is no tag {name}.")

    async def _change_views(self, change_set: ChangeSet, name: str, new: str) -> None:
        user_id, key = change_set.caller.user_id, same_name_key(name)
        trashed = await self._entities.trashed(user_id, View, View.MOST)
        for view in (*await self._entities.all(user_id, View), *trashed):
            if names_tag(view.filter, key):
                renamed = with_tag_renamed(view.filter, key, new)
                await change_set.record(view.edit({"filter": renamed}, change_set.at))


def _changed(task: Task, key: str, new: str | None, change_set: ChangeSet) -> Sequence[Change[Task]]:
    tags = [new if same_name_key(tag) == key else tag for tag in task.tags]
    return task.edit({"tags": [tag for tag in tags if tag]}, change_set.at)
