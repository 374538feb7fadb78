"""The registry of the entity types in the log of changes. A new type needs a row here, a domain type and a table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any

from domain.tasks.changes import Entity
from domain.tasks.index_keys import KEYS
from domain.tasks.task import Task
from domain.tasks.task_list import TaskList
from domain.tasks.view import View

StoredState = dict[str, Any]
Keys = Mapping[str, Callable[[Any], Any]]
ORDERED: Keys = {"position": lambda entity: entity.order_key}


@dataclass(frozen=True, slots=True)
class EntityType:
    """The name of an entity type in the log, and how its logged states are read.

    The table is called `{name}s`, and the user's last number is the column `last_{name}_id`. `keys` are columns that
    are computed from the entity. `upgrades` convert a state from one version to the next, beginning with version 1. A
    new field needs none, since older states get its default.
    """

    name: str
    type: type[Entity]
    keys: Keys = field(default_factory=dict)
    upgrades: tuple[Callable[[StoredState], StoredState], ...] = ()

    @property
    def version(self) -> int:
        return len(self.upgrades) + 1

    def upgraded(self, state: StoredState, version: int) -> StoredState:
        for upgrade in self.upgrades[version - 1 :]:
            state = upgrade(state)
        return state


ENTITY_TYPES = (
    EntityType("task", Task, KEYS),
    EntityType("list", TaskList, ORDERED),
    EntityType("view", View, ORDERED),
)
BY_NAME: Mapping[str, EntityType] = {each.name: each for each in ENTITY_TYPES}
BY_TYPE: Mapping[type[Entity], EntityType] = {each.type: each for each in ENTITY_TYPES}


@cache
def stored_fields(of: type[Entity]) -> tuple[str, ...]:
    return tuple(each.name for each in fields(of) if not each.metadata)  # type: ignore[arg-type]
