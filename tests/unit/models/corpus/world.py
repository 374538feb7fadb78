"""A list of tasks in memory with the tools of the assistant, as the contract names them."""

import copy
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from application.tasks.date_words import DateContext, read_date
from application.tasks.filters.parser import parse
from application.tasks.filters.tree import And, Dated, InList, Keyword, NextDays, Not, Or, Priority, Search, Side, Tagged
from domain.tasks.names import same_name_key
from domain.tasks.search_text import words_of

NOW = datetime(2026, 12, 2, 10, tzinfo=ZoneInfo("Etc/UTC"))
"""A Wednesday."""
TODAY = NOW.date()
PRIORITIES = {1: "high", 2: "medium", 3: "low", 4: None}
Fields = dict[str, Any]

TASKS: list[Fields] = [
    {"title": "Buy milk", "list": "Shopping"},
    {"title": "Buy eggs", "list": "Shopping"},
    {"title": "Call mom", "due": "2026-12-02", "tags": ["family"]},
    {"title": "Dentist appointment", "due": "2026-12-04T15:00"},
    {"title": "Pay the rent", "due": "2026-12-01", "priority": "high", "list": "Home"},
    {"title": "Water the plants", "due": "2026-12-02", "recurrence": "FREQ=WEEKLY", "list": "Home"},
    {"title": "Finish the quarterly report", "list": "Work", "due": "2026-12-04", "priority": "high"},
    {"title": "Send invoice to Acme", "list": "Work", "tags": ["money"]},
    {"title": "Book flights to Lisbon", "tags": ["travel"], "due": "2026-12-10"},
    {"title": "Renew passport", "tags": ["travel"]},
    {"title": "Fix the bike"},
    {"title": "Read War and Peace"},
    {"title": "Clean the kitchen", "completed_at": "2026-12-01T18:00:00Z"},
    {"title": "Email Sarah about the party", "completed_at": "2026-12-02T08:00:00Z"},
    {"title": "Return library books", "due": "2026-12-01"},
    {"title": "Cancel gym membership", "deleted_at": "2026-12-01T12:00:00Z"},
    {"title": "Call the bank", "due": "2026-12-03"},
]
EMPTY: Fields = {
    "description": None, "list": None, "tags": [], "priority": None, "start": None, "due": None, "deadline": None,
    "recurrence": None, "estimate": None, "completed_at": None, "deleted_at": None, "parent_id": None,
}  # fmt: skip


@dataclass
class World:
    tasks: dict[int, Fields] = field(default_factory=dict)
    before: list[dict[int, Fields]] = field(default_factory=list)
    """The state before each message that changed something."""

    @classmethod
    def home(cls) -> "World":
        return cls({number: _task(number, **given) for number, given in enumerate(TASKS, 1)})

    def begin(self) -> None:
        if not self.before or self.before[-1] != self.tasks:
            self.before.append(copy.deepcopy(self.tasks))

    def call(self, name: str, given: Fields) -> Fields:
        try:
            return {"success": True, **getattr(self, f"_{name}")(**given)}
        except (Refused, ValueError) as refusal:
            return {"success": False, "message": str(refusal), "data": None}

    def _add_task(self, title: str, **fields: Any) -> Fields:
        number = max(self.tasks, default=0) + 1
        self.tasks[number] = _task(number, title=title.strip(), **fields)
        return {"message": f"Added task {number}: {title}", "data": self._shown(number)}

    def _list_tasks(
        self,
        status: str | None = None,
        filter: str = "",  # noqa: A002
        search: str = "",
        sort: str = "-created",
        limit: int = 100,
        cursor: str = "0",
    ) -> Fields:
        tree = parse(filter, _day) if filter else None
        status = status or ("pending" if filter else "all")
        tasks = [task for task in self.tasks.values() if _has_status(task, status) and (not tree or self._fits(task, tree))]
        tasks = [task for task in tasks if not search or _has_words(task, search)]
        for key in reversed(sort.split(",")):
            tasks.sort(key=lambda task, key=key: _sort_key(task, key.lstrip("-")), reverse=key.startswith("-"))
        page, after = tasks[int(cursor) : int(cursor) + limit], int(cursor) + limit
        data = {"tasks": [self._shown(task["id"]) for task in page], "total": len(tasks)}
        return {"message": "", "data": data | {"next_cursor": str(after) if after < len(tasks) else None}}

    def _complete_task(self, task_id: int, occurrence: str | None = None) -> Fields:
        task = self._live(task_id)
        if task["recurrence"]:
            task["due"] = (date.fromisoformat(task["due"][:10]) + timedelta(days=7)).isoformat()
        else:
            task["completed_at"] = task["completed_at"] or "2026-12-02T10:00:00Z"
        return {"message": f"Completed task {task_id}", "data": self._shown(task_id)}

    def _update_task(self, task_id: int, clear: Iterable[str] = (), completed: bool | None = None, **fields: Any) -> Fields:
        task = self._live(task_id)
        if completed is not None:
            task["completed_at"] = (task["completed_at"] or "2026-12-02T10:00:00Z") if completed else None
        task.update(fields)
        task.update({name: copy.copy(EMPTY[name]) for name in clear})
        if task["recurrence"] and not task["due"]:
            raise Refused("recurrence: needs due")
        return {"message": f"Updated task {task_id}", "data": self._shown(task_id)}

    def _reschedule_task(self, task_id: int, due: str) -> Fields:
        task = self._live(task_id)
        found = read_date(due, DateContext(NOW))
        text = found.due if found and not due[:4].isdigit() else due
        if task["due"] and due.startswith("at "):
            text = task["due"][:10] + text[10:]
        elif task["due"] and "T" not in text:
            text += task["due"][10:]
        return self._update_task(task_id, due=text)

    def _delete_task(self, task_id: int) -> Fields:
        self._live(task_id)["deleted_at"] = "2026-12-02T10:00:00Z"
        return {"message": f"Deleted task {task_id}", "data": self._shown(task_id)}

    def _restore_task(self, task_id: int) -> Fields:
        task = self.tasks.get(task_id)
        if not task or not task["deleted_at"]:
            raise Refused(f"Task {task_id} is not in the trash.")
        task["deleted_at"] = None
        return {"message": f"Restored task {task_id}", "data": self._shown(task_id)}

    def _undo_last_changes(self) -> Fields:
        while self.before and self.before[-1] == self.tasks:
            self.before.pop()
        if not self.before:
            raise Refused("There is nothing to undo.")
        now, self.tasks = self.tasks, self.before.pop()
        self.before.append(now)
        changed = [number for number in {*now, *self.tasks} if now.get(number) != self.tasks.get(number)]
        data = {"tasks": [self._shown(number) for number in changed if number in self.tasks]}
        return {"message": "Undone", "data": data}

    def _change_tasks(self, changes: list[Fields]) -> Fields:
        results = []
        for change in changes:
            given = {name: value for name, value in change.items() if name != "action"}
            outcome = self.call(f"{change['action']}_task", given)
            results.append(outcome | {"task": outcome.pop("data")})
        return {"message": f"{len(results)} changes", "data": {"results": results}}

    def _live(self, number: int) -> Fields:
        task = self.tasks.get(number)
        if task is None or task["deleted_at"]:
            raise Refused(f"There is no task {number}.")
        return task

    def _shown(self, number: int) -> Fields:
        task = copy.deepcopy(self.tasks[number])
        return task | {"completed": bool(task["completed_at"])}

    def _fits(self, task: Fields, tree: Any) -> bool:
        match tree:
            case Not(term):
                return not self._fits(task, term)
            case And(terms):
                return all(self._fits(task, each) for each in terms)
            case Or(terms):
                return any(self._fits(task, each) for each in terms)
            case InList(name):
                known = {same_name_key(each["list"]) for each in self.tasks.values() if each["list"]}
                if same_name_key(name) not in known:
                    raise Refused(f"filter: there is no list “{name}”")
                return same_name_key(task["list"] or "") == same_name_key(name)
            case Tagged(name):
                return same_name_key(name) in map(same_name_key, task["tags"])
            case Priority(number):
                return task["priority"] == PRIORITIES[number]
            case Search(text):
                return _has_words(task, text)
            case NextDays(days):
                return bool(task["due"]) and TODAY <= _due(task) < TODAY + timedelta(days=days)
            case Dated():
                return _dated(task, tree)
        return _keyword(task, tree)


class Refused(Exception):
    pass


def _day(text: str) -> date:
    found = read_date(text, DateContext(NOW))
    return date.fromisoformat(found.due[:10] if found else text.strip())


def _task(number: int, **given: Any) -> Fields:
    return {"id": number} | copy.deepcopy(EMPTY) | given


def _due(task: Fields) -> date:
    return date.fromisoformat(task["due"][:10])


def _has_status(task: Fields, status: str) -> bool:
    state = "trashed" if task["deleted_at"] else "completed" if task["completed_at"] else "pending"
    return state == status or (status == "all" and state != "trashed")


def _has_words(task: Fields, text: str) -> bool:
    *whole, last = words_of(text) or [""]
    words = words_of(f"{task['title']} {task['description'] or ''}")
    return all(each in words for each in whole) and any(each.startswith(last) for each in words)


def _sort_key(task: Fields, name: str) -> Any:
    column = {"created": "id", "updated": "id", "completed": "completed_at"}.get(name, name)
    value = task.get(column)
    return (value is None, value or 0) if column == "id" else (value is None, str(value))


def _dated(task: Fields, term: Dated) -> bool:
    column = {"due": "due", "start": "start", "deadline": "deadline", "created": "start", "completed": "completed_at"}
    value = task[column[term.field.value]]
    if not value:
        return False
    day = date.fromisoformat(value[:10])
    return {Side.ON: day == term.day, Side.BEFORE: day < term.day, Side.AFTER: day > term.day}[term.side]


def _keyword(task: Fields, word: Keyword) -> bool:
    due = _due(task) if task["due"] else None
    return {
        Keyword.TODAY: due == TODAY,
        Keyword.TOMORROW: due == TODAY + timedelta(days=1),
        Keyword.OVERDUE: bool(due and due < TODAY),
        Keyword.UPCOMING: bool(due and due > TODAY),
        Keyword.NO_DATE: due is None,
        Keyword.INBOX: task["list"] is None,
        Keyword.NO_TAGS: not task["tags"],
        Keyword.RECURRING: bool(task["recurrence"]),
        Keyword.SUBTASK: False,
        Keyword.DONE: bool(task["completed_at"]),
        Keyword.TRASH: bool(task["deleted_at"]),
    }[word]
