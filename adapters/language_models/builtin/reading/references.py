"""Reads which task is meant: by number, by "it", by its place in the last list, by its words, or all of them."""

import re
from collections.abc import Callable

from adapters.language_models.builtin.reading.notation import compiled
from adapters.language_models.builtin.reading.titles import unquoted
from adapters.language_models.builtin.requests import (
    Every,
    Extreme,
    Numbers,
    Ordinal,
    Pronoun,
    Reference,
    Words,
)
from domain.tasks.task import Status

_NOUN = "(task|to-do|todo|to do|item|reminder|entry)"
_NOUNS = "(tasks|to-dos|todos|items|ones|things|reminders|stuff)"
ROWS = (
    ("it", f"it|that|this|(that|this|the same|the)[ one| {_NOUN}| thing]", "that one"),
    ("both", f"both[ of][ them| those| these| the]|(those|these|the|all) two[ ones| {_NOUNS}]", "both of them"),
    ("them", f"(all of |all )(them|those|these)|them[ all]|(those|these)[ ones| {_NOUNS}]", "all of them"),
    ("places", f"[the ]<end> <many>[ ones| {_NOUNS}]", "the first two"),
    ("newest", f"[the |my ](newest|latest|most recent|last added)[ one| {_NOUN}][ i added]", "the latest task"),
    ("newest", f"the [last ](one|{_NOUN}) i [just |last ](added|made|created)", "the task i just added"),
    (
        "newest",
        f"[the |my ](last|latest|most recent|most recently|just) deleted (one|{_NOUN})"
        f"|the [last ](one|{_NOUN}) i [just |last ](deleted|removed|trashed)",
        "the task i just deleted",
    ),
    ("oldest", f"[the |my ]oldest[ one| {_NOUN}]", "the oldest task"),
    ("every", "(everything|all|all of it|the lot|all my stuff)[ on <list>| in <list>]", "everything"),
    (
        "every",
        f"[all |every |each |any ][of ][the |my |these |our |your ][<which> ]{_NOUNS}[ on <list>]",
        "all done tasks",
    ),
    ("every", f"(every|each|any) [single ][<which> ]{_NOUN}[ on <list>]", "every completed task"),
    (
        "every",
        f"[all |everything |all {_NOUNS} |{_NOUNS} ](that is|that's|that are|i have|i've) <which>",
        "all tasks that are done",
    ),
    ("every", "[the |my ][whole |entire ](list|to-do list|todo list)", "my whole list"),
    ("every", "all[ the| my] <which>", "all done"),
    (
        "about",
        f"(all|every|each|everything)[ of][ the| my][ {_NOUNS}| {_NOUN}] (about|with|for|containing) <words>",
        "all tasks about taxes",
    ),
    ("about", f"(all|every|each|all of)[ of][ the| my] <words> ({_NOUNS}|{_NOUN})", "all the tax tasks"),
    (
        "named",
        f"[the |my |our |that |this ]({_NOUN}|one)[ that is] <called> <words>",
        "the task called tax",
    ),
    ("named", f"[the |my |our |that |this ]<words> {_NOUN}[ (on|from|off|in) <list>]", "the tax task"),
    ("named", f"{_NOUN}[:] <words>", "task file taxes"),
    ("words", "[the |my |our ]<words> one", "the tax one"),
    ("words", "<words> (from|off|on|in|of) <list>", "taxes from my list"),
    ("words", "<words>", "taxes"),
)
_PLACE = compiled(f"[the |my |number ]<place>[ one| {_NOUN}| thing][ (on|in|of|from) <list>]")
_AND = re.compile(r",? and |, ?| & ")
PATTERNS = tuple((kind, compiled(notation)) for kind, notation, _ in ROWS)

_PLACES = (
    "first 1st top|second 2nd|third 3rd|fourth 4th|fifth 5th|sixth 6th|seventh 7th|eighth 8th|ninth 9th|tenth 10th"
)
PLACES = {word: place for place, names in enumerate(_PLACES.split("|")) for word in names.split()}
PLACES |= {"last": -1, "bottom": -1}

_COUNTING = "one two three four five six seven eight nine ten eleven twelve"
_COUNTS = {word: number for number, word in enumerate(_COUNTING.split(), 1)}
_LEADS = {
    "task",
    "tasks",
    "taks",
    "tsk",
    "number",
    "numbers",
    "no",
    "no.",
    "nr",
    "#",
    "item",
    "items",
    "todo",
    "id",
    "ids",
}
_LINKS = {"and", "the", "plus", "both", "already", "now", "today", "too"}
_DIGITS = re.compile(r"#?([0-9]{1,15})[.:]?")
_SPAN = re.compile(r"#?([0-9]{1,6})(?:-|–|\.\.)#?([0-9]{1,6})")
_COPIED = re.compile(r"(?:[✓✔] )?(?:task )?#?([0-9]{1,15})(?:\.|:|\)| -) [^0-9 ].*", re.DOTALL)
_GLUED = re.compile(r"\b(tasks?|number|item|no)([0-9])")
_FROM_TO = re.compile(r"([0-9]) (?:to|through|thru|-) #?([0-9])")
MAX_SPAN = 25

COMPLETED = {
    "done",
    "complete",
    "completed",
    "finished",
    "closed",
    "ticked",
    "ticked off",
    "checked",
    "checked off",
    "crossed off",
}
TRASHED = {"deleted", "trashed", "removed"}


def reference(text: str) -> Reference:
    text = text.strip(" \n,.;:!")
    numbers = numbered(text)
    if numbers:
        return numbers
    places = _each_place(text)
    if places:
        return places
    if unquoted(text) != text:
        return Words(unquoted(text), named=True)
    for kind, pattern in PATTERNS:
        match = pattern.fullmatch(text)
        if match:
            return _READERS[kind](match)
    return Words(text)


def numbered(text: str) -> Numbers | None:
    copied = _COPIED.fullmatch(text)
    if copied:
        return Numbers((int(copied[1]),))
    ids: list[int] = []
    before = ""
    text = _FROM_TO.sub(r"\1-\2", _GLUED.sub(r"\1 \2", text[:400].casefold()))
    for word in text.replace(",", " ").replace("&", " and ").split():
        found = _number(word, before)
        if found is None and word not in _LEADS | _LINKS:
            return None
        ids += found or []
        before = word
    return Numbers(tuple(dict.fromkeys(ids))) if ids else None


def status(which: str | None) -> Status:
    if not which or which.casefold() == "all":
        return Status.ALL
    if which.casefold() in TRASHED:
        return Status.TRASHED
    return Status.COMPLETED if which.casefold() in COMPLETED else Status.PENDING


def _number(word: str, before: str) -> list[int] | None:
    digits, span = _DIGITS.fullmatch(word), _SPAN.fullmatch(word)
    if digits:
        return [int(digits[1])]
    if span and 0 <= int(span[2]) - int(span[1]) < MAX_SPAN:
        return list(range(int(span[1]), int(span[2]) + 1))
    return [_COUNTS[word]] if word in _COUNTS and before in _LEADS else None


def _places(match: re.Match[str]) -> Ordinal:
    count = match["count"].casefold()
    number = _COUNTS[count] if count in _COUNTS else int(count)
    return Ordinal(tuple(range(number)) if match["place"].casefold() == "first" else tuple(range(-number, 0)))


def _each_place(text: str) -> Ordinal | None:
    """Reads one place or several, as in "the first and the third". Returns None for other texts."""
    parts = [_PLACE.fullmatch(part) for part in _AND.split(text[:200])]
    places = [PLACES[part["place"].casefold()] for part in parts if part]
    return Ordinal(tuple(places)) if len(places) == len(parts) else None


def _every(match: re.Match[str]) -> Every:
    which = match.groupdict().get("which")
    return Every(status(which) if which else None)


_READERS: dict[str, Callable[[re.Match[str]], Reference]] = {
    "it": lambda _: Pronoun(),
    "both": lambda _: Pronoun(plural=True, count=2),
    "them": lambda _: Pronoun(plural=True),
    "places": _places,
    "newest": lambda _: Extreme(newest=True),
    "oldest": lambda _: Extreme(newest=False),
    "every": _every,
    "about": lambda match: Every(None, match["words"]),
    "named": lambda match: Words(unquoted(match["words"]), named=True),
    "words": lambda match: Words(unquoted(match["words"])),
}
