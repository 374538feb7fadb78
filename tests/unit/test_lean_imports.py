import os
import subprocess
import sys
from importlib import import_module

import pytest

from bootstrap.lean_imports import without

UNNEEDED = (
    "alembic",
    "fastapi",
    "httpx2",
    "mcp",
    "openai",
    "pydantic",
    "rich",
    "sqlalchemy.ext.asyncio",
    "starlette.routing",
)
START = """
import sys
from bootstrap.asgi import create
create()
print(*(name for name in sys.argv[1:] if name in sys.modules))
"""


def test_a_worker_starts_without_what_it_may_never_need() -> None:
    environment = os.environ | {"DATABASE_URL": "postgresql://localhost/none", "BETTER_AUTH_SECRET": "x7Qz" * 12}
    command = [sys.executable, "-c", START, *UNNEEDED]
    assert subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.split() == []


def test_what_was_imported_before_is_there_again() -> None:
    import json

    with without("json"), pytest.raises(ModuleNotFoundError):
        import_module("json")
    assert import_module("json") is json
