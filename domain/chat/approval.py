"""Approvals: before a turn, or a call of an MCP client, changes much at once, it waits for the user's yes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

APPROVAL_LIFETIME = timedelta(minutes=10)
MAX_SHOWN_CHANGES = 100
"""The changes of a plan that are stored and shown. Its question gives the number of all."""
MAX_FREE_DELETIONS, MAX_FREE_CHANGES = 1, 5
"""The operations on existing tasks that a turn, or a call of an MCP client, may ask for without an approval."""
REFUSED = "The user did not agree, so nothing of this was done. Do not try it again; ask what they want in its place."
CHANGED = (
    "Nothing of this was done: the tasks have changed since the user was asked. Look at them again, and ask for what is"
    " still needed."
)
LEFT_ALONE = "I left everything as it was."
_YES = (
    r"yes+|yep|yea+h?|yup|ya|aye|y|ok|okay|sure|of course|do it|do that|go ahead|go for it|please do|please"
    r"|confirm|confirmed|approved?|i agree|i'm sure|absolutely|definitely"
    r"|delete (?:it|them|both|all of them|all|everything)|👍"
    r"|ja|klar|oui|d'accord|s[ií]|claro|vale|sim|tak|да|はい|是|好的?|네|예"
)
_NO = (
    r"no thank you|no thanks?|no|nope|nah|n|don't do it|don't|do not do it|do not|cancel|stop|never ?mind"
    r"|leave (?:it|them)|nein|non|não|nie|nee|нет|いいえ|不是|不|아니요?"
)
_WITH_YES = r"all of (?:them|those)|all|both of them|both|thank you|thanks?"
_WITH_NO = (
    r"hm+|lol|haha|wait|hang on|hold on|actually|sorry|oh|please|thank you|thanks?|not (?:now|yet|that)"
    r"|(?:i was |i'm )?(?:only |just )?(?:joking|kidding)|cancel (?:it|that|this)|stop (?:it|that)|forget (?:it|that)"
    r"|(?:keep|leave) (?:it|them|that|those|both|all|everything)(?: (?:as (?:it is|is|they are)|alone|there))?"
)
_FIRST_YES, _ANY_NO, _BOTH = (
    re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) for words in (_YES, _NO, r"both(?: of them)?")
)
_TWO = 2
_PART_OF_YES, _PART_OF_NO = (
    re.compile(rf"(?:{words})(?!\w)[\s.,!]*", re.IGNORECASE) for words in (f"{_WITH_YES}|{_YES}", f"{_WITH_NO}|{_NO}")
)


class ApprovalPolicy(StrEnum):
    OFF = "off"
    BULK = "bulk"
    ALWAYS = "always"

    def holds(self, actions: Sequence[str], counted: Sequence[str]) -> bool:
        """Returns whether calls that ask for these actions wait for the user. `counted` are all actions that count as
        asked for at once, these among them. What follows from an action is not counted, nor are new tasks."""
        if self is not ApprovalPolicy.BULK or not actions:
            return self is ApprovalPolicy.ALWAYS and bool(actions)
        changes = [action for action in counted if action != "add"]
        return changes.count("delete") > MAX_FREE_DELETIONS or len(changes) > MAX_FREE_CHANGES


class Decision(StrEnum):
    """How a request ended. `changed` means that the user agreed to a plan that no longer held when it was to run."""

    APPROVED = "approved"
    REFUSED = "refused"
    EXPIRED = "expired"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """What a call would do to one entity. `before` and `after` have the fields that differ. `action` is the kind of the
    change in the log, and `id` is None for a new entity."""

    entity: str
    id: int | None
    title: str
    action: str
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ApprovalRequest:
    """A step of a turn that asks for an approval of exactly these calls. `fingerprint` stands for the states of all
    entities that the calls would change, as they were when the user was asked. `changes` are the first of
    `total_changes`."""

    id: str
    call_ids: tuple[str, ...]
    question: str
    changes: tuple[PlannedChange, ...]
    total_changes: int
    fingerprint: str
    expires_at: datetime

    def has_expired(self, now: datetime) -> bool:
        return now >= self.expires_at

    def id_of_call(self, call_id: str) -> str:
        return f"{self.id}.{self.call_ids.index(call_id) + 1}"


@dataclass(frozen=True, slots=True)
class ApprovalDecision:
    """A step of a turn that answers its last request. `said` are the user's own words, if they answered in words."""

    approval_id: str
    decision: Decision
    said: str | None = None

    @property
    def is_yes(self) -> bool:
        return self.decision is Decision.APPROVED


def approval_id(turn_id: str, number: int) -> str:
    return f"{turn_id}.{number}"


def turn_of_approval(name: str) -> tuple[str, str]:
    """Returns the id of the turn, and that of the approval without the number of a call."""
    turn_id, _, rest = name.partition(".")
    return turn_id, f"{turn_id}.{rest.partition('.')[0]}"


def plain_answer(message: str) -> bool | None:
    """Returns True or False if the message is plainly a yes or a no, and nothing else. Otherwise, returns None."""
    text = message.strip().replace("’", "'")
    if _FIRST_YES.match(text) and _consists_of(_PART_OF_YES, text):
        return True
    return False if _ANY_NO.search(text) and _consists_of(_PART_OF_NO, text) else None


def is_yes_to(message: str, changes: int) -> bool:
    """Returns whether a yes is one to a plan of so many changes. If it says "both", it is one to two."""
    return changes == _TWO or not _BOTH.search(message)


def _consists_of(part: re.Pattern[str], text: str) -> bool:
    """Returns whether such parts follow one another to the end. Each is read in one way, so this takes one pass: of
    two that begin alike, the longer one stands first."""
    at = 0
    while found := part.match(text, at):
        at = found.end()
    return at == len(text)
