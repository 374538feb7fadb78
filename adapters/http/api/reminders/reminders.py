from typing import Annotated

from litestar import Controller, get, post
from litestar.params import JSONBody, PathParameter

from adapters.http.api.reminders.schemas import RungOut, SnoozedOut, TaskReminderOut, TaskRemindersOut
from adapters.http.api.tasks.tasks import TaskId
from adapters.http.errors import errors
from adapters.http.handlers.dependencies import Dependency
from adapters.http.schemas import out
from application.reminders.reminders import Reminders, Snooze
from domain.accounts.account import Caller
from domain.tasks.task import MAX_ID

ONE = "/api/users/{user_id:str}/reminders/{reminder_id:int}"

OF_TASK = "/api/users/{user_id:str}/tasks/{task_id:int}/reminders"

ReminderId = Annotated[int, PathParameter(ge=1, le=MAX_ID, description="The `id` with which it rang.")]


class ReminderController(Controller):
    tags = ("Reminders",)

    @get(ONE, summary="Get a reminder that rang", responses=errors(400, 401, 403, 404))
    async def get_reminder(
        self, caller: Dependency[Caller], reminders: Dependency[Reminders], reminder_id: ReminderId
    ) -> RungOut:
        """Returns the reminder with the present title of its task. The log keeps it as long as other events."""
        rung: RungOut = out(await reminders.get(caller, reminder_id), RungOut)
        return rung

    @get(OF_TASK, summary="List when a task's reminders ring", responses=errors(400, 401, 403, 404))
    async def list_task_reminders(
        self, caller: Dependency[Caller], reminders: Dependency[Reminders], task_id: TaskId
    ) -> TaskRemindersOut:
        """Returns the reminders of the task's present date with their times, snoozed ones with the new time. A task
        that is done has none."""
        return TaskRemindersOut(out(await reminders.of_task(caller, task_id), list[TaskReminderOut]))

    @post(
        f"{ONE}/snooze",
        status_code=200,
        summary="Snooze a reminder",
        responses=errors(400, 401, 403, 404, 409, 413, 415),
    )
    async def snooze_reminder(
        self,
        caller: Dependency[Caller],
        reminders: Dependency[Reminders],
        reminder_id: ReminderId,
        data: JSONBody[Snooze | None] = None,
    ) -> SnoozedOut:
        """Lets it ring again, in ten minutes unless you say when. The status is 409 if its task is done or has another
        date by now."""
        ring_at = await reminders.snooze(caller, reminder_id, data or Snooze())
        return SnoozedOut("It rings again later.", ring_at)
