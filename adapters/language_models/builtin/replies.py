"""What the assistant says. Of several wordings, what the user said chooses one: the same turn, the same words."""

from collections.abc import Sequence
from zlib import crc32

from adapters.language_models.builtin.requests import Verb
from adapters.language_models.builtin.seen import Seen
from adapters.language_models.builtin.sentence import one_line
from domain.task import Status

SHOWN_MOST = 100
ASKED_ABOUT_MOST = 15
_NOTE_LONGEST = 80
_SAID_LONGEST = 60

EXAMPLES = "“add buy milk”, “show my tasks”, “finish task 3”, “rename task 3 to …” or “delete task 3”"
TALK: dict[str, tuple[str, ...]] = {
    "help": (
        "I keep your to-do list. You can say things like:\n"
        "  • add buy milk — or: remind me to call mom tomorrow\n"
        "  • show my tasks — or: what's left?\n"
        "  • finish task 3 — or: I bought the milk\n"
        "  • rename task 3 to buy oat milk — or: add a note to task 3: two litres\n"
        "  • reopen task 3, delete task 3, undo",
    ),
    "identity": ("I'm the built-in assistant of your to-do list. Say “help” to see what I can do.",),
    "wellbeing": (
        "Fine, thanks! What shall we do with your list?",
        "All well here, thank you. What's next on your list?",
    ),
    "greeting": (
        f"Hello! I keep your to-do list. Try {EXAMPLES}.",
        "Hi! What can I do for your list? Try “add buy milk” or “what's left?”.",
    ),
    "thanks": ("You're welcome!", "Any time!", "My pleasure."),
    "praise": ("Glad to hear it!", "Nice! Tell me when there is more to do."),
    "bye": ("Bye! Your list is safe with me.", "See you! I'll keep your list."),
    "yes": ("Gladly, but I haven't asked anything just now. What shall I do? Try “what's left?”.",),
    "no": ("All right, I changed nothing.", "OK, everything stays as it is."),
    "never mind": ("OK, I left everything as it is.", "No problem, nothing was changed."),
    "retraction": ("OK, I left everything as it is.", "No problem, nothing was changed."),
    "negation": (
        "OK, I changed nothing. If something should change, just tell me what to do.",
        "All right, your list stays as it is. Tell me when something should change.",
    ),
    "all done": ("Well done! If I should tick something off, say “finish task 3” or “complete everything”.",),
    "advice": (
        "That's for you to decide, so I changed nothing. Tell me “add …”, “finish …” or “delete …” and I'll do it.",
    ),
    "question": (f"I can't answer that; I only know your to-do list. Try “what's left?”, or {EXAMPLES}.",),
    "off topic": (f"I can't do that; I only keep your to-do list. Try {EXAMPLES}.",),
    "unclear": (
        f"Sorry, I didn't get that. I keep your to-do list, in English: try {EXAMPLES}.",
        f"I'm not sure what you mean. I keep your to-do list, in English: try {EXAMPLES}.",
    ),
}
HOW_TO = {
    "delete": "To delete a task, say “delete task 3” or “remove the groceries task”.",
    "remove": "To delete a task, say “delete task 3” or “remove the groceries task”.",
    "undo": "To take back the last change, say “undo”.",
    "reopen": "To reopen a task, say “reopen task 3” or “mark the groceries as not done”.",
    "complete": "To tick a task off, say “finish task 3”, “mark the groceries as done” or “I bought the groceries”.",
    "finish": "To tick a task off, say “finish task 3”, “mark the groceries as done” or “I bought the groceries”.",
    "mark": "To tick a task off, say “finish task 3”, “mark the groceries as done” or “I bought the groceries”.",
    "rename": "To rename a task, say “rename task 3 to buy oat milk”.",
    "change": "To change a task, say “rename task 3 to buy oat milk” or “add a note to task 3: two litres”.",
    "edit": "To change a task, say “rename task 3 to buy oat milk” or “add a note to task 3: two litres”.",
    "note": "To note something down, say “add a note to task 3: two litres”.",
    "list": "To see your tasks, say “show my tasks”, “what's left?” or “what have I done?”.",
    "see": "To see your tasks, say “show my tasks”, “what's left?” or “what have I done?”.",
    "add": "To add a task, say “add buy milk” or “remind me to call mom tomorrow”.",
    "create": "To add a task, say “add buy milk” or “remind me to call mom tomorrow”.",
}
ADDED = ("Added {0}.", "Got it, it's on your list: {0}.", "Noted: {0}.", "Done, I added {0}.")
ACTED: dict[Verb, tuple[str, ...]] = {
    Verb.COMPLETE: ("Well done! {0} is finished.", "Ticked off: {0}.", "Great, {0} is done.", "{0}: done. Nice work!"),
    Verb.REOPEN: ("Reopened {0}.", "OK, {0} is to do again.", "{0} is back on your list."),
    Verb.DELETE: ("Deleted {0}.", "{0} is gone from your list.", "OK, I removed {0}."),
}
ACTED_ON_SEVERAL = {Verb.COMPLETE: "Finished", Verb.REOPEN: "Reopened", Verb.DELETE: "Deleted"}
UNDONE = ("Undone: {0}", "OK: {0}", "No problem: {0}")
_STATES = {Status.PENDING: ": still to do", Status.COMPLETED: ": done", Status.TRASHED: ""}
UNCERTAIN = "Sorry, I can't tell whether that worked. Say “show my tasks”."
RENAMED = ("It now reads {0}.", "Changed: {0}.", "OK, it's {0} now.")
NOTHING_FOR = {
    Verb.COMPLETE: "There is no pending task left to tick off.",
    Verb.REOPEN: "There is no finished task to reopen.",
    Verb.DELETE: "There is no such task on your list.",
}
EMPTY = {
    Status.ALL: (
        "Your list is empty. Add something with “add buy milk”.",
        "Nothing on your list yet. Try “add buy milk”.",
    ),
    Status.PENDING: ("Nothing left to do: you're all caught up!", "You have no pending tasks. Enjoy!"),
    Status.COMPLETED: ("You haven't finished a task yet.", "No completed tasks yet."),
}


def one_of(wordings: Sequence[str], said: str) -> str:
    return wordings[crc32(said.encode(errors="replace")) % len(wordings)]


def how_to(question: str) -> str:
    lowered = question.casefold()
    answer = next((text for word, text in HOW_TO.items() if word in lowered), f"Try {EXAMPLES}, or say “help”.")
    return f"{answer} (I changed nothing.)"


def shortened(text: str, longest: int = _SAID_LONGEST) -> str:
    text = one_line(text)
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def lines(tasks: Sequence[Seen], most: int = SHOWN_MOST) -> str:
    more = [f"  … and {len(tasks) - most} more"] if len(tasks) > most else []
    return "\n".join([*map(_line, tasks[:most]), *more])


def heading(status: Status, tasks: Sequence[Seen], total: int) -> str:
    count = f"{total} {'task' if total == 1 else 'tasks'}"
    newest = f" Here are the {len(tasks)} newest:" if total > len(tasks) else ""
    pending = sum(not task.completed for task in tasks)
    text = {
        Status.PENDING: f"You have {count.replace(' ', ' pending ')}",
        Status.COMPLETED: f"You have completed {count}",
        Status.ALL: f"You have {count}, {'all done' if pending == 0 else f'{pending} still to do'}",
    }[status]
    if newest:
        text = text.split(",")[0]
    return f"{text}.{newest}" if newest else f"{text}:"


def undone(tasks: Sequence[Seen], said: str) -> str:
    """From what the tasks are now alone: what they were meanwhile isn't told."""
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
    return f"{task.named} ({shortened(task.description, _NOTE_LONGEST)})" if task.description else task.named


def _line(task: Seen) -> str:
    note = f" — {shortened(task.description, _NOTE_LONGEST)}" if task.description else ""
    return f"{'✓' if task.completed else ' '} {task.named}{note}"
