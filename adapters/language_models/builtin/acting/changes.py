"""Turns a request into the changes of each task, as the tools take them."""

import re
from datetime import timedelta
from typing import Any

from adapters.language_models.builtin.acting import replies
from adapters.language_models.builtin.acting.lookup.seen import Seen
from adapters.language_models.builtin.acting.scene import Answered, Scene
from adapters.language_models.builtin.reading.parts.slots import DAY_BEFORE, HALF_OF_DAY, SAME_LIST, WINDOW
from adapters.language_models.builtin.requests import Fields, Request, Shift
from adapters.language_models.builtin.tables import phrases
from domain.tasks.dates.due_text import read_due
from domain.tasks.dates.recurrence import WEEKDAYS

_AGAIN = phrases("to do again")
_QUANTITY = re.compile(r"\bmake (?:it|that) (\d{1,2})$", re.IGNORECASE)
PARTS = {
    "am": range(12), "pm": range(12, 24), "morning": range(5, 12), "afternoon": range(12, 18), "evening": range(17, 24),
}  # fmt: skip
MOST_DAYS = 36_500
Change = dict[str, Any]
"""A change as change_tasks takes it."""


def changes_of(op: str, request: Request, scene: Scene, task: Seen) -> list[Change]:
    if op == "complete":
        return [{"action": op, "task_id": task.id} | ({"occurrence": task.due} if task.recurrence and task.due else {})]
    if op == "reopen":
        return [{"action": "update", "task_id": task.id, "completed": False}, *_updates(request, scene, task)]
    if op != "update":
        return [{"action": op, "task_id": task.id}]
    return _updates(request, scene, task)


def _updates(request: Request, scene: Scene, task: Seen) -> list[Change]:
    """Returns one change of the fields, or a second one for a date that keeps its hour or its day."""
    fields = _for_task(request.fields, task)
    clear = [*request.clear, *fields.pop("clear", [])]
    if "due" in clear and task.recurrence:
        clear.append("recurrence")
    if request.shift:
        fields["due"] = _shifted(task, request.shift, scene)
    if fields.get("due", "").startswith("at ") and not HALF_OF_DAY.search(request.said):
        if not task.due and (number := _QUANTITY.search(request.said)):
            fields["title"] = f"{task.title} ({number[1]})"
            del fields["due"]
        else:
            fields["due"] = _nearer(fields["due"], task)
    moves = "due" in fields and "recurrence" not in fields and ("T" not in fields["due"])
    first: list[Change] = [{"action": "reschedule", "task_id": task.id, "due": fields.pop("due")}] if moves else []
    if task.completed and not request.is_news and _AGAIN.search(request.said):
        fields["completed"] = False
    if fields or clear:
        first.append({"action": "update", "task_id": task.id} | fields | ({"clear": clear} if clear else {}))
    return first


def _nearer(due: str, task: Seen) -> str:
    """Returns the hour that is nearer to the one that the task had: "make it 7" of a task at 18:00 is 19:00."""
    if not task.due or "T" not in task.due:
        return due
    had, hour = int(task.due[11:13]), int(due[3:5])
    return f"at {min(hour, (hour + 12) % 24, key=lambda each: abs(each - had)):02}{due[5:]}"


def _for_task(given: Fields, task: Seen) -> Fields:
    """Returns the fields as the tool takes them, where they add to what the task has."""
    fields = as_given({name: value for name, value in given.items() if value != SAME_LIST})
    fields |= _in_half(fields, task) if "half" in fields else _rule(fields, task)
    fields |= _reminders(fields, task)
    fields |= _window_over(fields, task)
    tags = _tags(fields, task)
    if tags != list(task.tags):
        fields |= {"tags": tags} if tags else {"clear": [*fields.get("clear", []), "tags"]}
    if note := fields.pop("add note", None):
        fields["description"] = f"{task.description}\n{note}" if task.description else note
    if "recurrence" in fields and "BY" not in fields["recurrence"] and (task.due or "") > fields["due"]:
        fields["due"] = task.due
    if "recurrence" in fields and task.due and "T" in task.due and "T" not in fields["due"]:
        fields["due"] += task.due[10:16]
    return fields


def _in_half(fields: Fields, task: Seen) -> Fields:
    """Returns the due date in the half of the day that was meant: at the same hour, if that is one of this part, else
    when the part is. `due` is its next time, for a task without a date, or if it is over on the day of the task."""
    part, alone = fields.pop("half"), fields["due"]
    if not task.due or task.due[:10] < alone[:10]:
        return {"due": alone}
    hour = int(task.due[11:13] or 0) % 12 + (0 if part in ("am", "morning") else 12)
    is_hour = "T" in task.due and hour in PARTS[part]
    return {"due": f"{task.due[:11]}{hour:02}{task.due[13:16]}" if is_hour else task.due[:10] + alone[10:16]}


def _rule(fields: Fields, task: Seen) -> Fields:
    """Returns the rule that ends on a day, or that leaves out a day of the week, and takes that from the fields."""
    if until := fields.pop("until", None):
        return {"recurrence": _ending(task, until), "due": task.due}
    if day := fields.pop("not on", None):
        return _without_day(task, day)
    return {}


def _reminders(fields: Fields, task: Seen) -> Fields:
    """Returns the reminders that the task gets, and takes from the fields what stands for them."""
    if further := fields.pop("add reminders", None):
        return {"reminders": [*task.reminders, *further]}
    if at := fields.pop("remind", None):
        return {"reminders": [at[:16]]} if task.due else {"due": at, "reminders": ["at due time"]}
    if task.due and fields.get("reminders", [""])[0].startswith(DAY_BEFORE):
        day = read_due(task.due[:10]).moved(-1).text
        return {"reminders": [f"{day}T{fields['reminders'][0].removeprefix(DAY_BEFORE)}"]}
    return {}


def _window_over(fields: Fields, task: Seen) -> Fields:
    """Clears the note "between 8 and 10" of a task that gets another hour."""
    is_over = ":" in fields.get("due", "") and WINDOW.fullmatch(task.description or "")
    return {"clear": [*fields.get("clear", []), "description"]} if is_over else {}


def _tags(fields: Fields, task: Seen) -> list[str]:
    """Returns the tags that the task gets, and takes them from the fields."""
    tags = list(task.tags)
    for tag in fields.pop("add tags", []) + fields.pop("tags", []):
        tags += [] if tag.casefold() in map(str.casefold, tags) else [tag]
    for tag in fields.pop("remove tags", []):
        tags = [each for each in tags if each.casefold() != tag.casefold()]
    return tags


def _ending(task: Seen, until: str) -> str:
    if not task.recurrence:
        raise Answered(f"{task.named} does not repeat. Tell me when it shall be.")
    rule = [part for part in task.recurrence.split(";") if not part.startswith(("UNTIL=", "COUNT="))]
    return ";".join([*rule, f"UNTIL={until.replace('-', '')}"])


def _without_day(task: Seen, day: str) -> Fields:
    """Returns the rule without that day of the week, and the due date on the first day that is left."""
    rule = dict(part.split("=") for part in (task.recurrence or "").split(";") if part)
    is_daily = rule.get("FREQ") == "DAILY" and rule.get("INTERVAL", "1") == "1"
    days = rule.get("BYDAY", ",".join(WEEKDAYS) if is_daily else "").split(",")
    left = [each for each in days if each != day]
    is_weekly = is_daily or rule.get("FREQ") == "WEEKLY"
    if not task.due or not left or left == days or not is_weekly or "BYSETPOS" in rule:
        raise Answered(replies.NOT_DONE)
    due = read_due(task.due)
    while WEEKDAYS[due.local.weekday()] not in left:
        due = due.moved(1)
    parts = rule | {"FREQ": "WEEKLY", "BYDAY": ",".join(left)}
    return {"recurrence": ";".join(map("=".join, parts.items())), "due": due.text}


def as_given(given: Fields) -> Fields:
    fields = {name: value for name, value in given.items() if value is not None and name != "recurs_from"}
    clear = ["priority"] if "priority" in given and given["priority"] is None else []
    if fields.get("list", "").casefold() == "inbox":
        clear.append("list")
        del fields["list"]
    is_before = any(each.endswith("before") for each in fields.get("reminders", ()))
    if is_before and "deadline" in fields and "due" not in fields:
        fields["due"] = fields["deadline"]
    return fields | ({"clear": clear} if clear else {})


def _shifted(task: Seen, shift: Shift, scene: Scene) -> str:
    due = read_due(task.due or scene.context.today.isoformat())
    if max(abs(shift.days), abs(shift.minutes) // (24 * 60)) > MOST_DAYS:
        raise Answered("That is too far away. Tell me when it shall be.")
    if not shift.minutes:
        return due.moved(shift.days).text
    if not due.has_time:
        raise Answered(f"{task.named} has no hour that I could move. Tell me when it shall be.")
    return due.at(due.local + timedelta(minutes=shift.minutes)).text
