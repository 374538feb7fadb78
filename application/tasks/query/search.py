import hashlib
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from domain.tasks.task import Status

INBOX, TOP_LEVEL, NO_PRIORITY = "inbox", "none", "none"
MAX_SEARCHED_TAGS = 20
_ELSEWHERE = frozenset({"status", "sort", "limit", "cursor", "offset"})
"""Parameters that say nothing of a filter of their own."""


class TaskSearch(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """All conditions must be met. `list` and `parent` are numbers, or texts of numbers, "inbox" and "none".

    Without a `status`, all tasks outside the trash are meant; with a `filter` that names no state, the pending ones.
    """

    status: Status | None = None
    list: int | str | None = None
    parent: int | str | None = None
    tag: tuple[str, ...] = ()
    priority: Literal["low", "medium", "high", "none"] | None = None
    due_before: str | None = None
    due_after: str | None = None
    q: str | None = None
    filter: str | None = None
    sort: str | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    cursor: str | None = None
    offset: int = 0

    @property
    def is_plain(self) -> bool:
        """Returns whether it is one of the lists by status, in the default order."""
        return self.sort is None and not self.has_filter

    @property
    def has_filter(self) -> bool:
        return any(getattr(self, name) not in (None, ()) for name in _CONDITIONS)

    @property
    def tie(self) -> str:
        """Returns a short hash of the conditions, by which a cursor is known to be of another search. The plain lists
        have none: their cursors are those of earlier versions."""
        if not self.has_filter:
            return ""
        told = [getattr(self, name) for name in ("status", *_CONDITIONS)]
        return f"/{hashlib.sha256(msgspec.json.encode(told)).hexdigest()[:8]}"


_CONDITIONS = tuple(name for name in TaskSearch.__struct_fields__ if name not in _ELSEWHERE)
