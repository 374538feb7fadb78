"""What is said of an import. It is plain data, so that it can be kept with an idempotency key and read again."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from application.tasks.files.imported import Remark
from application.tasks.imports.arrival import Arrival
from application.tasks.imports.content import Content

SHOWN = 1_000
"""Notes, and skipped rows, of which the first are shown."""


@dataclass(frozen=True, slots=True)
class LineMessage:
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class FilledList:
    """A list of the file, and how many tasks come into it. `name` is None for the inbox."""

    name: str | None
    tasks: int
    new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """`imported` is the number of tasks that were added. The totals count all rows and notes, also those not shown.
    `revision` is one of the changes, or None if nothing was changed."""

    imported: int
    skipped: Sequence[LineMessage]
    skipped_total: int
    lists: Sequence[FilledList]
    views: int
    notes: Sequence[LineMessage]
    notes_total: int
    dry_run: bool
    revision: int | None = None


def import_result(content: Content, arrival: Arrival, revision: int | None, *, dry_run: bool) -> ImportResult:
    notes = [*content.notes, *arrival.notes]
    return ImportResult(
        imported=len(content.tasks),
        skipped=_shown(content.problems),
        skipped_total=len(content.problems),
        lists=[*_filled(content, arrival)],
        views=len(arrival.new_views),
        notes=_shown(notes),
        notes_total=len(notes),
        dry_run=dry_run,
        revision=None if dry_run else revision,
    )


def _filled(content: Content, arrival: Arrival) -> Iterable[FilledList]:
    tasks = Counter(arrival.list_ids.get(task.list_id or 0) for task in content.tasks)
    new = {each.id for each in arrival.new_lists}
    if tasks[None]:
        yield FilledList(None, tasks[None], new=False)
    for list_id in dict.fromkeys(arrival.list_ids.values()):
        if not arrival.lists[list_id].deleted_at:
            yield FilledList(arrival.lists[list_id].name, tasks[list_id], new=list_id in new)


def _shown(remarks: Sequence[Remark]) -> Sequence[LineMessage]:
    return [LineMessage(*each) for each in remarks[:SHOWN]]
