"""What the assistant says. If there are several wordings, the user's sentence chooses one, so a replayed turn uses the
same words."""

from collections.abc import Sequence
from zlib import crc32

from adapters.language_models.builtin.acting.seen import Seen
from adapters.language_models.builtin.reading.sentence import one_line
from adapters.language_models.builtin.requests import Verb
from domain.tasks.task import Status

MAX_SHOWN_TASKS = 100
MAX_ASKED_ABOUT = 15
_MAX_NOTE_LENGTH = 80
_MAX_SAID_LENGTH = 60

ADDED = ("Added {0}.", "Got it, it's on your list: {0}.", "Noted: {0}.", "Done, I added {0}.")
ACTED: dict[Verb, tuple[str, ...]] = {
    Verb.COMPLETE: ("Well done! {0} is finished.", "Ticked off: {0}.", "Great, {0} is done.", "{0}: done. Nice work!"),
    Verb.REOPEN: ("Reopened {0}.", "OK, {0} is to do again.", "{0} is back on your list."),
    Verb.DELETE: (
        "Deleted {0}. Say “undo” if you want it back.",
        "{0} is gone from your list.",
        "{0}: in the trash now.",
    ),
    Verb.RESTORE: ("{0} is back on your list.", "Restored {0}.", "OK, {0} is out of the trash."),
}
ACTED_ON_SEVERAL = {
    Verb.COMPLETE: "Finished",
    Verb.REOPEN: "Reopened",
    Verb.DELETE: "Deleted",
    Verb.RESTORE: "Restored",
}
ALREADY = {
    Verb.COMPLETE: "already done",
    Verb.REOPEN: "still to do anyway",
    Verb.RESTORE: "not in the trash",
    Verb.PUT_BACK: "still to do anyway",
}
UNDONE = ("Undone: {0}", "OK: {0}", "No problem: {0}")
_STATES = {Status.PENDING: ": still to do", Status.COMPLETED: ": done", Status.TRASHED: ""}
UNCERTAIN = "Sorry, I can't tell whether that worked. Say “show my tasks”."
RENAMED = ("It now reads {0}.", "Changed: {0}.", "OK, it's {0} now.")
NOTHING_FOR = {
    Verb.COMPLETE: "There is no pending task left to tick off.",
    Verb.REOPEN: "There is no finished task to reopen.",
    Verb.DELETE: "There is no such task on your list.",
    Verb.RESTORE: "The trash is empty, so there is nothing to restore.",
    Verb.PUT_BACK: "No task is done or in the trash, so there is nothing to put back.",
}
_SEE_TRASH = "Say “show the trash” to see what you deleted."
NOTHING_LIKE: dict[Verb | None, tuple[str, str]] = {
    None: ("task", "Say “show my tasks” to see them with their numbers."),
    Verb.RESTORE: ("deleted task", _SEE_TRASH),
    Verb.PUT_BACK: ("finished or deleted task", _SEE_TRASH),
}
EMPTY = {
    Status.ALL: (
        "Your list is empty. Add something with “add buy milk”.",
        "Nothing on your list yet. Try “add buy milk”.",
    ),
    Status.PENDING: ("Nothing left to do: you're all caught up!", "You have no pending tasks. Enjoy!"),
    Status.COMPLETED: ("You haven't finished a task yet.", "No completed tasks yet."),
    Status.TRASHED: ("The trash is empty: there is nothing to get back.", "Nothing is in the trash."),
}


def one_of(wordings: Sequence[str], said: str) -> str:
    return wordings[crc32(said.encode(errors="replace")) % len(wordings)]


def shortened(text: str, longest: int = _MAX_SAID_LENGTH) -> str:
    text = one_line(text)
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def lines(tasks: Sequence[Seen], most: int = MAX_SHOWN_TASKS) -> str:
    """Returns one line for each task. Lines say that a task is in the trash only if other tasks of the list are not."""
    more = [f"  … and {len(tasks) - most} more"] if len(tasks) > most else []
    is_mixed = not all(task.deleted_at for task in tasks)
    return "\n".join([*(_line(task, is_mixed) for task in tasks[:most]), *more])


def heading(status: Status, tasks: Sequence[Seen], total: int) -> str:
    count = f"{total} {'task' if total == 1 else 'tasks'}"
    newest = f" Here are the {len(tasks)} newest:" if total > len(tasks) else ""
    pending = sum(not task.completed for task in tasks)
    text = {
        Status.PENDING: f"You have {count.replace(' ', ' pending ')}",
        Status.COMPLETED: f"You have completed {count}",
        Status.TRASHED: f"You have {count} in the trash",
        Status.ALL: f"You have {count}, {'all done' if pending == 0 else f'{pending} still to do'}",
    }[status]
    if newest:
        text = text.split(",")[0]
    return f"{text}.{newest}" if newest else f"{text}:"


def undone(tasks: Sequence[Seen], said: str) -> str:
    """Returns the answer to an undo. It describes only the present state of the tasks."""
    if not tasks:
        return "Everything is as it was already."
    back = _told([task for task in tasks if not task.deleted_at], "as they were", "as it was")
    gone = _told([task for task in tasks if task.deleted_at], "off your list again", "off your list again")
    return one_of(UNDONE, said + tasks[0].named).format("\n".join([*back, *gone]))


def _told(tasks: Sequence[Seen], several: str, one: str) -> list[str]:
    if len(tasks) > 1:
        return [f"{len(tasks)} tasks are {several}:\n{lines(tasks)}"]
    return [f"{described(task)} is {one}{_STATES[task.status]}." for task in tasks]


def described(task: Seen) -> str:
    return f"{task.named} ({shortened(task.description, _MAX_NOTE_LENGTH)})" if task.description else task.named


def _line(task: Seen, tells_trash: bool) -> str:
    note = f" — {shortened(task.description, _MAX_NOTE_LENGTH)}" if task.description else ""
    where = " (in the trash)" if task.deleted_at and tells_trash else ""
    return f"{'✓' if task.completed else ' '} {task.named}{note}{where}"
