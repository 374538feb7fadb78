"""Prevents libraries from importing optional packages that happen to be installed, which would take 20 MiB a worker."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.abc import MetaPathFinder

EAGER = {
    "dependency_injector.containers": (
        "fastapi",
        "flask",
        "pydantic",
        "pydantic_settings",
        "starlette",
        "werkzeug",
        "yaml",
    ),
    "structlog": ("rich",),
}


class Absent(MetaPathFinder):
    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    def find_spec(self, fullname: str, *_: object) -> None:
        if fullname in self._names:
            raise ModuleNotFoundError(f"{fullname} is left out", name=fullname)


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Makes importing these names fail inside the block, as if they were not installed."""
    there = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    absent = Absent(names)
    sys.meta_path.insert(0, absent)
    try:
        yield
    finally:
        sys.meta_path.remove(absent)
        sys.modules.update(there)


def import_lean() -> None:
    for library, unneeded in EAGER.items():
        with without(*unneeded):
            import_module(library)
