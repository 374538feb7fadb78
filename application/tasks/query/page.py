from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from application.tasks.query.cursor import PLAIN, Cursors
from application.tasks.query.task_query import Total
from domain.tasks.task import Task


@dataclass(frozen=True, slots=True)
class TaskPage:
    """`next_cursor` continues after the last task. It is None on the last page."""

    tasks: Sequence[Task]
    total: Total
    next_cursor: str | None
    cursors: Cursors = PLAIN

    @classmethod
    def of(cls, found: Sequence[Task], limit: int, total: Total, cursors: Cursors) -> "TaskPage":
        """Returns the page of the first `limit` tasks. `found` has one more if there is a next page."""
        following = cursors.encode(found[limit - 1], total) if len(found) > limit else None
        return cls(found[:limit], total, following, cursors)

    def within(self, characters: int) -> "TaskPage":
        """Returns the beginning of the page whose texts fit, one task at least. The rest begins the next page."""
        sizes = accumulate(len(task.title) + len(task.description or "") for task in self.tasks)
        kept = max(sum(size <= characters for size in sizes), 1)
        if kept >= len(self.tasks):
            return self
        following = self.cursors.encode(self.tasks[kept - 1], self.total)
        return TaskPage(self.tasks[:kept], self.total, following, self.cursors)
