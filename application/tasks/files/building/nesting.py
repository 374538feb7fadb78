"""Makes the subtasks of a file follow the rules: no cycles, three levels, in their parent's list."""

from collections.abc import Sequence

from application.tasks.files.building.finishing import with_paragraph
from application.tasks.files.building.remarks import Remarks
from application.tasks.files.imported import ImportedTask

MAX_LEVELS = 3
TOO_DEEP = f"is more than {MAX_LEVELS} levels below a task, so it is moved up to the third level"
TWICE = "has the same id as a task before it, which keeps the subtasks"
ABSENT = "is a subtask of a task that is not in the file, so it stands alone"
CYCLE = "is a subtask of itself in the file, so it stands alone"
OTHER_LIST = "is in {here}, the list of its parent; in the file it is in {there}"
TWO_RULES = "recurs below a task that recurs, so its rule is in the description: {rule}"
INBOX = "the inbox"


class Nesting:
    """Each task is placed after its parent, and only once, however deep the file is."""

    def __init__(self, remarks: Remarks) -> None:
        self._remarks = remarks
        self._by_key: dict[str, ImportedTask] = {}
        self._above: dict[int, tuple[ImportedTask, ...]] = {}

    def apply(self, tasks: Sequence[ImportedTask]) -> None:
        for task in tasks:
            self._index(task)
        for task in tasks:
            for each in reversed(self._unplaced(task)):
                self._place(each)

    def _index(self, task: ImportedTask) -> None:
        if task.key in self._by_key:
            self._remarks.note(task.line, TWICE)
            task.key = None
        elif task.key:
            self._by_key[task.key] = task

    def _unplaced(self, task: ImportedTask) -> list[ImportedTask]:
        """Returns the task and those above it which are not placed yet. A cycle is cut at the topmost."""
        path: dict[int, ImportedTask] = {}
        each: ImportedTask | None = task
        while each is not None and id(each) not in self._above:
            path[id(each)] = each
            each = self._parent(each)
            if each is not None and id(each) in path:
                self._alone([*path.values()][-1], CYCLE)
                break
        return [*path.values()]

    def _parent(self, task: ImportedTask) -> ImportedTask | None:
        if task.parent and task.parent not in self._by_key:
            self._alone(task, ABSENT)
        return self._by_key.get(task.parent or "")

    def _alone(self, task: ImportedTask, why: str) -> None:
        self._remarks.note(task.line, why)
        task.parent = None

    def _place(self, task: ImportedTask) -> None:
        parent = self._by_key.get(task.parent or "")
        above = (*self._above[id(parent)], parent) if parent else ()
        if len(above) > MAX_LEVELS:
            self._remarks.note(task.line, TOO_DEEP)
            above = above[:MAX_LEVELS]
            task.parent = above[-1].key
        self._above[id(task)] = above
        if above:
            self._take_list(task, above[0].list)
        if task.recurrence and any(each.recurrence for each in above):
            self._drop_rule(task, task.recurrence)

    def _take_list(self, task: ImportedTask, here: str | None) -> None:
        if task.list != here:
            self._remarks.note(task.line, OTHER_LIST.format(here=here or INBOX, there=task.list or INBOX))
            task.list = here

    def _drop_rule(self, task: ImportedTask, rule: str) -> None:
        self._remarks.note(task.line, TWO_RULES.format(rule=rule))
        task.description = with_paragraph(task.description, f"Repeats: {rule}")
        task.recurrence, task.recurs_from = None, "due"
