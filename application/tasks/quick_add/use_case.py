from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from msgspec import Meta, Struct

from application.accounts.calendars import Calendars
from application.ports import EntityRepository, Transaction
from application.retry import retried
from application.tasks.commands import CreateNamed
from application.tasks.date_words import DateContext
from application.tasks.quick_add.line import QuickAdd, parse
from application.tasks.use_cases import Tasks
from domain.accounts.account import Caller
from domain.errors import Invalid
from domain.tasks.task import Task
from domain.tasks.task_list import TaskList
from domain.tasks.words.names import same_name_key
from domain.text import clean

MAX_LINE_LENGTH = 20_000
"""Code points: a title, a description, and the signs around them."""
EXAMPLE = "Pay rent #Home @money p1 every 1st at 9 {15 dec} ~20m !1 day before // from the joint account"
NO_TITLE = "has no words left for a title: write what is to be done, as in “Buy milk #Home tomorrow”"


class QuickAddLine(Struct, forbid_unknown_fields=True):
    text: Annotated[
        str,
        Meta(
            description="What is to be done, with `#list`, `@tag`, `p1` to `p4`, when it is due in English words,"
            " `{deadline}`, `{start: day}`, `~20m`, `!30 min before` and ` // description`.",
            examples=[EXAMPLE],
            extra_json_schema={"minLength": 1, "maxLength": MAX_LINE_LENGTH},
        ),
    ]
    dry_run: Annotated[bool, Meta(description="Answer as if, and add nothing.")] = False


@dataclass(frozen=True, slots=True)
class UnderstoodPart:
    """A part of the line, with the value that the task has now. `start` and `end` count code points. `is_new` means
    that the list is made with the task, and `is_archived` that filters leave it out."""

    field: str
    value: str | None
    start: int
    end: int
    is_new: bool = False
    is_archived: bool = False


@dataclass(frozen=True, slots=True)
class QuickAdded:
    task: Task
    understood: Sequence[UnderstoodPart]


class QuickAddTasks:
    """A new list is made in one change set with the task, so one undo takes both. A list in the trash is not found by
    its name; an archived one is, and stays archived."""

    def __init__(
        self, tasks: Tasks, entities: EntityRepository, transaction: Transaction, calendars: Calendars
    ) -> None:
        self._tasks = tasks
        self._entities = entities
        self._transaction = transaction
        self._calendars = calendars

    async def add(self, caller: Caller, line: QuickAddLine) -> QuickAdded:
        """Returns the task, and what was understood. With `dry_run`, all is checked and nothing is kept. Raises
        `Invalid` if the line has no title, or if a value breaks its rule."""
        clean("text", line.text, longest=MAX_LINE_LENGTH, shortest=1)
        now, calendar = await self._calendars.now(caller.user_id)
        context = DateContext(now, calendar.week_start, calendar.locale, calendar.reminder_time)
        parsed = parse(line.text, context)
        if not parsed.title:
            raise Invalid.field("text", NO_TITLE)
        return await self._add(caller, parsed, is_kept=not line.dry_run)

    @retried
    async def _add(self, caller: Caller, parsed: QuickAdd, *, is_kept: bool) -> QuickAdded:
        async with self._transaction() as work:
            known = await self._entities.all(caller.user_id, TaskList) if parsed.list else ()
            task = await self._tasks.run_one(caller, _command(parsed))
            made = await self._entities.get_all(caller.user_id, TaskList, [task.list_id] if task.list_id else [])
            if is_kept:
                await work.commit()
        is_new = not any(each.id == task.list_id for each in known)
        understood = list(_understood(parsed, task, made[0] if made else None, is_new))
        return QuickAdded(task if is_kept else _preview(task, is_new), understood)


def _command(parsed: QuickAdd) -> CreateNamed:
    return CreateNamed(
        title=parsed.title,
        description=parsed.description,
        list_name=parsed.list,
        priority=parsed.priority,  # type: ignore[arg-type]
        tags=list(parsed.tags),
        start=parsed.start,
        due=parsed.due,
        deadline=parsed.deadline,
        recurrence=parsed.recurrence,
        recurs_from=parsed.recurs_from or "due",  # type: ignore[arg-type]
        estimate=parsed.estimate,
        reminders=list(parsed.reminders),
    )


def _understood(parsed: QuickAdd, task: Task, of: TaskList | None, is_new: bool) -> Iterator[UnderstoodPart]:
    """Yields the parts with the values that they have in the task, such as the tag as it is spelled already."""
    tags = {same_name_key(tag): tag for tag in task.tags}
    for each in parsed.understood:
        part = UnderstoodPart(each.field, each.value, each.start, each.end)
        if each.field == "tags" and each.value:
            yield replace(part, value=tags.get(same_name_key(each.value), each.value))
        elif each.field == "list" and of:
            yield replace(part, value=of.name, is_new=is_new, is_archived=of.archived)
        elif each.field in ("due", "recurrence"):
            yield replace(part, value=getattr(task, each.field))
        else:
            yield part


def _preview(task: Task, is_in_new_list: bool) -> Task:
    return replace(task, id=0, revision=0, list_id=None if is_in_new_list else task.list_id)
