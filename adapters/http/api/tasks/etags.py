"""Entity tags of tasks, lists and views (RFC 9110, 8.8.3). The tag of an entity is its revision in quotes."""

import re
from collections.abc import Callable, Iterator
from typing import Annotated, Any, TypeVar
from zlib import crc32

from litestar import Response
from litestar.di import Provide
from litestar.params import HeaderParameter
from msgspec import Struct

from adapters.http.internals.litestar_responses import JsonResponse
from application.tasks.commands import Expected
from domain.errors import Invalid
from domain.tasks.changes import E, Entity
from domain.tasks.task import Task
from domain.tasks.task_list import TaskList
from domain.tasks.view import View

S = TypeVar("S", bound=Struct)

TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
TAGS = re.compile(rf"{TAG}(?:[ \t]*,[ \t]*{TAG})*")
REVISION = re.compile(r'"([1-9][0-9]{0,17})(?:;[0-9a-f/]+)?"')
"""The tag of an entity. What follows the revision does not count for `If-Match`."""
DECLARED = {"pattern": r'^(\*|(W/)?"[!#-~]*"( *, *(W/)?"[!#-~]*")*)$'}
"""The pattern in the OpenAPI document leaves out the bytes that are no ASCII letters."""
FRESH = {"Cache-Control": "private, no-cache"}
"""A client may cache the answer, and must ask each time whether it is still right."""

IfMatch = Annotated[
    str | None,
    HeaderParameter(
        name="If-Match",
        required=False,
        description="The ETag as you know it: where it has changed since, nothing is done (412).",
        schema_extra=DECLARED,
    ),
]
IfNoneMatch = Annotated[
    str | None,
    HeaderParameter(
        name="If-None-Match",
        required=False,
        description="The ETag you have: 304 if it is still right.",
        schema_extra=DECLARED,
    ),
]


def tag_headers(entity: Entity) -> dict[str, str]:
    return {"ETag": _tag(entity), **FRESH}


def _tag(entity: Entity) -> str:
    """Returns the revision, followed by what changes without a change of the entity: the numbers of a task's subtasks,
    such as `"7;3/1"`, the number of a list's open tasks, and the names of lists in the filter of a view."""
    match entity:
        case Task(subtasks_total=total, subtasks_completed=completed) if total:
            return f'"{entity.revision};{total}/{completed}"'
        case TaskList(pending=pending):
            return f'"{entity.revision};{pending}"'
        case View(shown_filter=text, problem=problem):
            return f'"{entity.revision};{crc32(f"{text}{problem}".encode()):x}"'
    return f'"{entity.revision}"'


def expected_of(if_match: IfMatch = None) -> Expected:
    """Returns the revisions that `If-Match` names, or None for any. Weak tags never match, since the comparison is
    strong (RFC 9110, 13.1.1)."""
    if if_match is None or if_match.strip() == "*":
        return None
    return frozenset(int(match[1]) for tag in _tags("If-Match", if_match) if (match := REVISION.fullmatch(tag)))


def is_known(entity: Entity, if_none_match: str | None) -> bool:
    """Returns whether the client already has this state. Weak tags match too, because `If-None-Match` compares weakly
    (RFC 9110, 13.1.2)."""
    if if_none_match is None or if_none_match.strip() == "*":
        return if_none_match is not None
    return _tag(entity) in [tag.removeprefix("W/") for tag in _tags("If-None-Match", if_none_match)]


def answer_unless_known(entity: E, if_none_match: str | None, render: Callable[[E], S]) -> Response[S]:
    """Returns what `render` makes of the entity, or 304 if the client already has this state."""
    known = is_known(entity, if_none_match)
    body: Any = None if known else render(entity)
    return JsonResponse(body, status_code=304 if known else 200, headers=tag_headers(entity))


def _tags(header: str, value: str) -> Iterator[str]:
    if not TAGS.fullmatch(value.strip()):
        raise Invalid.field(header, 'must be ETags as they came, in quotes, such as "7"')
    return (match[0] for match in re.finditer(TAG, value))


DEPENDENCIES = {"expected": Provide(expected_of, sync_to_thread=False)}
