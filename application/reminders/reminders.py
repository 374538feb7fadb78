from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated

from msgspec import Meta, Struct

from application.accounts.calendars import Calendars
from application.ports import Clock, EntityRepository, EventLog, RingRepository, Transaction, Wakeups
from application.ports.topics import REMINDERS_TOPIC
from application.retry import retried
from domain.accounts.account import Caller
from domain.errors import Conflict, Invalid, NotFound
from domain.reminders.ring import DEFAULT_SNOOZE_MINUTES, MAX_SNOOZE, RingOfTask, Rung
from domain.tasks.dates.due_text import parse_due
from domain.tasks.task import Task

MAX_MINUTES = int(MAX_SNOOZE / timedelta(minutes=1))


class Snooze(Struct, forbid_unknown_fields=True):
    """Without `minutes` and `until`, it is ten minutes."""

    minutes: Annotated[int, Meta(ge=1, le=MAX_MINUTES, description="From now.", examples=[30])] | None = None
    until: Annotated[str, Meta(description="A time as `due` has them.", examples=["2026-12-01T18:00"])] | None = None


class Reminders:
    def __init__(
        self,
        rings: RingRepository,
        events: EventLog,
        entities: EntityRepository,
        transaction: Transaction,
        wakeups: Wakeups,
        clock: Clock,
        calendars: Calendars,
    ) -> None:
        self._rings = rings
        self._events = events
        self._entities = entities
        self._transaction = transaction
        self._wakeups = wakeups
        self._clock = clock
        self._calendars = calendars

    async def get(self, caller: Caller, reminder_id: int) -> Rung:
        events = await self._events.page(caller.user_id, 1, after=reminder_id - 1, before=reminder_id + 1)
        rung = events[0].after if events else None
        if not isinstance(rung, Rung):
            raise NotFound(
                f"There is no reminder {reminder_id} that rang. It may be too old, or {reminder_id} is the number"
                " of a task: take the id from your events or from the notification."
            )
        return rung

    async def of_task(self, caller: Caller, task_id: int) -> Sequence[RingOfTask]:
        """Returns when each reminder of a task rings. A task that is silent has none. Raises `NotFound`."""
        tasks = await self._entities.get_all(caller.user_id, Task, [task_id])
        if not tasks or tasks[0].deleted_at:
            raise NotFound(f"There is no task {task_id}.")
        rings = await self._rings.of_task(caller.user_id, task_id)
        return [each for each in rings if (each.reminder, each.due) in tasks[0].rings]

    async def snooze(self, caller: Caller, reminder_id: int, snooze: Snooze) -> datetime:
        """Returns when the reminder rings again. Snoozing it once more moves that time. Raises `NotFound`, `Invalid`,
        and `Conflict` if its task is done, gone, or due at another time by now."""
        rung = await self.get(caller, reminder_id)
        until = await self._until(caller, snooze)
        await self._snooze(rung, until)
        return until

    @retried
    async def _snooze(self, rung: Rung, until: datetime) -> None:
        async with self._transaction() as work:
            found = await self._entities.get_to_change(rung.user_id, Task, [rung.task_id])
            _check_rings(rung, found[0] if found else None)
            if not await self._rings.snooze(rung.key, until):
                raise Conflict("That reminder is over. Set a new one.")
            await self._wakeups.announce(REMINDERS_TOPIC)
            await work.commit()

    async def _until(self, caller: Caller, snooze: Snooze) -> datetime:
        now = self._clock()
        if snooze.until is None:
            return now + timedelta(minutes=snooze.minutes or DEFAULT_SNOOZE_MINUTES)
        if snooze.minutes is not None:
            raise Invalid.field("until", "give either minutes or until")
        calendar = await self._calendars.of(caller.user_id)
        try:
            due = parse_due(snooze.until, calendar.timezone)
        except ValueError as error:
            raise Invalid.field("until", str(error)) from None
        until = due.instant(calendar.zone).astimezone(UTC)
        if not due.has_time or not now < until <= now + MAX_SNOOZE:
            raise Invalid.field("until", "must be a time in the next year, such as 2026-12-01T18:00")
        return until


def _check_rings(rung: Rung, task: Task | None) -> None:
    if task is None or task.deleted_at:
        raise Conflict(f"Task {rung.task_id} is not there any more, so nothing rings.")
    if task.completed:
        raise Conflict(f"{task.label}, is done, so nothing rings.")
    if (rung.reminder, rung.due or "") not in task.rings:
        raise Conflict(f"{task.label}, has other reminders or another date by now, and those ring.")
