from application.tasks.files.imported import Remark
from application.tasks.files.limits import check_count

MAX_NOTES = 50_000
MAX_KINDS = 1_000
MAX_SHOWN = 100
"""The most characters of the file that a message repeats."""
FURTHER = "further fields"


class Remarks:
    """Notes and problems. The names of counted values are noted once, at the line where they first occur."""

    def __init__(self) -> None:
        self.problems: list[Remark] = []
        self.file = ""
        self._notes: list[Remark] = []
        self._begin = 0
        self._further = 0
        self._counts: dict[tuple[str, str], tuple[int, int]] = {}

    def begin_file(self, name: str) -> None:
        """Names the file of all notes from here on. Puts the notes on the file before in order."""
        self._notes[self._begin :] = sorted(self._notes[self._begin :], key=lambda each: each.line)
        self._begin = len(self._notes)
        self.file = shown(name)

    def note(self, line: int, message: str) -> None:
        if len(self._notes) < MAX_NOTES:
            self._notes.append(Remark(line, self._told(message)))
        else:
            self._further += 1

    def problem(self, line: int, message: str) -> None:
        """Raises `Invalid` for too many problems."""
        self.problems.append(Remark(line, self._told(message)))
        check_count(len(self.problems))

    def count(self, line: int, what: str) -> None:
        kind = (self.file, shown(what))
        if kind not in self._counts and len(self._counts) >= MAX_KINDS:
            kind = (self.file, FURTHER)
        first, times = self._counts.get(kind, (line, 0))
        self._counts[kind] = first, times + 1

    def notes(self) -> list[Remark]:
        return [*self._counted(), *self._notes, *self._uncounted()]

    def _counted(self) -> list[Remark]:
        return [
            Remark(first, _in(file, f"{what}: is not kept, {times} time{'s' * (times > 1)} from this line on"))
            for (file, what), (first, times) in self._counts.items()
        ]

    def _uncounted(self) -> list[Remark]:
        return [Remark(0, f"{self._further} further notes are left out")] if self._further else []

    def _told(self, message: str) -> str:
        return _in(self.file, message)


def shown(text: str) -> str:
    line = " ".join(text[: 2 * MAX_SHOWN].split())
    return line if len(line) <= MAX_SHOWN else f"{line[: MAX_SHOWN - 1]}…"


def _in(file: str, message: str) -> str:
    return f"{file}: {message}" if file else message
