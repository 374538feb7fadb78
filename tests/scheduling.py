"""Which worker of pytest-xdist runs what, and when."""

from pathlib import PurePath

import pytest
from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]

TOGETHER = {
    "browser": ("tests/browser",),
    "server": ("tests/e2e", "tests/node_oauth", "tests/mcp/test_clients.py", "tests/mcp/oauth/test_sdk_client.py"),
}
"""They share a browser, or a server of two processes: both are slow to start."""
SLOW_FIRST = ("browser", "e2e", "mcp", "integration")
"""Folders of `tests`. A file that takes long and begins last leaves the other workers idle."""


class SharingScheduling(LoadFileScheduling):  # type: ignore[misc]
    def _split_scope(self, nodeid: str) -> str:
        file = PurePath(super()._split_scope(nodeid))
        shared = (name for name, places in TOGETHER.items() if any(map(file.is_relative_to, places)))
        return next(shared, str(file))


def sort_slow_first(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _rank(PurePath(item.nodeid).parts[1]))


def _rank(folder: str) -> int:
    return SLOW_FIRST.index(folder) if folder in SLOW_FIRST else len(SLOW_FIRST)
