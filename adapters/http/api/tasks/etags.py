"""Entity tags of tasks (RFC 9110, 8.8.3). The tag of a task is its revision in quotes."""

import re
from collections.abc import Iterator
from typing import Annotated

from litestar.di import Provide
from litestar.params import HeaderParameter

from application.tasks.commands import Expected
from domain.errors import Invalid
from domain.tasks.changes import Entity

TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
TAGS = re.compile(rf"{TAG}(?:[ \t]*,[ \t]*{TAG})*")
DECLARED = {"pattern": r'^(\*|(W/)?"[!#-~]*"( *, *(W/)?"[!#-~]*")*)$'}
"""The pattern in the OpenAPI document leaves out the bytes that are no ASCII letters."""
FRESH = {"Cache-Control": "private, no-cache"}
"""A client may cache the answer, and must ask each time whether it is still right."""

IfMatch = Annotated[
    str | None,
    HeaderParameter(
        name="If-Match",
        required=False,
        description="The ETag of the task as you know it: where it has changed since, nothing is done (412).",
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
    return {"ETag": f'"{entity.revision}"', **FRESH}


def expected_of(if_match: IfMatch = None) -> Expected:
    """Returns the revisions that `If-Match` names, or None for any. Weak tags never match, since the comparison is
    strong (RFC 9110, 13.1.1)."""
    if if_match is None or if_match.strip() == "*":
        return None
    return frozenset(int(tag[1:-1]) for tag in _tags("If-Match", if_match) if _is_revision(tag))


def is_known(entity: Entity, if_none_match: str | None) -> bool:
    """Returns whether the client already has this state. Weak tags match too, because `If-None-Match` compares weakly
    (RFC 9110, 13.1.2)."""
    if if_none_match is None or if_none_match.strip() == "*":
        return if_none_match is not None
    return f'"{entity.revision}"' in [tag.removeprefix("W/") for tag in _tags("If-None-Match", if_none_match)]


def _tags(header: str, value: str) -> Iterator[str]:
    if not TAGS.fullmatch(value.strip()):
        raise Invalid.field(header, 'must be ETags as they came, in quotes, such as "7"')
    return (match[0] for match in re.finditer(TAG, value))


def _is_revision(tag: str) -> bool:
    return bool(re.fullmatch(r'"[1-9][0-9]{0,17}"', tag))


DEPENDENCIES = {"expected": Provide(expected_of, sync_to_thread=False)}
