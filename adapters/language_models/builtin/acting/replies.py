"""What the assistant says. Of several wordings, the user's sentence chooses one."""

import re
from collections.abc import Sequence
from datetime import date
from zlib import crc32

from adapters.language_models.builtin.acting.lookup.seen import Seen
from adapters.language_models.builtin.acting.spans import rule_words, span_words
from adapters.language_models.builtin.tables import pairs
from application.tasks.date_words import DateContext
from domain.chat.approval import CHANGED, LEFT_ALONE, REFUSED
from domain.tasks.reminders import is_over

_BEFORE, _UNITS = re.compile(r"-PT?(\d+)([MHDW])"), {"M": "minute", "H": "hour", "D": "day", "W": "week"}
MAX_SHOWN = 50
MAX_NOTE_SHOWN = 80
_ONE, _SEVERAL = pairs("replies", "one"), pairs("replies", "several")
ALREADY, EMPTY, NONE, CANNOT = (pairs("replies", each) for each in ("already", "empty", "none", "cannot"))
SEE_LIST = "Say “show my tasks” to see them with their numbers."
ADD_WHAT, NEW_NAME, WHEN = (
    "What shall I write down?",
    "What shall I call {0}?",
    "When shall {0} be? Say “on friday at 4”, for example.",
)
SHALL_I = {
    "complete": "Shall I tick off {0}? Say yes and I'll do it.",
    "restore": "Shall I bring back {0}? Say yes and I'll do it.",
    "delete": "Shall I delete {0}? Say yes and I'll do it.",
}
CANCELLED = f"Cancelled is not done. {SHALL_I['delete']}"
WILL_RING = " I'll remind you then."
WHEN_TO_RING = " It has no time, so nothing will ring: tell me when, if I shall remind you."
OVER = " The time to ring is over, so nothing will ring: tell me a later one, if I shall remind you."
NO_DUE = "{0} has no date yet. Say when it is due, and then when I shall remind you."
NOT_OURS = f"I see. I found no open task that this is about, so I changed nothing. {SEE_LIST}"
ONE_NAME = "That would give several tasks one title, so I changed nothing. I can't rename lists, only move their tasks."
NOT_DONE = "All right, I leave it as it is."
TOLD = "I see. I changed nothing: say “add …” if I shall write something down, or tell me what to do."
UNCLEAR = "I'm not sure what you mean. Say “help” to see what I can do."


UNAPPROVED = {REFUSED: LEFT_ALONE, CHANGED: "Your tasks have changed since I asked, so I did nothing. Say it again."}
"""What is said where the user did not agree, or agreed to what was no longer so."""


def one_of(wordings: Sequence[str], said: str) -> str:
    return wordings[crc32(said.encode(errors="replace")) % len(wordings)]


def for_op(section: str, op: str) -> str:
    """Returns what is said for an operation, or for any other."""
    texts = pairs("replies", section)
    return texts.get(op, texts["other"])


def shortened(text: str, longest: int = MAX_NOTE_SHOWN) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def day_words(due: str, context: DateContext) -> str:
    """Returns "today", "tomorrow" or "Friday, 4 December", with the hour if there is one."""
    day = date.fromisoformat(due[:10])
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((day - context.today).days)
    year = f" {day.year}" if day.year != context.today.year else ""
    hour = f" at {due[11:16]}" if "T" in due else ""
    return f"{near or f'{day:%A}, {day.day} {day:%B}{year}'}{hour}"


def line(task: Seen, context: DateContext) -> str:
    mark = "✓" if task.completed else " "
    return f"{mark} {task.named}{details(task, context)}"


def details(task: Seen, context: DateContext) -> str:
    """Returns what else is known of a task, in brackets."""
    known = [
        day_words(task.due, context) if task.due else "",
        rule_words(task.recurrence) if task.recurrence else "",
        span_words(task.estimate) if task.estimate else "",
        *(rings for reminder in task.reminders if (rings := _rings(reminder, context))),
        f"deadline {day_words(task.deadline, context)}" if task.deadline else "",
        f"{task.priority} priority" if task.priority else "",
        f"#{task.list}" if task.list else "",
        *(f"@{tag}" for tag in task.tags),
        "in the trash" if task.deleted_at else "",
    ]
    said = ", ".join(filter(None, known))
    note = f" — {shortened(task.description)}" if task.description else ""
    return f"{f' ({said})' if said else ''}{note}"


def _rings(reminder: str, context: DateContext) -> str:
    """Returns "rings 2 hours before" or "rings Friday at 8", and "" for a reminder at the due time."""
    if "-" in reminder[1:]:
        return f"rings {day_words(reminder, context)}"
    found = _BEFORE.fullmatch(reminder)
    return f"rings {found[1]} {_UNITS[found[2]]}{'s' * (found[1] != '1')} before" if found else ""


def when_it_rings(tasks: Sequence[Seen], context: DateContext) -> str:
    if not any(task.reminders for task in tasks):
        return WHEN_TO_RING
    return WILL_RING if any(_will_ring(task, context) for task in tasks) else OVER


def _will_ring(task: Seen, context: DateContext) -> bool:
    over = [is_over(each, task.due, context.now, context.reminder_time) for each in task.reminders]
    return bool(task.recurrence) or not all(over)


def lines(tasks: Sequence[Seen], context: DateContext, most: int = MAX_SHOWN) -> str:
    more = [f"  … and {len(tasks) - most} more"] if len(tasks) > most else []
    return "\n".join([*(line(task, context) for task in tasks[:most]), *more])


def described(task: Seen, context: DateContext) -> str:
    return f"{task.named}{details(task, context)}"


def acted(op: str, tasks: Sequence[Seen], context: DateContext, said: str) -> str:
    if op == "complete" and len(tasks) == 1 and not tasks[0].completed and tasks[0].due:
        return f"{tasks[0].named}: done. It comes again {day_words(tasks[0].due, context)}."
    if len(tasks) == 1:
        shown = described(tasks[0], context) if op in ("add", "update") else tasks[0].named
        return one_of(_ONE[op].split("|"), said + shown).format(shown)
    return f"{_SEVERAL[op]} {len(tasks)} tasks:\n{lines(tasks, context)}"


def undone(tasks: Sequence[Seen], context: DateContext) -> str:
    """Returns the answer to an undo. It describes only the present state of the tasks."""
    if not tasks:
        return "Undone: everything is as it was."
    if len(tasks) == 1:
        state = "as it was: done" if tasks[0].completed else "as it was: still to do"
        state = "off your list again" if tasks[0].deleted_at else state
        return f"Undone: {tasks[0].named} is {state}."
    return f"Undone. {len(tasks)} tasks are as they were:\n{lines(tasks, context)}"
