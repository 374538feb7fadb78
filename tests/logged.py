"""What tests read of the log, where they know that it has tasks."""

from collections.abc import Iterable

from domain.tasks.changes import Entity, Event
from domain.tasks.task import Task


def title_of(entity: Entity | None) -> str | None:
    return entity.title if isinstance(entity, Task) else None


def titles_after(events: Iterable[Event]) -> list[str | None]:
    return [title_of(event.after) for event in events]


def only_task(entities: Iterable[Entity]) -> Task:
    (entity,) = entities
    assert isinstance(entity, Task)
    return entity
