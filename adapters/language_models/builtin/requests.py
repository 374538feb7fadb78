"""What a sentence may ask for, once it is understood."""

from dataclasses import dataclass
from enum import StrEnum

from domain.tasks.task import Status


@dataclass(frozen=True, slots=True)
class Numbers:
    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pronoun:
    """What was spoken of last: "it", "that one" or "them"; `count` of them, where that was said ("both")."""

    plural: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Ordinal:
    """Places in the list shown last, from 0; negative places count from its end."""

    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Every:
    """All tasks of a status; with `words`, only those about them. `status` None: whichever the verb is for."""

    status: Status | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """`named`: the sentence calls it a task ("the milk task"), so it can't mean something else in the world."""

    text: str
    named: bool = False


@dataclass(frozen=True, slots=True)
class Extreme:
    newest: bool


Reference = Numbers | Pronoun | Ordinal | Every | Words | Extreme
UNSAID = Words("")


class Verb(StrEnum):
    COMPLETE = "complete"
    REOPEN = "reopen"
    DELETE = "delete"
    RESTORE = "restore"
    PUT_BACK = "put back"
    """Restored where it is in the trash, reopened where it is done."""


@dataclass(frozen=True, slots=True)
class Draft:
    title: str
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Add:
    """`open_ended`: the title may hold anything ("remind me to …"), so only another "add" begins a new request."""

    drafts: tuple[Draft, ...]
    open_ended: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that could be meant as a task: asked about, never added unasked."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class Act:
    """`said` is the verb with its object if both together could be the title of a task ("throw out the trash").
    `statement` is true for a report ("I called mom") and false for a request."""

    verb: Verb
    task: Reference
    said: str = ""
    statement: bool = False


@dataclass(frozen=True, slots=True)
class Rename:
    """`others` are further ways to cut "change go to gym to go to pool" in two."""

    task: Reference
    title: str
    others: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Describe:
    """`note` None clears the description; `more` adds to it instead of replacing it."""

    task: Reference
    note: str | None
    more: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    status: Status


@dataclass(frozen=True, slots=True)
class Find:
    task: Reference
    is_it_done: bool = False


@dataclass(frozen=True, slots=True)
class Undo:
    pass


@dataclass(frozen=True, slots=True)
class Remark:
    """Nothing to do: `topic` is what the answer is about."""

    topic: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Unsure:
    """A command put as a question ("delete task 3?"): asked back before anything happens."""

    request: "Request"
    said: str


Targeted = Act | Rename | Describe | Find
Request = Add | Offer | Targeted | Listing | Undo | Remark | Unsure
UNCLEAR = Remark("unclear")
COMMANDS = (Add, Act, Rename, Describe, Listing)
"""The kinds of requests of which several may stand in one message."""
