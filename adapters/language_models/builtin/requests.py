"""What a sentence can ask for. Requests are stored with the conversation while a question about them is open."""

from typing import Any

from msgspec import Struct

Fields = dict[str, Any]
"""Values of a task by the names that the tools use."""


class Ref(Struct, frozen=True, omit_defaults=True):
    """Which tasks are meant.

    `ids` are numbers, and `places` are those of the list that was shown last, from 0, negative from the end. `pronoun`
    is "it", "them", "other" or "rest". With `every`, all tasks are meant that fit the filters and `group`, which is the
    name of a list or a tag, or words. `words` are those of one task, or of several. `but` is what is left out.
    """

    ids: tuple[int, ...] = ()
    places: tuple[int, ...] = ()
    pronoun: str = ""
    every: bool = False
    filters: tuple[str, ...] = ()
    status: str = ""
    group: str = ""
    words: str = ""
    but: str = ""

    def is_empty(self) -> bool:
        return self == Ref()


class Shift(Struct, frozen=True):
    """By how much a due date is moved."""

    days: int = 0
    minutes: int = 0


class Request(Struct, frozen=True, omit_defaults=True):
    """`op` is what to do: add, complete, reopen, delete, restore, update, put, bare, offer, ask, list, find, undo,
    redo, again, copy, correct, confirmed, names, talk. `items` are the tasks to add, `fields` and `clear` the changes.
    `topic` is the subject of the answer, and `said` is the user's message. `is_news` marks a report, such as "I called
    mom".
    """

    op: str
    ref: Ref = Ref()
    items: tuple[Fields, ...] = ()
    fields: Fields = {}
    clear: tuple[str, ...] = ()
    shift: Shift | None = None
    topic: str = ""
    said: str = ""
    is_news: bool = False
    asked: bool = False
