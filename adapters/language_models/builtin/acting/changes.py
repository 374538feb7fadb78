"""Turns a request into the changes of each task, as the tools take them."""

import re
from datetime import timedelta
from typing import Any

from adapters.language_models.builtin.acting import replies
from adapters.language_models.builtin.acting.lookup.seen import Seen
from adapters.language_models.builtin.acting.scene import Answered, Scene
from adapters.language_models.builtin.reading.parts.slots import DAY_BEFORE, HALF_OF_DAY, SAME_LIST, WINDOW
from adapters.language_models.builtin.requests import Fields, Request, Shift
from domain.tasks.dates.due_text import read_due

_QUANTITY = re.compile(r"\bmake (?:it|that) (\d{1,2})$", re.IGNORECASE)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
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
    if task.completed and task.due != (fields.get("due") or (first and first[0]["due"]) or task.due):
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
    fields |= _rule(fields, task) | _in_half(fields, task)
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
    """Returns the due date at the same hour of the other half of the day, if that one was meant."""
    half = fields.pop("half", "")
    if not half:
        return {}
    if not task.due or "T" not in task.due:
        raise Answered(replies.WHEN.format(task.named))
    hour = int(task.due[11:13]) % 12 + (12 if half == "pm" else 0)
    return {"due": f"{task.due[:11]}{hour:02}{task.due[13:]}"}


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
    days = rule.get("BYDAY", ",".join(DAYS) if rule.get("FREQ") == "DAILY" else "").split(",")
    left = [each for each in days if each != day]
    if not task.due or not left or left == days:
        raise Answered(replies.NOT_DONE)
    due = read_due(task.due)
    while DAYS[due.local.weekday()] not in left:
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
    if not shift.minutes:
        return due.moved(shift.days).text
    if not due.has_time:
        raise Answered(f"{task.named} has no hour that I could move. Tell me when it shall be.")
    return due.at(due.local + timedelta(minutes=shift.minutes)).text
