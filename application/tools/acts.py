from collections.abc import Sequence

from msgspec import UNSET, Struct

from application.tasks.commands import Batch, Command, Complete, Restore, Skip
from application.tasks.query import TaskSearch
from application.tools.changing import UseCases, command, created, looked_in, occurrence, rescheduled, updated
from application.tools.fields import (
    AddTask,
    ChangeTasks,
    CompleteTask,
    ListTasks,
    Nothing,
    RescheduleTask,
    TaskChange,
    TaskReference,
    UpdateTask,
)
from application.tools.references import LIVE, task_number
from application.tools.results import (
    ChangeResult,
    ChangeResults,
    TaskList,
    ToolOutput,
    UndoneTaskList,
    labels,
)
from domain.accounts.account import Caller
from domain.errors import Refusal
from domain.tasks.reminders import is_over
from domain.tasks.task import Status, Task

LISTED_CHARACTERS = 50_000
"""The limit for the titles and descriptions on a page. The model reads all results again at each step of a turn."""
SILENT = "; but all its reminders are over, so nothing will ring: give it a later time, or ask the user for one"
DONE = {
    "add": "Added",
    "update": "Updated",
    "complete": "Completed",
    "reopen": "Reopened",
    "reschedule": "Moved",
    "skip": "Skipped a date of",
    "delete": "Deleted",
    "restore": "Restored",
}


async def add(on: UseCases, caller: Caller, draft: AddTask) -> ToolOutput:
    task = await on.tasks.run_one(caller, await created(on, caller, draft))
    return ToolOutput(True, await _told(on, caller, "add", draft, task), task)


async def list_tasks(on: UseCases, caller: Caller, which: ListTasks) -> ToolOutput:
    asked = TaskSearch(
        status=which.status,
        q=which.search,
        filter=which.filter,
        sort=which.sort,
        limit=which.limit,
        cursor=which.cursor,
    )
    page = (await on.tasks.search(caller, asked)).within(LISTED_CHARACTERS)
    total = f"{page.total.count}" if page.total.is_exact else f"more than {page.total.count}"
    order = ", newest first" if which.sort is None else ""
    more = f"; more with cursor {page.next_cursor}" if page.next_cursor else ""
    listed = TaskList(list(page.tasks), page.total.count, page.next_cursor)
    return ToolOutput(True, f"{len(page.tasks)} of {total} tasks{order}{more}", listed)


async def complete(on: UseCases, caller: Caller, which: CompleteTask) -> ToolOutput:
    number = await _number(on, caller, which, looked_in("complete"))
    seen = await occurrence(on, caller, which.occurrence)
    task = await on.tasks.run_one(caller, Complete(number, seen))
    return ToolOutput(True, said("complete", task), task)


async def skip(on: UseCases, caller: Caller, which: CompleteTask) -> ToolOutput:
    number = await _number(on, caller, which, looked_in("skip"))
    task = await on.tasks.run_one(caller, Skip(number, await occurrence(on, caller, which.occurrence)))
    return ToolOutput(True, said("skip", task), task)


async def update(on: UseCases, caller: Caller, given: UpdateTask) -> ToolOutput:
    number = await task_number(on.tasks, caller, given.task_id, given.find)
    task = await on.tasks.run_one(caller, await updated(on, caller, number, given))
    return ToolOutput(True, await _told(on, caller, "update", given, task), task)


async def reschedule(on: UseCases, caller: Caller, given: RescheduleTask) -> ToolOutput:
    number = await task_number(on.tasks, caller, given.task_id, given.find, looked_in("reschedule"))
    task = await on.tasks.run_one(caller, await rescheduled(on, caller, number, given.due))
    return ToolOutput(True, await _told(on, caller, "reschedule", given, task), task)


async def delete(on: UseCases, caller: Caller, which: TaskReference) -> ToolOutput:
    task = await on.tasks.delete(caller, await _number(on, caller, which))
    return ToolOutput(True, said("delete", task), task)


async def restore(on: UseCases, caller: Caller, which: TaskReference) -> ToolOutput:
    task = await on.tasks.run_one(caller, Restore(await _number(on, caller, which, looked_in("restore"))))
    return ToolOutput(True, said("restore", task), task)


async def change_many(on: UseCases, caller: Caller, given: ChangeTasks) -> ToolOutput:
    """Runs what can be run: each change has a result of its own. Outside of a chat, whose turns are undone as a whole,
    all are one change set, so that one undo takes them back."""
    planned = [await _planned(on, caller, change) for change in given.changes]
    commands = [each for each in planned if not isinstance(each, Refusal)]
    as_one = caller.actor.kind != "turn"
    ran = iter(await on.tasks.run(caller, Batch(commands, atomic=False), as_one=as_one) if commands else ())
    outcomes = [each if isinstance(each, Refusal) else next(ran) for each in planned]
    results = [await _result(on, caller, change, each) for change, each in zip(given.changes, outcomes, strict=True)]
    return ToolOutput(any(each.success for each in results), _summary(results), ChangeResults(results))


async def undo(on: UseCases, caller: Caller, _: Nothing) -> ToolOutput:
    undone = (await on.undo.last(caller)).entities
    tasks = [each for each in undone if isinstance(each, Task)]
    others = [each.label for each in undone if not isinstance(each, Task)]
    named = ", ".join(filter(None, [labels(tasks), *others]))
    return ToolOutput(True, f"Undone: what was changed last. As before: {named or 'all tasks'}", UndoneTaskList(tasks))


def said(action: str, task: Task) -> str:
    """Returns what was done. It names the next date of a recurring task."""
    is_moved = action in ("complete", "skip", "reschedule") and task.due and not task.completed
    following = f"; {'due' if action == 'reschedule' else 'next'} {task.due}" if is_moved else ""
    return f"{DONE[action]} task {task.id}: {task.title}{following}"


async def _number(on: UseCases, caller: Caller, which: TaskReference, where: Sequence[Status] = LIVE) -> int:
    return await task_number(on.tasks, caller, which.task_id, which.find, where)


async def _planned(on: UseCases, caller: Caller, change: object) -> Command | Refusal:
    try:
        return await command(on, caller, change)  # type: ignore[arg-type]
    except Refusal as refusal:
        return refusal


async def _result(on: UseCases, caller: Caller, change: TaskChange, outcome: Task | Refusal) -> ChangeResult:
    if isinstance(outcome, Refusal):
        return ChangeResult(False, outcome.message)
    return ChangeResult(True, await _told(on, caller, change.action, change, outcome), outcome)


async def _told(on: UseCases, caller: Caller, action: str, given: Struct, task: Task) -> str:
    """Returns what was done, and if the task got times of which none will come."""
    is_timed = any(getattr(given, name, UNSET) is not UNSET for name in ("due", "reminders"))
    if not is_timed or not task.rings or task.recurrence:
        return said(action, task)
    now, calendar = await on.calendars.now(caller.user_id)
    is_silent = all(is_over(each, due, now, calendar.reminder_time) for each, due in task.rings)
    return said(action, task) + (SILENT if is_silent else "")


def _summary(results: Sequence[ChangeResult]) -> str:
    done = sum(each.success for each in results)
    refused = [f"{place}: {each.message}" for place, each in enumerate(results, 1) if not each.success]
    rest = f". Not done: {'; '.join(refused)}" if refused else ""
    return f"{done} of {len(results)} changes done{rest}"
