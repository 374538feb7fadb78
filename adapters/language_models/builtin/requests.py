"""The requests that a sentence can be understood as."""

from dataclasses import dataclass
from enum import StrEnum

from domain.tasks.task import Status


@dataclass(frozen=True, slots=True)
class Numbers:
    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pronoun:
    """The tasks that were spoken of last: "it", "that one" or "them". `count` is their number if the user says it
    ("both")."""

    plural: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Ordinal:
    """Places in the list that was shown last. They count from 0, and negative ones count from the end."""

    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Every:
    """All tasks of a status. With `words`, only the tasks about them. If `status` is None, the verb decides which tasks
    it is for."""

    status: Status | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """The words for a task. `named` means that the sentence calls it a task, as in "the milk task", so nothing else can
    be meant."""

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
    """Restores a task that is in the trash, and reopens one that is completed."""


@dataclass(frozen=True, slots=True)
class Draft:
    title: str
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Add:
    """Adds tasks. `open_ended` means that the title may continue with anything, as in "remind me to …". Then only
    another "add" begins a new request."""

    drafts: tuple[Draft, ...]
    open_ended: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that may be meant as a task. The user is asked before it is added."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class Act:
    """Changes the state of tasks. `said` is the verb with its object if both could be a title ("throw out the trash").
    `statement` is true for a report ("I called mom") and false for a request."""

    verb: Verb
    task: Reference
    said: str = ""
    statement: bool = False


@dataclass(frozen=True, slots=True)
class Rename:
    """Changes a title. `others` are further ways to split "change go to gym to go to pool" into the old and the new
    title."""

    task: Reference
    title: str
    others: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Describe:
    """Changes a description. None for `note` clears it. With `more`, the note is added to it."""

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
    """A sentence that asks for nothing to be done. `topic` is what the answer is about."""

    topic: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Unsure:
    """A command in the form of a question, such as "delete task 3?". The user is asked before anything happens."""

    request: "Request"
    said: str


Targeted = Act | Rename | Describe | Find
Request = Add | Offer | Targeted | Listing | Undo | Remark | Unsure
UNCLEAR = Remark("unclear")
COMMANDS = (Add, Act, Rename, Describe, Listing)
"""The kinds of requests that can be combined in one message."""
