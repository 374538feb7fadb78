"""Lists by their names, and tags in the spelling that they have already: what people and models write."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from application.ports import EntityRepository, TaskRepository
from application.tasks.commands import CreateNamed, UpdateNamed
from domain.errors import Invalid
from domain.tasks.changes import Change, Changes
from domain.tasks.task_list import MAX_LISTS, TaskList
from domain.tasks.words.names import same_name_key

INBOX = same_name_key("Inbox")
"""Where a task is that belongs to no list. A list of that name can be made, and then it is meant."""

NAMED = (CreateNamed, UpdateNamed)


class Names:
    """The names that a user has, in one unit of work. New lists are numbered at once, so that their tasks can be."""

    def __init__(self, user_id: str, now: datetime, tasks: TaskRepository, entities: EntityRepository) -> None:
        self._user_id = user_id
        self._now = now
        self._tasks = tasks
        self._entities = entities
        self._lists: dict[str, TaskList] | None = None
        self._new: dict[str, TaskList] = {}
        self._tags: Mapping[str, str] | None = None

    async def resolve(self, command: object, values: dict[str, Any]) -> Changes[TaskList]:
        """Replaces the names in the values of a command. Returns the list that is made for it, if it is a new one."""
        if not isinstance(command, NAMED):
            return []
        if values.get("tags"):
            values["tags"] = await self._spelled(values["tags"])
        return [] if command.list_name is None else await self._placed(command.list_name, values)

    def is_new(self, list_id: int) -> bool:
        return any(each.id == list_id for each in self._new.values())

    def saved(self) -> Mapping[str, TaskList]:
        return dict(self._new)

    def go_back(self, saved: Mapping[str, TaskList]) -> None:
        """Forgets the lists that were made since then, because their command was refused."""
        self._new = dict(saved)

    async def _placed(self, name: str, values: dict[str, Any]) -> Changes[TaskList]:
        key = same_name_key(name)
        known = {**await self._known(), **self._new}
        if found := known.get(key):
            values["list_id"] = found.id
            return []
        if key == INBOX:
            values["list_id"] = None
            return []
        if len(known) >= MAX_LISTS:
            raise Invalid.field("list", f"there are {MAX_LISTS} lists already: use one of them, or delete one")
        made = await self._made(name)
        self._new[key], values["list_id"] = made, made.id
        return [Change(None, made)]

    async def _made(self, name: str) -> TaskList:
        number = await self._entities.last_number(self._user_id, TaskList) + len(self._new) + 1
        try:
            return TaskList.new(self._user_id, self._now, {"name": name, "id": number})
        except Invalid as error:
            raise Invalid.field("list", error.fields[0].message) from None

    async def _known(self) -> Mapping[str, TaskList]:
        if self._lists is None:
            self._lists = {each.name_key: each for each in await self._entities.all(self._user_id, TaskList)}
        return self._lists

    async def _spelled(self, tags: Sequence[str]) -> list[str]:
        if self._tags is None:
            found = await self._tasks.tag_names(self._user_id)
            self._tags = {same_name_key(tag): tag for tag in reversed(found)}
        return [self._tags.get(same_name_key(tag), tag) for tag in tags]


class KnownNames:
    """The names of lists and tags for the instructions of models, so that models use the existing ones."""

    def __init__(self, tasks: TaskRepository, entities: EntityRepository) -> None:
        self._tasks = tasks
        self._entities = entities

    async def lists(self, user_id: str) -> Mapping[int, str]:
        return {each.id: each.name for each in await self._entities.all(user_id, TaskList)}

    async def tags(self, user_id: str) -> Sequence[str]:
        """Returns the tags of the newest tasks, each in its newest spelling."""
        found = await self._tasks.tag_names(user_id)
        return list({same_name_key(tag): tag for tag in reversed(found)}.values())[::-1]
