from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from application.tasks.date_words import DateContext
from application.tasks.files.detecting import detect
from application.tasks.files.imported import Remark
from application.tasks.imports.content import Content, content_of
from domain.errors import FieldError, Invalid
from domain.tasks.dates.calendar import Calendar

REFUSED_SHOWN = 20


class OnError(StrEnum):
    REFUSE = "refuse"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class SentFile:
    """`name` may be empty, and is the name of a list if the file itself does not say one."""

    body: bytes
    media_type: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    user_id: str
    now: datetime
    calendar: Calendar


def read_file(file: SentFile, reader: Reader, on_error: OnError) -> Content:
    """Returns what the file comes to. It is to be called in a thread, since thousands of tasks would block other
    requests. Raises `UnknownFormat`, and `Invalid` for a file that can't be read, for too many tasks, and for bad ones
    if `on_error` refuses them."""
    calendar = reader.calendar
    context = DateContext(calendar.local(reader.now), calendar.week_start, calendar.locale)
    read = detect(file.body, file.media_type, file.name).read(file.body, context, file.name)
    content = content_of(read, reader.user_id, reader.now, calendar)
    if content.problems and on_error is OnError.REFUSE:
        raise _refusal(content.problems)
    return content


def _refusal(problems: Sequence[Remark]) -> Invalid:
    shown = [FieldError(f"line {each.line}", each.message) for each in problems[:REFUSED_SHOWN]]
    further = len(problems) - len(shown)
    return Invalid(*shown, *([FieldError("body", f"{further} further rows are bad")] if further else []))
