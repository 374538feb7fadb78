from typing import Annotated, Literal

from msgspec import Meta, Struct

from adapters.http.schemas import TaskOut, TaskStateOut, Time, out
from domain.task import Event, Task


class ActorOut(Struct):
    """Who made a change: you, an API token of yours, the assistant in a chat turn, or the service itself."""

    kind: Literal["user", "token", "turn", "system"]
    id: Annotated[str | None, Meta(description="The token's or the turn's.")]
    name: Annotated[str | None, Meta(description="The token's.")]
    conversation_id: Annotated[str | None, Meta(description="Of a turn.")]
    message_id: Annotated[str | None, Meta(description="Of a turn: the assistant's message.")]


class EventOut(Struct):
    revision: Annotated[int, Meta(description="Your changes are numbered 1, 2, 3 … without a gap.", examples=[7])]
    task_id: int
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
    tasks: Annotated[list[TaskOut], Meta(description="New or changed: as they are now.")]
    deleted: Annotated[list[TombstoneOut], Meta(description="In the trash or gone: take them out.")]
    next_token: Annotated[str, Meta(description="Give it as `token` the next time.")]
    has_more: Annotated[bool, Meta(description="Call again at once.")]


class UndoneOut(Struct):
    tasks: Annotated[list[TaskOut], Meta(description="As they are now; what was new before is in the trash.")]


def event_out(event: Event) -> EventOut:
    turn_id = event.actor.id if event.actor.kind == "turn" else None
    actor = ActorOut(event.actor.kind, event.actor.id, event.actor_name, event.conversation_id, turn_id)
    before, after = _state(event.before), _state(event.after)
    return EventOut(event.revision, event.task_id, event.kind.value, before, after, actor, event.at)


def _state(task: Task | None) -> TaskStateOut | None:
    state: TaskStateOut | None = out(task, TaskStateOut | None)  # type: ignore[arg-type]
    return state
