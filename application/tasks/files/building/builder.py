from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from application.tasks.date_words import DateContext
from application.tasks.files.building.finishing import Finisher
from application.tasks.files.building.list_names import ListNames
from application.tasks.files.building.nesting import Nesting
from application.tasks.files.building.raw_task import RawTask
from application.tasks.files.building.remarks import Remarks, shown
from application.tasks.files.imported import ImportedFile, ImportedTask, ImportedView
from application.tasks.files.limits import check_count
from application.tasks.files.reading.times import moment
from domain.tasks.dates.due import Due


class ImportBuilder:
    def __init__(self, context: DateContext) -> None:
        assert isinstance(context.now.tzinfo, ZoneInfo), "now is in the account's zone"
        self.context = context
        self.here = context.now.tzinfo
        self.zone = context.now.tzinfo.key
        self.remarks = Remarks()
        self.lists = ListNames(self.remarks)
        self.views: list[ImportedView] = []
        self._finisher = Finisher(context, self.remarks)
        self._tasks: list[tuple[float, ImportedTask]] = []
        self._line = 0
        self._files = 0
        self._nested = 0
        self._is_in_order = False

    def begin_file(self, name: str) -> None:
        self._nest()
        self.remarks.begin_file(name)
        self._files += 1
        self._line = 0

    def next_line(self) -> int:
        self._line += 1
        return self._line

    def add(self, raw: RawTask) -> None:
        """Adds a task. Raises `Invalid` for too many."""
        task = self._finisher.finished(raw)
        task.key, task.parent = self._own(raw.key), self._own(raw.parent)
        self._tasks.append((float("inf") if raw.order is None else raw.order, task))
        check_count(len(self._tasks))

    def take(self, task: ImportedTask) -> None:
        """Adds a task whose values are as they are to be stored. Then all tasks stay in the order of the file."""
        self._is_in_order = True
        self._tasks.append((task.line, task))

    def date(self, raw: RawTask, name: str, text: str | None, read: Callable[[str], Due | None]) -> Due | None:
        """Returns the date. One that can't be read goes into the description."""
        if not text or not text.strip():
            return None
        try:
            return read(text)
        except (ValueError, OverflowError):
            self.unread(raw, name, text)
            return None

    def time(self, raw: RawTask, name: str, text: str | None) -> datetime | None:
        """Returns when something happened. A time that can't be read is noted."""
        try:
            return moment(text) if text and text.strip() else None
        except ValueError:
            self.remarks.note(raw.line, f"{name}: {shown(text or '')} is no time, so it is left out")
            return None

    def unread(self, raw: RawTask, name: str, text: str) -> None:
        raw.describe(name, text)
        self.remarks.note(raw.line, f"{name}: {shown(text)} can't be read, so it is in the description")

    def built(self) -> ImportedFile:
        self._nest()
        self.remarks.begin_file("")
        places = {each.name: place for place, each in enumerate(self.lists.all, 1)}
        if not self._is_in_order:
            self._tasks.sort(key=lambda each: (places.get(each[1].list or "", 0), each[0]))
        notes, problems = self.remarks.notes(), self.remarks.problems
        tasks = [task for _, task in self._tasks]
        return ImportedFile(tasks=tasks, lists=self.lists.all, views=self.views, notes=notes, problems=problems)

    def _nest(self) -> None:
        Nesting(self.remarks).apply([task for _, task in self._tasks[self._nested :]])
        self._nested = len(self._tasks)

    def _own(self, key: str | None) -> str | None:
        """Returns the key of a task as no other file of the archive has it."""
        return f"{self._files}/{key}" if key else None
