"""A request may not get dearer unseen. Counted on CPython 3.11 with the locked versions; raised for a reason only."""

import shutil
import sys

import pytest

from bench.instructions import measured

pytestmark = pytest.mark.long

BUDGET = {"list 50": 2_760, "get one": 490, "create": 1_085, "complete": 1_715, "health": 99}
"""Thousands of instructions of the worker. docs/performance.md says why each was raised or lowered."""
TOLERANCE = 1.05


@pytest.mark.timeout(600)
@pytest.mark.skipif(shutil.which("callgrind_control") is None, reason="valgrind is not installed")
@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="the budget is that of CPython 3.11")
def test_no_route_takes_more_instructions_than_its_budget() -> None:
    found = measured()
    assert {route: count for route, count in found.items() if count > BUDGET[route] * TOLERANCE} == {}
