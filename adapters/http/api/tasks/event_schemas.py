from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from adapters.http.api.lists.schemas import ListRevisionOut, ListStateOut, ViewRevisionOut, ViewStateOut
from adapters.http.api.reminders.schemas import RungOut
from adapters.http.schemas import TaskRevisionOut, TaskStateOut, Time, out
from application.tasks.log.change_log import Delta
from application.tasks.results import UndoneEntities
from domain.reminders.ring import REMINDER
from domain.tasks.changes import Entity, Event
from domain.tasks.entities import BY_NAME

NEW = Meta(description="Null: it was new, or it was purged from the trash.")
GONE = Meta(description="Null: it was purged from the trash.")


class ActorOut(Struct):
    """Who made a change: you, one of your API tokens or connected apps, the assistant in a chat turn, or the service
    itself."""

    kind: Literal["user", "token", "turn", "system"]
    id: Annotated[str | None, Meta(description="The id of the token, the connection or the turn.")]
    name: Annotated[str | None, Meta(description="The name of the token or of the connected app.")]
    conversation_id: Annotated[str | None, Meta(description="The conversation, if a turn made the change.")]
    message_id: Annotated[str | None, Meta(description="The assistant's message, if a turn made the change.")]


class _EventOut(Struct, tag_field="entity"):
    revision: Annotated[int, Meta(description="Your changes are numbered 1, 2, 3 … without a gap.", examples=[7])]
    entity_id: int
    task_id: Annotated[int | None, Meta(description="The same as `entity_id` if the entity is a task.")]
    change_set: Annotated[int, Meta(description="The revision of the first of the changes that are undone together.")]
    kind: Literal["created", "updated", "completed", "uncompleted", "deleted", "restored", "purged", "rang"]
    actor: ActorOut
    at: Time


class TaskEventOut(_EventOut, tag_field="entity", tag="task"):
    """A change of a task."""

    before: Annotated[TaskStateOut | None, NEW]
    after: Annotated[TaskStateOut | None, GONE]


class ListEventOut(_EventOut, tag_field="entity", tag="list"):
    """A change of a list. Its tasks have events of their own."""

    before: Annotated[ListStateOut | None, NEW]
    after: Annotated[ListStateOut | None, GONE]


class ViewEventOut(_EventOut, tag_field="entity", tag="view"):
    """A change of a view."""

    before: Annotated[ViewStateOut | None, NEW]
    after: Annotated[ViewStateOut | None, GONE]


class ReminderEventOut(_EventOut, tag_field="entity", tag="reminder"):
    """A reminder that rang. `entity_id` is the number of its task."""

    before: None
    after: RungOut


EventOut = TaskEventOut | ListEventOut | ViewEventOut | ReminderEventOut
"""`entity` says which one it is. Readers leave out those that they do not know."""


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
    lists: list[ListRevisionOut]
    views: list[ViewRevisionOut]
    deleted: Annotated[list[TombstoneOut], Meta(description="Tasks in the trash or gone: take them out.")]
    deleted_lists: list[TombstoneOut]
    deleted_views: list[TombstoneOut]
    revision: Annotated[int, Meta(description="Events after this one may be missing here.")]
    next_token: Annotated[str, Meta(description="Give it as `token` the next time.")]
    has_more: Annotated[bool, Meta(description="Call again at once.")]


class UndoneOut(Struct):
    tasks: Annotated[list[TaskRevisionOut], Meta(description="As they are now; what was new before is in the trash.")]
    lists: list[ListRevisionOut]
    views: list[ViewRevisionOut]


def event_out(event: Event) -> EventOut:
    turn_id = event.actor.id if event.actor.kind == "turn" else None
    actor = ActorOut(event.actor.kind, event.actor.id, event.actor_name, event.conversation_id, turn_id)
    schema, state = SCHEMAS[event.entity]
    return schema(  # type: ignore[no-any-return]
        revision=event.revision,
        entity_id=event.entity_id,
        task_id=event.entity_id if event.entity == "task" else None,
        change_set=event.change_set,
        kind=event.kind.value,
        before=event.before and out(event.before, state),
        after=event.after and out(event.after, state),
        actor=actor,
        at=event.at,
    )


def delta_out(delta: Delta) -> DeltaOut:
    return DeltaOut(
        **{f"{name}s": _shown(delta.entities, BY_NAME[name].type, schema) for name, schema in REVISIONS.items()},
        deleted=_deleted(delta, "task"),
        deleted_lists=_deleted(delta, "list"),
        deleted_views=_deleted(delta, "view"),
        revision=delta.revision,
        next_token=delta.next_token,
        has_more=delta.has_more,
    )


def undone_out(undone: UndoneEntities) -> UndoneOut:
    return out(undone, UndoneOut)  # type: ignore[no-any-return]


def _deleted(delta: Delta, entity: str) -> list[TombstoneOut]:
    return [out(each, TombstoneOut) for each in delta.deleted if each.entity == entity]


def _shown(entities: Sequence[Entity], of: type[Entity], schema: type[Struct]) -> list[Any]:
    return [out(each, schema) for each in entities if isinstance(each, of)]


SCHEMAS: Mapping[str, tuple[Any, type[Struct]]] = {
    "task": (TaskEventOut, TaskStateOut),
    "list": (ListEventOut, ListStateOut),
    "view": (ViewEventOut, ViewStateOut),
    REMINDER: (ReminderEventOut, RungOut),
}
"""The schemas of an event and of its states, by the name of the entity."""
REVISIONS: Mapping[str, type[Struct]] = {"task": TaskRevisionOut, "list": ListRevisionOut, "view": ViewRevisionOut}
