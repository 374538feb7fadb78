"""What the assistant says if there is nothing to do: small talk, refusals, and how to ask for things."""

EXAMPLES = "“add buy milk”, “show my tasks”, “finish task 3”, “rename task 3 to …” or “delete task 3”"
TALK: dict[str, tuple[str, ...]] = {
    "help": (
        "I keep your to-do list. You can say things like:\n"
        "  • add buy milk — or: remind me to call mom tomorrow\n"
        "  • show my tasks — or: what's left?\n"
        "  • finish task 3 — or: I bought the milk\n"
        "  • rename task 3 to buy oat milk — or: add a note to task 3: two litres\n"
        "  • reopen task 3, delete task 3, restore task 3, show the trash, undo",
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
    "empty trash": (
        "I can't empty the trash: what is in it goes by itself in time. If that's a chore of yours, say"
        " “add empty the trash”.",
    ),
    "question": (f"I can't answer that; I only know your to-do list. Try “what's left?”, or {EXAMPLES}.",),
    "off topic": (f"I can't do that; I only keep your to-do list. Try {EXAMPLES}.",),
    "unclear": (
        f"Sorry, I didn't get that. I keep your to-do list, in English: try {EXAMPLES}.",
        f"I'm not sure what you mean. I keep your to-do list, in English: try {EXAMPLES}.",
    ),
}
HOW_TO = {
    **dict.fromkeys(("undo", "redo"), "To take back the last change, say “undo”; say it again to take that back too."),
    **dict.fromkeys(
        ("restore", "undelete", "recover", "trash", "deleted"),
        "To get a deleted task back, say “restore task 3” or “restore the groceries”; “show the trash” lists them.",
    ),
    **dict.fromkeys(
        ("delete", "remove"),
        "To delete a task, say “delete task 3” or “remove the groceries task”. “Undo” brings it back.",
    ),
    "reopen": "To reopen a task, say “reopen task 3” or “mark the groceries as not done”.",
    **dict.fromkeys(
        ("complete", "finish", "mark"),
        "To tick a task off, say “finish task 3”, “mark the groceries as done” or “I bought the groceries”.",
    ),
    "rename": "To rename a task, say “rename task 3 to buy oat milk”.",
    **dict.fromkeys(
        ("change", "edit"),
        "To change a task, say “rename task 3 to buy oat milk” or “add a note to task 3: two litres”.",
    ),
    "note": "To note something down, say “add a note to task 3: two litres”.",
    **dict.fromkeys(("list", "see"), "To see your tasks, say “show my tasks”, “what's left?” or “what have I done?”."),
    **dict.fromkeys(("add", "create"), "To add a task, say “add buy milk” or “remind me to call mom tomorrow”."),
    "back": "To get a deleted task back, say “restore task 3”; to take back the last change, say “undo”.",
}


def how_to(question: str) -> str:
    lowered = question.casefold()
    answer = next((text for word, text in HOW_TO.items() if word in lowered), f"Try {EXAMPLES}, or say “help”.")
    return f"{answer} (I changed nothing.)"
