"""Finds the task that words name, so that a model need not list tasks before it changes one."""

import re
from collections.abc import Sequence

from msgspec import UNSET, UnsetType

from application.tasks.query import TaskSearch
from application.tasks.use_cases import Tasks
from application.tools.results import labels
from domain.accounts.account import Caller
from domain.errors import Invalid, NotFound
from domain.tasks.task import Status, Task
from domain.tasks.words.names import same_name_key
from domain.tasks.words.search_text import words_of

MAX_SHOWN = 5
MAX_QUOTED = 60
MAX_COMPARED = 100
FILLERS = frozenset(
    ["the", "a", "an", "my", "our", "your", "his", "her", "their", "to", "task", "todo", "item", "about", "for"]
)
"""Words that people say and titles leave out."""
LIVE = (Status.PENDING, Status.COMPLETED)
"""Where a task is looked for, in this order."""
_NUMBER = re.compile(r"#?\s*(\d{1,15})")


async def task_number(
    tasks: Tasks,
    caller: Caller,
    task_id: int | UnsetType,
    find: str | UnsetType,
    where: Sequence[Status] = LIVE,
) -> int:
    """Returns the number of the task. Raises `NotFound` if no task has the words, and `Invalid` if several have."""
    if task_id is not UNSET:
        return task_id
    if find is UNSET:
        raise Invalid.field("task_id", "is required, or find with words of the title")
    for status in where:
        if found := _best(await _having(tasks, caller, find, status), find):
            return _only(found, find)
    if number := _NUMBER.fullmatch(find.strip()):
        return int(number[1])
    raise NotFound(f"No task here has the words “{find[:MAX_QUOTED]}”. Look with list_tasks, or ask the user.")


async def _having(tasks: Tasks, caller: Caller, find: str, status: Status) -> Sequence[Task]:
    if not (wanted := _words(find)):
        return ()
    asked = TaskSearch(status=status, q=" ".join(wanted), sort="relevance", limit=MAX_COMPARED)
    return [task for task in (await tasks.search(caller, asked)).tasks if _has(task, wanted)]


def _words(find: str) -> list[str]:
    words = words_of(find)
    return [word for word in words if word not in FILLERS] or words


def _has(task: Task, wanted: Sequence[str]) -> bool:
    words = words_of(task.title)
    return all(any(word.startswith(each) for word in words) for each in wanted)


def _best(found: Sequence[Task], find: str) -> Sequence[Task]:
    """Returns the tasks of that very title; else those that have the words whole; else all."""
    key, wanted = same_name_key(find), {*_words(find)}
    exact = [task for task in found if same_name_key(task.title) == key]
    whole = [task for task in found if wanted <= {*words_of(task.title)}]
    return exact or whole or found


def _only(found: Sequence[Task], find: str) -> int:
    if len(found) == 1:
        return found[0].id
    more = f" and {len(found) - MAX_SHOWN} more" if len(found) > MAX_SHOWN else ""
    named = f"“{find[:MAX_QUOTED]}” is in {len(found)} tasks: {labels(found[:MAX_SHOWN])}{more}"
    raise Invalid.field("find", f"{named}. Ask which, and give task_id")
