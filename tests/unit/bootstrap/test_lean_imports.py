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

REFUSED = """
import sys
from bootstrap.cli import main
try:
    main(["serve", "--port", "0"])
except SystemExit as end:
    print(end.code, "sqlalchemy" in sys.modules)
"""


def run(program: str, *arguments: str, **environment: str) -> str:
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, env=os.environ | environment, check=True, capture_output=True, text=True).stdout


def test_a_worker_starts_without_what_it_may_never_need() -> None:
    environment = {"DATABASE_URL": "postgresql://localhost/none", "BETTER_AUTH_SECRET": "x7Qz" * 12}
    assert run(START, *UNNEEDED, **environment).split() == []


def test_a_wrong_setting_is_told_without_what_a_database_needs() -> None:
    said = run(REFUSED, ENVIRONMENT="prod").strip()
    assert said.startswith("tasktalk: ENVIRONMENT is 'prod'")
    assert said.endswith(" False")


def test_what_was_imported_before_is_there_again() -> None:
    import json

    with without("json"), pytest.raises(ModuleNotFoundError):
        import_module("json")
    assert import_module("json") is json
