from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from msgspec import UNSET

from application.accounts.calendars import Calendars
from application.tasks.commands import (
    Command,
    Complete,
    CreateNamed,
    Delete,
    Restore,
    Skip,
    Uncomplete,
    UpdateNamed,
)
from application.tasks.log.undo import Undo
from application.tasks.naming import KnownNames
from application.tasks.use_cases import Tasks
from application.tools import dates
from application.tools.dates import DateReader
from application.tools.fields import AddTask, TaskChange, TaskFields, UpdateTask
from application.tools.references import LIVE, task_number
from domain.accounts.account import Caller
from domain.errors import Invalid
from domain.tasks.task import Status, Task

DATES = ("due", "recurrence")
DAYS = ("start", "deadline")
SIGNS = {"list": "#", "tags": "@"}
"""Models may write names with the sign that quick add and filters have before them."""
PLAIN: Mapping[str, type[Uncomplete | Delete | Restore]] = {"reopen": Uncomplete, "delete": Delete, "restore": Restore}
OF_OCCURRENCES: Mapping[str, type[Complete | Skip]] = {"complete": Complete, "skip": Skip}
STATES = {
    "restore": (Status.TRASHED,),
    "reopen": (Status.COMPLETED,),
    "complete": (Status.PENDING,),
    "skip": (Status.PENDING,),
    "reschedule": (Status.PENDING,),
}
"""Where a task is looked for by its words: where the action can be of use."""


@dataclass(frozen=True, slots=True)
class UseCases:
    """The use-cases that tools may call."""

    tasks: Tasks
    undo: Undo
    names: KnownNames
    calendars: Calendars

    async def dates(self, caller: Caller) -> DateReader:
        return DateReader(*await self.calendars.now(caller.user_id))


async def created(on: UseCases, caller: Caller, given: AddTask | TaskChange) -> CreateNamed:
    if given.title is UNSET:
        raise Invalid.field("title", "is required to add a task")
    values = await _values(on, caller, given, None)
    return CreateNamed(title=given.title, **values)


async def updated(on: UseCases, caller: Caller, task_id: int, given: UpdateTask) -> UpdateNamed:
    if both := [name for name in given.clear if getattr(given, name) is not UNSET]:
        raise Invalid.field("clear", f"has {both[0]}, which is given too: set it or clear it")
    is_timed = given.recurrence is not UNSET
    values = await _values(on, caller, given, await on.tasks.get(caller, task_id) if is_timed else None)
    values |= {"list_id" if name == "list" else name: None for name in given.clear}
    return UpdateNamed(id=task_id, title=given.title, completed=given.completed, **values)


async def rescheduled(on: UseCases, caller: Caller, task_id: int, due: str) -> UpdateNamed:
    task = await on.tasks.get(caller, task_id)
    return UpdateNamed(id=task_id, due=(await on.dates(caller)).moved(due, task))


async def command(on: UseCases, caller: Caller, change: TaskChange) -> Command:
    if change.action == "add":
        return await created(on, caller, change)
    number = await task_number(on.tasks, caller, change.task_id, change.find, looked_in(change.action))
    if change.action in PLAIN:
        return PLAIN[change.action](number)
    if change.action in OF_OCCURRENCES:
        return OF_OCCURRENCES[change.action](number, await occurrence(on, caller, change.occurrence))
    if change.action == "update":
        return await updated(on, caller, number, change)
    if change.due is UNSET:
        raise Invalid.field("due", "is required to reschedule a task")
    return await rescheduled(on, caller, number, change.due)


def looked_in(action: str) -> tuple[Status, ...]:
    return STATES.get(action, LIVE)


async def occurrence(on: UseCases, caller: Caller, text: Any) -> Any:
    return UNSET if text is UNSET else (await on.dates(caller)).due(text, "occurrence").due


async def _values(on: UseCases, caller: Caller, given: TaskFields, task: Task | None) -> dict[str, Any]:
    """Returns the given fields as commands have them. A field without a rule of its own is as it was written."""
    fields = {name: getattr(given, name) for name in TaskFields.__struct_fields__}
    values = {name: value for name, value in fields.items() if value is not UNSET}
    if "list" in values:
        values["list_name"] = _named(values.pop("list"), "list")
    if "tags" in values:
        values["tags"] = [_named(tag, "tags") for tag in values["tags"]]
    if "estimate" in values:
        values["estimate"] = dates.estimate(values["estimate"])
    if {*DATES, *DAYS, "reminders"} & values.keys():
        reader = await on.dates(caller)
        if "reminders" in values:
            values["reminders"] = reader.reminders(values["reminders"])
        values |= {name: reader.day(values[name], name) for name in DAYS if name in values}
        due, recurrence = (values.pop(name, None) for name in DATES)
        values |= reader.scheduled(due, recurrence, task)
    return values


def _named(text: str, field: str) -> str:
    return text.strip().removeprefix(SIGNS[field]) or text
