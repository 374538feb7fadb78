"""The parameters by which tasks are searched for, with their documentation."""

from typing import Annotated, Any, Literal

from litestar.openapi.spec import Example
from litestar.params import QueryParameter

from application.tasks.filters.parser import MAX_FILTER_LENGTH
from application.tasks.query.sort import SORTS
from domain.tasks.fields import MAX_TAG_LENGTH
from domain.tasks.task import Status

MAX_OFFSET = 10_000_000


def _query(description: str, *examples: Any, **options: Any) -> Any:
    return QueryParameter(
        description=description, required=False, examples=[Example(value=each) for each in examples], **options
    )


State = Annotated[
    Status | None,
    _query("Which states. Without it: `all`, or `pending` if there is a `filter` that names no state."),
]
InList = Annotated[str | None, _query("The number of a list, or `inbox`.", "inbox", "2", name="list")]
Parent = Annotated[str | None, _query("The number of a task, for its subtasks, or `none`.", "none", "3")]
Tag = Annotated[
    list[str] | None,
    _query(f"A tag, at most {MAX_TAG_LENGTH} characters. Give several times for tasks that have all.", ["home"]),
]
WithPriority = Annotated[Literal["low", "medium", "high", "none"] | None, _query("The priority.", "high")]
DueBefore = Annotated[str | None, _query("Due before this day, the day left out.", "2026-12-01")]
DueAfter = Annotated[str | None, _query("Due after this day, the day left out.", "2026-11-30")]
Words = Annotated[
    str | None,
    _query("Words in title or description, without case and accents; of the last one, its beginning.", "paint fenc"),
]
FilterText = Annotated[
    str | None,
    _query(
        f"A filter, at most {MAX_FILTER_LENGTH:,} characters. A wrong one is 400 with `position`, `expected`"
        " and `example`.",
        "(today | overdue) & #Work & p1",
        "@errand & !recurring",
        "due before: next monday",
        name="filter",
    ),
]
Sort = Annotated[
    str | None,
    _query(
        f"One or more of {', '.join(SORTS)}, with commas; `-` before one descends. Tasks without a value are last."
        " `position` has meaning within a list, and `relevance`, which is best first, needs `q`."
        " Without it: `-created`.",
        "due,-priority",
    ),
]
Limit = Annotated[int, QueryParameter(ge=1, le=100, description="Tasks per page.")]
Offset = Annotated[
    int,
    QueryParameter(ge=0, le=MAX_OFFSET, description="Tasks to skip. `cursor` is faster.", schema_extra={"minimum": 0}),
]
Cursor = Annotated[
    str | None,
    QueryParameter(
        description="`next_cursor` of the page before, of the same conditions and sort.",
        required=False,
        schema_extra={"pattern": "^[A-Za-z0-9_-]+$"},
    ),
]
