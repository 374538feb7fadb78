"""A change as it is told: in the activity, and to webhooks."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from adapters.http.schemas import out
from domain.account import Actor
from domain.task import Event, Task


class EventTaskOut(Struct):
    """A task as it was then."""

    id: int
    user_id: str
    title: str
    description: str | None
    completed: bool
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None


class ActorOut(Struct):
    kind: Literal["user", "token", "turn", "system"]
    id: Annotated[str | None, Meta(description="The API token's or the chat turn's.")]
    name: Annotated[str | None, Meta(description="The API token's.")]
    conversation_id: Annotated[str | None, Meta(description="In which the assistant did it.")]
    message_id: Annotated[str | None, Meta(description="The assistant's message in which it did it.")]


class EventOut(Struct):
    revision: Annotated[int, Meta(description="Counts your changes: 1, 2, 3 …", examples=[7])]
    task_id: int
    kind: Annotated[str, Meta(examples=["completed"])]
    before: Annotated[EventTaskOut | None, Meta(description="Null: it is new, or purged.")]
    after: Annotated[EventTaskOut | None, Meta(description="Null: it is purged.")]
    actor: ActorOut
    at: datetime


def event_out(event: Event) -> EventOut:
    return EventOut(
        event.revision,
        event.task_id,
        event.kind,
        _task_out(event.before),
        _task_out(event.after),
        _actor_out(event.actor, event.conversation_id),
        event.at,
    )


def _task_out(task: Task | None) -> EventTaskOut | None:
    return None if task is None else out(task, EventTaskOut)


def _actor_out(actor: Actor, conversation_id: str | None) -> ActorOut:
    return ActorOut(actor.kind, actor.id, None, conversation_id, actor.id if actor.kind == "turn" else None)
