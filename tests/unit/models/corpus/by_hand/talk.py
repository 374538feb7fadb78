"""Dialogues of people who had not seen the tables, for somebody who judges what comes of them.

`python -m tests.unit.models.corpus.by_hand.talk first_days [id …]` prints, for each dialogue, what a helpful person
would do, what the built-in assistant answers, and what has changed then. Each dialogue begins with the same tasks.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from adapters.language_models.builtin import BuiltinAssistant
from tests.unit.models.corpus.home import NOW, Fields, Home

FOLDER = Path(__file__).parent
TASKS: tuple[Fields, ...] = (
    {"title": "Call mom", "due": "2026-12-02"},
    {"title": "Buy milk", "list": "Shopping"},
    {"title": "Eggs", "list": "Shopping"},
    {"title": "Bread", "list": "Shopping"},
    {"title": "Dentist appointment", "due": "2026-12-08T15:00"},
    {"title": "Pay rent", "due": "2026-12-03", "priority": "high", "recurrence": "FREQ=MONTHLY"},
    {"title": "Quarterly report", "due": "2026-12-04", "list": "Work", "tags": ["urgent"]},
    {"title": "Send invoice to Acme", "due": "2026-11-30", "list": "Work"},
    {"title": "Fix the bike"},
    {"title": "Book flights to Lisbon", "list": "Trip", "due": "2026-12-05"},
    {"title": "Passport photos", "list": "Trip"},
    {"title": "Clean the kitchen", "due": "2026-12-05", "recurrence": "FREQ=WEEKLY;BYDAY=SA"},
    {"title": 'Read "Deep Work"', "priority": "low"},
    {"title": "Gym", "due": "2026-12-02T18:00"},
    {"title": "Water the plants"},
    {"title": "Email Sarah"},
    {"title": "Old couch"},
)
DONE_YESTERDAY, DELETED = (15, 16), 17
UNSHOWN = {"id", "user_id", "created_at", "updated_at", "completed_at", "revision", "order_key", "list_id", "slot"}


async def furnished(now: datetime = NOW) -> Home:
    home = Home(BuiltinAssistant())
    await home.open()
    for fields in TASKS:
        await home.use("add_task", fields)
    home.clock.now = now - timedelta(hours=18)
    for number in DONE_YESTERDAY:
        await home.use("complete_task", {"task_id": number})
    await home.use("delete_task", {"task_id": DELETED})
    return home


def day_of(dialogue: dict[str, Any]) -> datetime:
    """When it is spoken: at ten in the morning of its own day, or of the usual one."""
    return datetime.fromisoformat(f"{dialogue['today']}T10:00+00:00") if "today" in dialogue else NOW


async def talked(dialogue: dict[str, Any], home: Home) -> str:
    home.clock.now = day_of(dialogue)
    before = home.tasks()
    lines = [f"### {dialogue['id']} ({dialogue['voice']})", f"MUST: {dialogue['must']}"]
    for message in dialogue["messages"]:
        lines += [f"> {message}", f"< {await home.say(message)}"]
    lines += ["  waits for an approval"] if home.awaits_approval else []
    return "\n".join([*lines, *_changes(before, home.tasks()), ""])


def _changes(before: dict[int, Fields], after: dict[int, Fields]) -> Iterator[str]:
    for number, task in after.items():
        old, new = _shown(before.get(number, {})), _shown(task)
        differing = {name: new.get(name) for name in {**old, **new} if old.get(name) != new.get(name)}
        if differing:
            yield f"  {'changed' if old else 'added'} {number} {task['title']}: {differing}"


def _shown(task: Fields) -> Fields:
    return {name: value for name, value in task.items() if name not in UNSHOWN and value}


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", choices=sorted(each.stem for each in FOLDER.glob("*.jsonl")))
    parser.add_argument("ids", nargs="*", type=int)
    given = parser.parse_args()
    dialogues = [json.loads(line) for line in (FOLDER / f"{given.file}.jsonl").read_text("utf-8").splitlines()]
    home = await furnished(day_of(dialogues[0]))
    for dialogue in dialogues:
        if not given.ids or dialogue["id"] in given.ids:
            sys.stdout.write(await talked(dialogue, home.another(BuiltinAssistant())) + "\n")


if __name__ == "__main__":
    asyncio.run(main())
