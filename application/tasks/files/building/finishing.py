"""Makes a task of what was found: values that break a rule go into the description, and a note says so."""

from datetime import time

from application.tasks.date_words import DateContext
from application.tasks.files.building.raw_task import RawTask
from application.tasks.files.building.remarks import Remarks, shown
from application.tasks.files.building.rules import RuleReader
from application.tasks.files.imported import ImportedTask
from application.tasks.files.reading.times import estimate_text
from domain.tasks.fields import MAX_DESCRIPTION_LENGTH, MAX_TITLE_LENGTH
from domain.tasks.words.names import same_name_key
from domain.text import UNSTORABLE, is_visible

MAX_TAGS, MAX_TAG_LENGTH = 20, 50
MAX_TAGS_TRIED = 1_000
NO_TITLE = "(no title)"


class Finisher:
    def __init__(self, context: DateContext, remarks: Remarks) -> None:
        self._remarks = remarks
        self._rules = RuleReader(context)

    def finished(self, raw: RawTask) -> ImportedTask:
        """Returns the task. It accepts each row: a value that its field can't have becomes text, and a note says so."""
        tags = self._tags(raw)
        self._check_start(raw)
        recurrence, estimate = self._recurrence(raw), self._estimate(raw)
        title, description = self._texts(raw)
        return ImportedTask(
            line=raw.line,
            title=title,
            description=description,
            list=raw.list,
            key=raw.key,
            parent=raw.parent,
            completed=raw.completed,
            completed_at=raw.completed_at if raw.completed else None,
            created_at=raw.created_at,
            updated_at=raw.updated_at,
            deleted_at=raw.deleted_at,
            priority=raw.priority,
            tags=tags,
            start=raw.start.day.isoformat() if raw.start else None,
            due=raw.due.text if raw.due else None,
            deadline=raw.deadline.day.isoformat() if raw.deadline else None,
            recurrence=recurrence,
            recurs_from=raw.recurs_from.value if recurrence else "due",
            estimate=estimate,
        )

    def _texts(self, raw: RawTask) -> tuple[str, str | None]:
        title = self._storable(raw, "title", raw.title)
        description = self._storable(raw, "description", raw.description)
        extras = self._storable(raw, "description", "\n".join(raw.extras))
        if not is_visible(title):
            title, description = self._titled(raw, description)
        if len(title) > MAX_TITLE_LENGTH:
            self._remarks.note(raw.line, TITLE_CUT)
            title, description = _cut(title), paragraphs(title, description)
        return title, self._fitted(raw, paragraphs(description, extras))

    def _storable(self, raw: RawTask, name: str, text: str) -> str:
        """Returns the text without characters that can't be stored, with the line ends of Markdown."""
        clean = UNSTORABLE.sub("", text)
        if clean != text:
            self._remarks.note(raw.line, f"{name}: had characters that can't be stored, such as NUL; they are left out")
        return clean.replace("\r\n", "\n").replace("\r", "\n").strip()

    def _titled(self, raw: RawTask, description: str) -> tuple[str, str]:
        first, _, rest = description.partition("\n")
        if is_visible(first):
            self._remarks.note(raw.line, "title: is empty, so the first line of the description is the title")
            return first.strip(), rest.strip()
        self._remarks.note(raw.line, f"title: is empty, so it is called {NO_TITLE}")
        return NO_TITLE, description

    def _fitted(self, raw: RawTask, description: str) -> str | None:
        if len(description) > MAX_DESCRIPTION_LENGTH:
            lost = len(description) - MAX_DESCRIPTION_LENGTH
            message = f"is longer than {MAX_DESCRIPTION_LENGTH} characters; its last {lost} are left out"
            self._remarks.note(raw.line, f"description: {message}")
        return description[:MAX_DESCRIPTION_LENGTH].strip() or None

    def _tags(self, raw: RawTask) -> list[str]:
        names: dict[str, str] = {}
        if len(raw.tags) > MAX_TAGS_TRIED:
            self._remarks.note(
                raw.line, f"tags: of {len(raw.tags)}, those after the first {MAX_TAGS_TRIED} are left out"
            )
        for tag in raw.tags[:MAX_TAGS_TRIED]:
            name = UNSTORABLE.sub("", tag).strip()
            if is_visible(name):
                names.setdefault(same_name_key(name[: 2 * MAX_TAG_LENGTH]) or name, name)
        kept = [name for name in names.values() if len(name) <= MAX_TAG_LENGTH][:MAX_TAGS]
        others = [name for name in names.values() if name not in kept]
        if others:
            raw.describe("Further tags", ", ".join(others))
            self._remarks.note(raw.line, TAGS_LEFT)
        return kept

    def _check_start(self, raw: RawTask) -> None:
        """A start is a day. Its hour goes into the description, unless it is midnight or that of the due date."""
        if raw.start and raw.start.has_time and raw.start.local.time() != time() and raw.start != raw.due:
            raw.describe("Start", raw.start.text)
        if raw.start and raw.due and raw.start.day > raw.due.day:
            raw.describe("Start", raw.start.day.isoformat())
            self._remarks.note(raw.line, "start: is later than the due date, so it is in the description")
            raw.start = None

    def _recurrence(self, raw: RawTask) -> str | None:
        """Returns the rule. A task that is done has none: it is one date of a series that goes on without it."""
        if not raw.rule.strip():
            return None
        if raw.completed:
            raw.describe("Repeated", raw.rule)
            return None
        try:
            return self._rules.read(raw)
        except ValueError as error:
            raw.describe("Repeats", raw.rule)
            message = f"{shown(raw.rule)} {error}"
            self._remarks.note(raw.line, f"recurrence: {message}. It is in the description")
            return None

    def _estimate(self, raw: RawTask) -> str | None:
        if not raw.minutes:
            return None
        try:
            return estimate_text(raw.minutes)
        except (ValueError, OverflowError) as error:
            raw.describe("Estimate", f"{raw.minutes:g} minutes")
            message = f"{raw.minutes:g} minutes {error}. It is in the description"
            self._remarks.note(raw.line, f"estimate: {message}")
            return None


TITLE_CUT = f"title: is longer than {MAX_TITLE_LENGTH} characters; the whole of it begins the description"
TAGS_LEFT = (
    f"tags: at most {MAX_TAGS}, each of at most {MAX_TAG_LENGTH} characters, are kept; others are in the description"
)


def paragraphs(*texts: str) -> str:
    return "\n\n".join(text for text in texts if text)


def with_paragraph(description: str | None, text: str) -> str:
    """Returns the description with a last paragraph. If both don't fit, the end of the description gives way."""
    room = MAX_DESCRIPTION_LENGTH - len(text) - 2
    return paragraphs((description or "")[:room], text)


def _cut(title: str) -> str:
    """Cuts the title after the last whole word that fits, or within its only word."""
    start = title[:MAX_TITLE_LENGTH]
    words = start.rsplit(maxsplit=1)
    return f"{(words[0] if len(words) == 2 else start)[: MAX_TITLE_LENGTH - 1]}…"
