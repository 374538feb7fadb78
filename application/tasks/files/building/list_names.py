from application.tasks.files.building.remarks import Remarks, shown
from application.tasks.files.imported import ImportedList
from domain.errors import Invalid
from domain.tasks.words.names import same_name_key
from domain.text import UNSTORABLE, is_visible

MAX_NAME_LENGTH = 120
MAX_LISTS = 500
MAX_ASKED = 50_000
"""How often a file may name a list. A table names it in each row."""
INBOX = "inbox"


class ListNames:
    """The lists that were found. A list called Inbox is the inbox."""

    def __init__(self, remarks: Remarks) -> None:
        self.all: list[ImportedList] = []
        self._remarks = remarks
        self._names: dict[tuple[str, ...], str | None] = {}
        self._taken: set[str] = set()
        self._asked = 0

    def named(self, name: str, *about: str, color: str | None = None, archived: bool = False) -> str | None:
        """Returns the name that a list gets, or None for the inbox. `about` tells lists of the same name apart: the
        file, a number or a folder. Raises `Invalid` for too many."""
        self._asked += 1
        if self._asked > MAX_ASKED:
            raise Invalid.field("body", "must hold fewer lists: import it in parts")
        key = (name, *about)
        if key not in self._names:
            self._names[key] = self._new(name, color, archived)
        return self._names[key]

    def _new(self, name: str, color: str | None, archived: bool) -> str | None:
        clean = _clean(name)
        if not is_visible(clean) or same_name_key(clean) == INBOX:
            return None
        if len(self.all) >= MAX_LISTS:
            self._remarks.note(0, f"list {shown(clean)}: is beyond {MAX_LISTS} lists, so its tasks are in the inbox")
            return None
        free = self._free(clean)
        if free != name.strip():
            self._remarks.note(0, f"list {shown(name)}: is called {shown(free)} here")
        self.all.append(ImportedList(name=free, color=color, archived=archived))
        return free

    def _free(self, name: str) -> str:
        free, number = name, 1
        while same_name_key(free) in self._taken:
            number += 1
            free = f"{name[: MAX_NAME_LENGTH - 6]} ({number})"
        self._taken.add(same_name_key(free))
        return free


def _clean(name: str) -> str:
    words = " ".join(UNSTORABLE.sub("", name[: 10 * MAX_NAME_LENGTH]).split())
    return words if len(words) <= MAX_NAME_LENGTH else f"{words[: MAX_NAME_LENGTH - 1]}…"
