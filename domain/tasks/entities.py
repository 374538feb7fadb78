"""The registry of what the log of changes keeps. A new kind of thing is a row here, a domain type and a table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.tasks.changes import Entity
from domain.tasks.task import Task

StoredState = dict[str, Any]


@dataclass(frozen=True, slots=True)
class EntityType:
    """How the log names a type of entity, and how it reads the states it has of it.

    The table is called `{name}s`, and the user's last number is counted as `last_{name}_id`. `upgrades` turn the state
    of one version into that of the next, the first of them that of version 1. A field that is merely new needs none:
    it has its default in the states of before.
    """

    name: str
    type: type[Entity]
    upgrades: tuple[Callable[[StoredState], StoredState], ...] = ()

    @property
    def version(self) -> int:
        return len(self.upgrades) + 1

    def upgraded(self, state: StoredState, version: int) -> StoredState:
        for upgrade in self.upgrades[version - 1 :]:
            state = upgrade(state)
        return state


ENTITY_TYPES = (EntityType("task", Task),)
BY_NAME: Mapping[str, EntityType] = {each.name: each for each in ENTITY_TYPES}
BY_TYPE: Mapping[type[Entity], EntityType] = {each.type: each for each in ENTITY_TYPES}
