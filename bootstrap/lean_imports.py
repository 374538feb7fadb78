"""Some libraries import what they find installed, to work with it if need be: 17 MiB of each worker for nothing."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import cast

EAGER = {
    "dependency_injector.containers": ("fastapi", "flask", "pydantic_settings", "starlette", "werkzeug"),
    "structlog": ("rich",),
}


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Importing these fails meanwhile, as if they were not there (Python reference, 5.3.1)."""
    there = {name: sys.modules[name] for name in names if name in sys.modules}
    sys.modules.update(dict.fromkeys(names, cast("ModuleType", None)))
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]
        sys.modules.update(there)


def import_lean() -> None:
    for library, unneeded in EAGER.items():
        with without(*unneeded):
            import_module(library)
