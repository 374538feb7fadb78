"""What a client was told is done, and what is found of it in the end."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

ENDED = ("done", "interrupted")


@dataclass
class Known:
    """A task as it was acknowledged."""

    title: str
    completed: bool = False
    trashed: bool = False


@dataclass
class Journal:
    tasks: dict[int, Known] = field(default_factory=dict)
    titles: Counter[str] = field(default_factory=Counter)
    """Of tasks whose number was not told: those of imports and of the assistant."""
    conversations: dict[str, str] = field(default_factory=dict)
    messages: Counter[str] = field(default_factory=Counter)
    events: int = 0
    writes: int = 0

    def done(self, events: int = 0) -> None:
        self.writes += 1
        self.events += events

    def live(self, *, completed: bool | None = None) -> list[int]:
        known = ((number, task) for number, task in self.tasks.items() if not task.trashed)
        return [number for number, task in known if completed in (None, task.completed)]

    def trashed(self) -> list[int]:
        return [number for number, task in self.tasks.items() if task.trashed]


@dataclass
class StoredState:
    """What is there: `tasks` with those in the trash."""

    tasks: list[dict[str, Any]]
    events: int
    conversations: dict[str, str]
    messages: list[dict[str, Any]]


def differences(journal: Journal, found: StoredState) -> list[str]:
    """What was acknowledged and is not there (lost) or there too often (doubled), and turns without end."""
    there = {task["id"]: Known(task["title"], task["completed"], bool(task["deleted_at"])) for task in found.tasks}
    wrong = [
        f"task {number} is lost: {known} is {there.get(number)}"
        for number, known in journal.tasks.items()
        if there.get(number) != known
    ]
    others = Counter(known.title for number, known in there.items() if number not in journal.tasks)
    said = Counter(each["text"] for each in found.messages if each["role"] == "user")
    for what, expected, seen in (("tasks", journal.titles, others), ("messages", journal.messages, said)):
        wrong += [f"{what} {how}: {dict(which)}" for how, which in _between(expected, seen)]
    if found.events != journal.events:
        wrong.append(f"changes: {journal.events} acknowledged, {found.events} in the log")
    if found.conversations != journal.conversations:
        wrong.append(f"conversations: {journal.conversations} are {found.conversations}")
    stuck = [each["id"] for each in found.messages if each["state"] not in ENDED]
    return wrong + [f"turn {each} is stuck" for each in stuck]


def _between(expected: Counter[str], seen: Counter[str]) -> list[tuple[str, Counter[str]]]:
    return [(how, which) for how, which in (("lost", expected - seen), ("doubled", seen - expected)) if which]
