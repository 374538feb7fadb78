"""Shows a plan, which is what calls would change, to the user who is to approve it."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import msgspec

from domain.chat.approval import PlannedChange
from domain.tasks.changes import ChangeKind, Event
from domain.tasks.dates.scheduling import ONCE
from domain.text import shortened

UNSHOWN = frozenset(
    {"user_id", "id", "created_at", "updated_at", "completed_at", "deleted_at", "revision", "order_key", "slot"}
)
"""Fields that follow from others, or that no user sets."""
MAX_TEXT_LENGTH = 200
"""Characters of a value that a plan shows."""
MAX_NAMED = 5
VERBS: Mapping[str, str] = {
    "created": "add", "updated": "change", "completed": "complete", "uncompleted": "reopen", "deleted": "delete",
    "restored": "restore", "purged": "delete for good",
}  # fmt: skip
SUMMARY = "This would {}."
QUESTION = f"{SUMMARY} Shall I? Say yes or no; I wait for ten minutes."
MAX_LINES = 20
"""The changes that are listed one by one where no page shows the plan."""


def planned_change(event: Event) -> PlannedChange:
    before, after = _shown(event.before), _shown(event.after)
    differing = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    state = event.after or event.before
    return PlannedChange(
        entity=event.entity,
        id=event.entity_id if event.before else None,
        title=str(getattr(state, "title", None) or getattr(state, "name", "")),
        action=event.kind,
        before={name: before[name] for name in differing if name in before},
        after={name: after[name] for name in differing if name in after},
    )


def question_about(changes: Sequence[PlannedChange]) -> str:
    """Returns the question in words, which names the first entities of each kind of change."""
    return QUESTION.format(_summary(changes))


def text_of(changes: Sequence[PlannedChange]) -> str:
    """Returns the plan as a text of its own: what it would do, and a line for each of the first changes."""
    lines = [f"- {_line(change)}" for change in changes[:MAX_LINES]]
    more = [f"- and {len(changes) - MAX_LINES} more"] if len(changes) > MAX_LINES else []
    return "\n".join([SUMMARY.format(_summary(changes)), *lines, *more])


def _line(change: PlannedChange) -> str:
    """Returns the change as "change “Milk”: priority low → high". Only changes and new tasks name their fields."""
    has_details = change.action in (ChangeKind.CREATED, ChangeKind.UPDATED)
    told = [name for name, value in change.after.items() if name != "title" and value not in (False, ONCE)]
    details = [_detail(change, name) for name in ({**change.before, **dict.fromkeys(told)} if has_details else ())]
    return f"{_verb(change)} {_quoted(change.title)}" + (f": {'; '.join(details)}" if details else "")


def _detail(change: PlannedChange, name: str) -> str:
    before, after = (_value(state.get(name, "–")) for state in (change.before, change.after))
    return f"{name} {before} → {after}" if name in change.before else f"{name} {after}"


def _value(value: Any) -> str:
    return _in_one_line(", ".join(map(str, value)) if isinstance(value, list) else str(value))


def _summary(changes: Sequence[PlannedChange]) -> str:
    groups: dict[tuple[str, str], list[str]] = {}
    for change in changes:
        groups.setdefault((_verb(change), change.entity), []).append(change.title)
    return " and ".join(_told(*kind, titles) for kind, titles in groups.items())


def _verb(change: PlannedChange) -> str:
    return VERBS.get(change.action, "change")


def _quoted(title: str) -> str:
    return f"“{shortened(_in_one_line(title), 60)}”"


def _in_one_line(text: str) -> str:
    """Returns the text without line breaks, by which it could look like lines of the plan."""
    return " ".join(text.split())


def _told(verb: str, entity: str, titles: Sequence[str]) -> str:
    named = ", ".join(map(_quoted, titles[:MAX_NAMED]))
    more = f" and {len(titles) - MAX_NAMED} more" if len(titles) > MAX_NAMED else ""
    number = f"{len(titles)} {entity}s" if len(titles) > 1 else f"the {entity}"
    return f"{verb} {number} {named}{more}" if len(titles) == 1 else f"{verb} {number} ({named}{more})"


def _shown(state: Any) -> dict[str, Any]:
    if state is None:
        return {}
    names = [each.name for each in fields(state) if each.name not in UNSHOWN and not each.metadata]
    values = {name: msgspec.to_builtins(getattr(state, name)) for name in names}
    return {name: _bounded(value) for name, value in values.items() if value not in (None, [], "")}


def _bounded(value: Any) -> Any:
    return shortened(value, MAX_TEXT_LENGTH) if isinstance(value, str) else value
