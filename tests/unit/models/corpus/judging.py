"""Judges what came of a dialogue: the tasks before and after, and the last reply."""

import re
from typing import Any

from tests.unit.models.corpus.sentences import Sentence

Fields = dict[str, Any]
SHOWN = ("title", "description", "list", "tags", "priority", "due", "recurrence", "deadline", "estimate")
NAMES = {"description": "note", "recurrence": "every"}
_SAYING_NOTHING = {"a", "an", "the", "my", "our", "some", "to", "teh", "for", "more", "any"}
_WORD = re.compile(r"[\w&:+'-]+|[^\w\s]")


def verdict(sentence: Sentence, before: dict[int, Fields], after: dict[int, Fields], reply: str) -> str:
    """Returns what is wrong, or "" if all is well."""
    effects = effects_of(before, after)
    if not any(_is_same(effects, wanted) for wanted in sentence.effects):
        return f"did {' ; '.join(effects) or 'nothing'}"
    said = reply.casefold()
    missing = [part for part in sentence.reply if not any(each.casefold() in said for each in part)]
    if missing:
        return f"did not say {missing}"
    return "" if reply.strip() else "said nothing"


def effects_of(before: dict[int, Fields], after: dict[int, Fields]) -> list[str]:
    effects = []
    for number, task in after.items():
        if number not in before:
            if not task["occurrence_of"] and not task["deleted_at"]:
                effects.append(_new(task))
        elif effect := _changed(number, before[number], task):
            effects.append(effect)
    return [
        *effects,
        *(f"del {number}" for number in before if number not in after and not before[number]["deleted_at"]),
    ]


def _new(task: Fields) -> str:
    fields = [f"{NAMES.get(name, name)}={_text(task[name])}" for name in SHOWN[1:] if task[name]]
    return " | ".join([f"+ {task['title']}", *fields, *(["done"] if task["completed"] else [])])


def _changed(number: int, old: Fields, new: Fields) -> str:
    if bool(old["deleted_at"]) != bool(new["deleted_at"]):
        return f"{'del' if new['deleted_at'] else 'restore'} {number}"
    if old["completed"] != new["completed"]:
        return f"{'done' if new['completed_at'] else 'open'} {number}"
    fields = [f"{NAMES.get(name, name)}={_text(new[name])}" for name in SHOWN if old[name] != new[name]]
    return f"{number}: {' | '.join(fields)}" if fields else ""


def _text(value: Any) -> str:
    return " ".join(value) if isinstance(value, list) and value else str(value) if value else "-"


def _is_same(effects: list[str], wanted: tuple[str, ...]) -> bool:
    left = [each for each in wanted if each != "nothing"]
    for effect in effects:
        fitting = next((each for each in left if _matches(effect, each)), None)
        if fitting is None:
            return False
        left.remove(fitting)
    return not left


def _matches(effect: str, wanted: str) -> bool:
    has, wants = effect.split(" | "), wanted.split(" | ")
    if has[0].startswith("+") != wants[0].startswith("+"):
        return False
    if has[0].startswith("+"):
        return _bare(has[0]) == _bare(wants[0]) and _same_fields(has[1:], wants[1:])
    (has_id, _, has_first), (wants_id, _, wants_first) = has[0].partition(": "), wants[0].partition(": ")
    return has_id == wants_id and _same_fields([has_first, *has[1:]], [wants_first, *wants[1:]])


def _same_fields(has: list[str], wants: list[str]) -> bool:
    return len(has) == len(wants) and all(any(_same_field(one, other) for other in wants) for one in has)


def _same_field(has: str, wants: str) -> bool:
    (name, _, value), (wanted_name, _, wanted) = has.partition("="), wants.partition("=")
    if name != wanted_name:
        return False
    if name == "every":
        return (wanted == "-") == (value == "-") and all(part in value for part in wanted.split(";") if part != "-")
    return _bare(value) == _bare(wanted)


def _bare(text: str) -> list[str]:
    return [word for word in _WORD.findall(text.casefold()) if word not in _SAYING_NOTHING and word not in ".!?,"]
