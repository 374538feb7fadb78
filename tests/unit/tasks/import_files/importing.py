"""Reads files as an import would: at 10 o'clock on Saturday, 28 November 2026, in Berlin."""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from application.tasks.date_words import DateContext
from application.tasks.files.detecting import detect
from application.tasks.files.imported import ImportedFile, ImportedTask

BERLIN = DateContext(datetime(2026, 11, 28, 10, tzinfo=ZoneInfo("Europe/Berlin")), locale="en-GB")


def imported(body: bytes | str | Any, filename: str = "", context: DateContext = BERLIN) -> ImportedFile:
    """Reads bytes, text, or what is to be written as JSON."""
    encoded = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
    return detect(encoded, "", filename).read(encoded, context, filename)


def only(body: bytes | str | Any, filename: str = "", context: DateContext = BERLIN) -> ImportedTask:
    (task,) = imported(body, filename, context).tasks
    return task


def messages(file: ImportedFile) -> list[str]:
    return [f"{line}: {message}" for line, message in file.notes]


def tree(file: ImportedFile) -> list[tuple[str, str | None]]:
    """Returns the titles in their order, each with that of its parent."""
    titles = {task.key: task.title for task in file.tasks if task.key}
    return [(task.title, titles[task.parent] if task.parent else None) for task in file.tasks]
