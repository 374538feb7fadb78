"""What the buttons of a notification do, which work without a session."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct

from application.action_tokens import USELESS, ActionTokens
from application.ports import Clock, NotificationRepository, Transaction
from application.reminders.reminders import Reminders, Snooze
from application.retry import retried
from application.tasks.use_cases import Tasks
from domain.accounts.account import Caller
from domain.errors import Conflict, InvalidLink, NotFound

PURPOSE = "reminder"


class ReminderAction(Struct, forbid_unknown_fields=True):
    token: Annotated[str, Meta(max_length=2_000, description="From the notification. It works once.")]
    action: Literal["done", "snooze"]
    minutes: Annotated[int, Meta(ge=1, le=24 * 60, description="For snooze: ten by default.")] | None = None


class ReminderActions:
    def __init__(
        self,
        tokens: ActionTokens,
        notifications: NotificationRepository,
        reminders: Reminders,
        tasks: Tasks,
        transaction: Transaction,
        clock: Clock,
    ) -> None:
        self._tokens = tokens
        self._notifications = notifications
        self._reminders = reminders
        self._tasks = tasks
        self._transaction = transaction
        self._clock = clock

    @retried
    async def act(self, form: ReminderAction) -> datetime | None:
        """Completes the task, or snoozes the reminder and returns when it rings again. Of a recurring task, the date
        that rang is completed, and nothing changes if that was done before. Raises `InvalidLink` for a token that is
        not ours, too old or used, and `Conflict` if the task is gone or, to snooze it, has moved on."""
        user_id, ring_id = self._tokens.read(PURPOSE, form.token)
        async with self._transaction() as work:
            if not await self._notifications.use_action(user_id, int(ring_id), self._clock()):
                raise InvalidLink("This was done before. Open tasktalk to see how things are.")
            until = await self._act(Caller(user_id), int(ring_id), form)
            await work.commit()
        return until

    async def _act(self, caller: Caller, ring_id: int, form: ReminderAction) -> datetime | None:
        if form.action == "snooze":
            return await self._reminders.snooze(caller, ring_id, Snooze(minutes=form.minutes))
        rung = await self._reminders.get(caller, ring_id)
        try:
            task = await self._tasks.get(caller, rung.task_id)
            occurrence = (rung.due if task.recurrence else None) or UNSET
            await self._tasks.complete(caller, rung.task_id, occurrence=occurrence)
        except NotFound:
            raise Conflict(USELESS) from None
        return None
