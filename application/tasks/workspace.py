"""The tasks of one unit of work: as they are stored, and as the commands so far have changed them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from application.accounts.calendars import Calendars
from application.ports import EntityRepository, EventLog, TaskRepository
from application.tasks.log.undo import changes_back
from application.tasks.naming import Names
from domain.errors import Gone, Invalid
from domain.tasks.changes import ChangeKind, Changes
from domain.tasks.dates.calendar import Calendar
from domain.tasks.ordering.siblings import Place, Siblings
from domain.tasks.task import Task
from domain.tasks.task_list import TaskList, check_entry

Saved = tuple[dict[int, Task | None], set[int], Mapping[str, TaskList]]
Group = tuple[int | None, int | None]
"""The list and the parent that siblings share."""


class Workspace:
    """Loads what commands need when they need it. While it is used for more than new tasks, the user's counter is
    locked, so nobody else changes what was loaded."""

    def __init__(
        self,
        user_id: str,
        now: datetime,
        tasks: TaskRepository,
        entities: EntityRepository,
        log: EventLog,
        calendars: Calendars,
    ) -> None:
        self.user_id = user_id
        self.now = now
        self.touches_families = False
        self.names = Names(user_id, now, tasks, entities)
        self._tasks = tasks
        self._entities = entities
        self._log = log
        self._calendars = calendars
        self._known: dict[int, Task | None] = {}
        self._families: set[int] = set()
        self._siblings: dict[Group, Siblings] = {}
        self._lists: dict[int, bool] = {}
        self._sizes: dict[int, int] = {}
        self._last_number: int | None = None

    async def load(self, ids: Collection[int]) -> None:
        found = await self._entities.get_to_change(self.user_id, Task, ids)
        self._known |= dict.fromkeys(ids) | {task.id: task for task in found}

    async def calendar(self) -> Calendar:
        return await self._calendars.of(self.user_id)

    async def task(self, task_id: int) -> Task | None:
        if task_id not in self._known:
            await self.load([task_id])
        return self._known[task_id]

    async def outside_trash(self, task_id: int, field: str) -> Task:
        """Returns a task that a field names. Raises `Invalid` if it does not exist or is in the trash."""
        task = await self.task(task_id)
        if task is None or task.deleted_at:
            raise Invalid.field(field, f"there is no task {task_id}")
        return task

    async def ancestors(self, task: Task) -> Sequence[Task]:
        found: list[Task] = []
        while (parent_id := (found[-1] if found else task).parent_id) and (parent := await self.task(parent_id)):
            self.touches_families = True
            found.append(parent)
        return found

    async def live_ancestors(self, task: Task) -> Sequence[Task]:
        """Returns the ancestors, or none if the parent is in the trash."""
        above = await self.ancestors(task)
        return () if any(each.deleted_at for each in above) else above

    async def descendants(self, task: Task, *, with_trash: bool = False) -> Sequence[Task]:
        if (task.subtasks_total or with_trash) and task.id not in self._families:
            self._families.add(task.id)
            family = await self._tasks.family(self.user_id, [task.id])
            await self.load([each.id for each in family if each.id not in self._known])
        found = [each for each in self._below({task.id}) if with_trash or not each.deleted_at]
        self.touches_families |= bool(found)
        return found

    async def siblings(self, group: Group) -> Siblings:
        if group not in self._siblings:
            stored = await self._tasks.places(self.user_id, *group)
            unknown = (place for place in stored if place.id not in self._known)
            known = (Place(task.position, task.id) for task in self._live() if _group(task) == group)
            self._siblings[group] = Siblings([*unknown, *known])
        return self._siblings[group]

    async def rekeyed(self, group: Group) -> Changes[Task]:
        keys = (await self.siblings(group)).rekeyed()
        await self.load([each for each in keys if each not in self._known])
        tasks = {each: task for each in keys if (task := self._known[each])}
        changes = [each for number, task in tasks.items() for each in task.place(*group, keys[number], self.now)]
        self.keep(changes)
        return changes

    async def check_list(self, list_id: int | None, growth: int = 1) -> None:
        """Raises `Invalid` if there is no such list outside the trash, or if it can't take so many tasks more."""
        if list_id is None:
            return
        if await self.live_list(list_id) is None:
            check_entry(list_id, None)
        if list_id not in self._sizes:
            self._sizes[list_id] = await self._tasks.list_size(self.user_id, list_id)
        check_entry(list_id, self._sizes[list_id], growth)
        self._sizes[list_id] += growth

    async def live_list(self, list_id: int | None) -> int | None:
        """Returns the number of the list, or None, which is the inbox, if there is no such list outside the trash."""
        if list_id is not None and self.names.is_new(list_id):
            return list_id
        if list_id is not None and list_id not in self._lists:
            found = await self._entities.get_all(self.user_id, TaskList, [list_id])
            self._lists[list_id] = bool(found and not found[0].deleted_at)
        return list_id if list_id is not None and self._lists[list_id] else None

    async def taken_back(self, occurrence: Task) -> Changes[Task]:
        """Undoes the completion that left the occurrence behind. The change of its series is the first one. Raises
        `Conflict` if the series has moved on, and `Gone` if the log no longer has the completion."""
        self.touches_families = True
        events = await self._log.of_entity(self.user_id, Task, occurrence.id, 1)
        if not events or events[0].kind is not ChangeKind.CREATED:
            raise Gone(f"{occurrence.label}, was completed too long ago to be reopened.")
        events = await self._log.of_set(self.user_id, events[0].change_set)
        changes = await changes_back(self._entities, self.user_id, events, self.now)
        return sorted(changes, key=lambda change: change.purges)

    async def next_number(self) -> int:
        if self._last_number is None:
            self._last_number = await self._entities.last_number(self.user_id, Task)
        self._last_number += 1
        return self._last_number

    def saved(self) -> Saved:
        return dict(self._known), set(self._families), self.names.saved()

    def go_back(self, saved: Saved) -> None:
        """Forgets all that was loaded or changed since then, because its command was refused."""
        self._known, self._families, names = saved
        self.names.go_back(names)
        self._siblings.clear()
        self._sizes.clear()

    def keep(self, changes: Changes[Task]) -> None:
        for change in changes:
            if not change.after.id:
                continue
            for task, act in ((change.before, Siblings.remove), (change.after, Siblings.add)):
                if task and not task.deleted_at and (siblings := self._siblings.get(_group(task))):
                    act(siblings, Place(task.position, task.id))
            self._known[change.after.id] = change.after

    def _live(self) -> Iterable[Task]:
        return [each for each in self._known.values() if each and not each.deleted_at]

    def _below(self, ids: set[int]) -> list[Task]:
        found = [each for each in self._known.values() if each and each.parent_id in ids]
        return [*found, *self._below({each.id for each in found})] if found else []


def _group(task: Task) -> Group:
    return task.list_id, task.parent_id
