"""The table of phrases in `phrases.md`, row by row."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from application.tasks.date_words import DateContext, FoundDate

_HEADING = re.compile(r"## (\S+)\[(\S+)\], (\S+), week from (\w+)(, whole texts)?")
_ROW = re.compile(r"\| (.*) \| (.*) \|")
_SKIPPED = ("words", "---")


class Row(NamedTuple):
    context: DateContext
    is_whole: bool
    marked: str
    meaning: str

    @property
    def text(self) -> str:
        return self.marked.replace("«", "").replace("»", "") if self.meaning != "nothing" else self.marked


def rows() -> Iterator[Row]:
    context, is_whole = None, False
    for line in Path(__file__).with_name("phrases.md").read_text(encoding="utf-8").splitlines():
        if heading := _HEADING.fullmatch(line):
            now = datetime.fromisoformat(heading[1]).replace(tzinfo=ZoneInfo(heading[2]))
            context, is_whole = DateContext(now, heading[4], heading[3]), bool(heading[5])
        row = _ROW.fullmatch(line)
        if row and row[1] not in _SKIPPED:
            assert context is not None
            yield Row(context, is_whole, row[1], row[2])


def marked(text: str, found: FoundDate | None) -> str:
    for start, end in reversed(found.spans if found else ()):
        text = f"{text[:start]}«{text[start:end]}»{text[end:]}"
    return text


def said(found: FoundDate | None) -> str:
    if found is None:
        return "nothing"
    completion = "from completion" if found.recurs_from == "completion" else None
    return ", ".join(filter(None, (found.due, found.rule, completion, found.estimate)))
