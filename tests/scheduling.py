"""Which worker of pytest-xdist runs what, and when."""

from pathlib import PurePath

import pytest
from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]

TOGETHER = ("tests/browser", "tests/e2e")
"""Their files share a browser or servers that are slow to start."""
SLOW_FIRST = ("browser", "e2e", "mcp", "integration")
"""Folders of `tests`. A file that takes long and begins last leaves the other workers idle."""


class SharingScheduling(LoadFileScheduling):  # type: ignore[misc]
    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return next((folder for folder in TOGETHER if PurePath(file).is_relative_to(folder)), file)


def sort_slow_first(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _rank(PurePath(item.nodeid).parts[1]))


def _rank(folder: str) -> int:
    return SLOW_FIRST.index(folder) if folder in SLOW_FIRST else len(SLOW_FIRST)
