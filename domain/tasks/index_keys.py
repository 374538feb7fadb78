"""Keys of a task by which a database finds and sorts it. They are computed from its fields, and are not logged."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from domain.tasks.dates.due_text import read_due
from domain.tasks.fields import PRIORITIES
from domain.tasks.task import Task
from domain.tasks.words.names import same_name_key, without_accents
from domain.tasks.words.search_text import words_of
from domain.zones import UTC_ZONE

MAX_TITLE_KEY_LENGTH = 100
MAX_SEARCH_POSITION = 16_383
"""The last position that a `tsvector` of PostgreSQL tells from those after it."""
END_OF_DAY = "T24:00"
Weights = tuple[str, str]
TITLE_WEIGHTS: Weights = ("A", "B")
DESCRIPTION_WEIGHTS: Weights = ("C", "D")
"""The weights of a word as it is written, and without its accents."""


def due_key(task: Task) -> str | None:
    """Returns the local time at which the task is due. A day comes after all times on it."""
    if task.due is None:
        return None
    return task.due + END_OF_DAY if len(task.due) == len("2026-12-01") else task.due[: len("2026-12-01T09:00")]


def due_at(task: Task) -> datetime | None:
    if task.due is None or "[" not in task.due:
        return None
    return read_due(task.due).instant(ZoneInfo(UTC_ZONE))


def priority_rank(task: Task) -> int | None:
    return PRIORITIES.index(task.priority) if task.priority else None


def title_key(task: Task) -> str:
    return without_accents(task.title)[:MAX_TITLE_KEY_LENGTH]


def search_vector(task: Task) -> str:
    """Returns the text of a `tsvector`: the words of the title and the description, and the tags. Each lexeme begins
    with the prefix of the user. So one plain GIN index finds the words of one user, and needs no extension for a second
    column."""
    prefix = user_prefix(task.user_id)
    words = words_of(task.title)
    lexemes = [*_lexemes(task.title, words, 1, TITLE_WEIGHTS)]
    if task.description:
        lexemes += _lexemes(task.description, words_of(task.description), len(words) + 2, DESCRIPTION_WEIGHTS)
    return " ".join(
        [f"'{prefix}{word}':{place}" for word, place in lexemes]
        + [quoted(tag_lexeme(prefix, tag)) for tag in task.tags]
    )


def tag_lexeme(prefix: str, tag: str) -> str:
    return f"{prefix}@{same_name_key(tag)}"


def quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


@lru_cache(10_000)
def user_prefix(user_id: str) -> str:
    return sha256(user_id.encode()).hexdigest()[:8]


def _lexemes(text: str, words: list[str], first: int, weights: Weights) -> Iterator[tuple[str, str]]:
    """Yields each word with its position and weight. A word with accents is found as it is written, and without."""
    written = words if text.isascii() else words_of(text, with_accents=True)
    is_aligned = len(written) == len(words)
    for place, word in enumerate(words, first):
        at = min(place, MAX_SEARCH_POSITION)
        as_written = written[place - first] if is_aligned else word
        yield word, f"{at}{weights[word != as_written]}"
        if word != as_written:
            yield as_written, f"{at}{weights[0]}"


KEYS: Mapping[str, Callable[[Task], Any]] = {
    "position": lambda task: task.order_key,
    "due_key": due_key,
    "due_at": due_at,
    "priority_rank": priority_rank,
    "title_key": title_key,
    "search": search_vector,
}
"""The columns of the keys. A `position` of None stands for that of the number, which a new task does not have yet."""
