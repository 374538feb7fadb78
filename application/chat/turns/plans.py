"""Shows a plan, which is what calls would change, to the user who is to approve it."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import msgspec

from domain.chat.approval import PlannedChange
from domain.tasks.changes import Event
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
QUESTION = "This would {}. Shall I? Say yes or no; I wait for ten minutes."


def planned_change(event: Event) -> PlannedChange:
    """Returns the event as it is shown, with the fields that differ."""
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
    groups: dict[tuple[str, str], list[str]] = {}
    for change in changes:
        groups.setdefault((VERBS.get(change.action, "change"), change.entity), []).append(change.title)
    return QUESTION.format(" and ".join(_told(*kind, titles) for kind, titles in groups.items()))


def _told(verb: str, entity: str, titles: Sequence[str]) -> str:
    named = ", ".join(f"“{shortened(title, 60)}”" for title in titles[:MAX_NAMED])
    more = f" and {len(titles) - MAX_NAMED} more" if len(titles) > MAX_NAMED else ""
    number = f"{len(titles)} {entity}s" if len(titles) > 1 else f"the {entity}"
    return f"{verb} {number} {named}{more}" if len(titles) == 1 else f"{verb} {number} ({named}{more})"


def _shown(state: Any) -> dict[str, Any]:
    """Returns the fields of an entity that are set and that its user knows."""
    if state is None:
        return {}
    names = [each.name for each in fields(state) if each.name not in UNSHOWN and not each.metadata]
    values = {name: msgspec.to_builtins(getattr(state, name)) for name in names}
    return {name: _bounded(value) for name, value in values.items() if value not in (None, [], "")}


def _bounded(value: Any) -> Any:
    return shortened(value, MAX_TEXT_LENGTH) if isinstance(value, str) else value
