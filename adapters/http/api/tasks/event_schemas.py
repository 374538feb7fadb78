from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, TypeVar

from msgspec import Meta, Struct

from adapters.http.schemas import TaskRevisionOut, TaskStateOut, Time, out
from application.tasks.change_log import Delta
from application.tasks.results import UndoneEntities
from domain.tasks.changes import Entity, Event
from domain.tasks.task import Task

S = TypeVar("S", bound=Struct)
STATES: Mapping[type[Entity], type[TaskStateOut]] = {Task: TaskStateOut}


class ActorOut(Struct):
    """Who made a change: you, one of your API tokens, the assistant in a chat turn, or the service itself."""

    kind: Literal["user", "token", "turn", "system"]
    id: Annotated[str | None, Meta(description="The id of the token or the turn.")]
    name: Annotated[str | None, Meta(description="The name of the token.")]
    conversation_id: Annotated[str | None, Meta(description="The conversation, if a turn made the change.")]
    message_id: Annotated[str | None, Meta(description="The assistant's message, if a turn made the change.")]


class EventOut(Struct):
    revision: Annotated[int, Meta(description="Your changes are numbered 1, 2, 3 … without a gap.", examples=[7])]
    entity: Annotated[Literal["task"], Meta(description="What was changed. Leave out those that you do not know.")]
    entity_id: int
    task_id: Annotated[int | None, Meta(description="The same as `entity_id` if the entity is a task.")]
    change_set: Annotated[int, Meta(description="The revision of the first of the changes that are undone together.")]
    kind: Literal["created", "updated", "completed", "uncompleted", "deleted", "restored", "purged"]
    before: Annotated[TaskStateOut | None, Meta(description="Null: it was new, or it was purged from the trash.")]
    after: Annotated[TaskStateOut | None, Meta(description="Null: it was purged from the trash.")]
    actor: ActorOut
    at: Time


class EventPageOut(Struct):
    events: list[EventOut]
    limit: int
    next_cursor: Annotated[
        int | None, Meta(description="Give it as `after`, or as `before` in the order `newest`; null: no more for now.")
    ]


class TombstoneOut(Struct):
    id: int
    revision: int
    deleted_at: Time


class DeltaOut(Struct):
    tasks: Annotated[list[TaskRevisionOut], Meta(description="New or changed: as they are now.")]
    deleted: Annotated[list[TombstoneOut], Meta(description="In the trash or gone: take them out.")]
    next_token: Annotated[str, Meta(description="Give it as `token` the next time.")]
    has_more: Annotated[bool, Meta(description="Call again at once.")]


class UndoneOut(Struct):
    tasks: Annotated[list[TaskRevisionOut], Meta(description="As they are now; what was new before is in the trash.")]


def event_out(event: Event) -> EventOut:
    turn_id = event.actor.id if event.actor.kind == "turn" else None
    actor = ActorOut(event.actor.kind, event.actor.id, event.actor_name, event.conversation_id, turn_id)
    return EventOut(
        revision=event.revision,
        entity=event.entity,  # type: ignore[arg-type]
        entity_id=event.entity_id,
        task_id=event.entity_id if event.entity == "task" else None,
        change_set=event.change_set,
        kind=event.kind.value,
        before=_state(event.before),
        after=_state(event.after),
        actor=actor,
        at=event.at,
    )


def delta_out(delta: Delta) -> DeltaOut:
    deleted = [out(each, TombstoneOut) for each in delta.deleted if each.entity == "task"]
    return DeltaOut(_shown(delta.entities, Task, TaskRevisionOut), deleted, delta.next_token, delta.has_more)


def undone_out(undone: UndoneEntities) -> UndoneOut:
    return UndoneOut(out(undone.tasks, list[TaskRevisionOut]))


def _shown(entities: Sequence[Entity], of: type[Entity], schema: type[S]) -> list[S]:
    return [out(each, schema) for each in entities if isinstance(each, of)]


def _state(entity: Entity | None) -> TaskStateOut | None:
    return None if entity is None else out(entity, STATES[type(entity)])
