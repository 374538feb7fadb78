from typing import Annotated, Literal

from msgspec import Meta, Struct

from adapters.http.schemas import Time


class RungOut(Struct):
    """A reminder that rang."""

    id: Annotated[int, Meta(description="Give it to snooze, and drop doubles by it.", examples=[42])]
    task_id: int
    title: Annotated[
        str | None, Meta(description="The task's, now. Null: the task is gone.", examples=["Call the vet"])
    ]
    reminder: Annotated[str, Meta(description="As it stands in the task.", examples=["-PT30M"])]
    due: Annotated[str | None, Meta(description="The due date it was for. Null: it has a time of its own.")]
    ring_at: Annotated[Time, Meta(description="When it was to ring.")]
    late: Annotated[bool, Meta(description="It rang more than a minute after that.")]
    snoozes: Annotated[int, Meta(description="How often it had been snoozed.")]


class TaskReminderOut(Struct):
    """When a reminder of a task rings."""

    reminder: Annotated[str, Meta(description="As it stands in the task.", examples=["-PT30M"])]
    state: Annotated[
        Literal["new", "waiting", "rung", "past"],
        Meta(description="New: its time is being computed. Past: it was over when it was set, and does not ring."),
    ]
    ring_at: Annotated[Time | None, Meta(description="When it rings, or rang.")]
    snoozes: Annotated[int, Meta(description="How often it was snoozed.")]


class TaskRemindersOut(Struct):
    reminders: list[TaskReminderOut]


class SnoozedOut(Struct):
    message: str
    ring_at: Annotated[Time, Meta(description="When it rings again.")]


class ActedOut(Struct):
    message: str
    ring_at: Annotated[Time | None, Meta(description="When it rings again. Null: the task is done.")]


class ReminderSettingsOut(Struct):
    push: Annotated[bool, Meta(description="Notifications on your subscribed browsers.")]
    mail: Annotated[bool, Meta(description="Mails to your address, once it is confirmed.")]
    quiet_from: Annotated[str | None, Meta(description="From then on, push and mail wait.", examples=["22:00"])]
    quiet_to: Annotated[str | None, Meta(examples=["07:00"])]
    morning_time: Annotated[str | None, Meta(description="When a mail says what is due. Null: no such mail.")]


class SubscriptionOut(Struct):
    id: str
    created_at: Time


class SubscriptionsOut(Struct):
    subscriptions: list[SubscriptionOut]


class PushKeyOut(Struct):
    key: Annotated[str, Meta(description="Base64url of an uncompressed point of P-256.")]
