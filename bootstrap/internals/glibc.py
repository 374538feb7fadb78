"""Makes glibc give free memory back to the system. With other C libraries, these functions do nothing.
docs/internals.md has the figures."""

import ctypes
from contextlib import suppress

M_ARENA_MAX = -8
"""mallopt(3)."""


def keep_one_arena() -> None:
    """What a thread frees in an arena of its own is not given back to the system."""
    _call("mallopt", M_ARENA_MAX, 1)


def give_memory_back() -> None:
    """Gives free memory back to the system. It takes half a millisecond (malloc_trim(3))."""
    _call("malloc_trim", 0)


def _call(function: str, *arguments: int) -> None:
    with suppress(AttributeError, OSError):
        getattr(ctypes.CDLL(None), function)(*arguments)
