"""Generators of clients and linters take the OpenAPI document without a word.

`npm install --no-package-lock` here once, or `NODE_MODULES=/path/to/node_modules`: nothing is downloaded by the test.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.e2e.conftest import TASKTALK
from tests.node_openapi.page_types import MODULES, PAGE_TYPES, page_types

QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
USE = """
import { createTask, getTask } from './client';
import type { paths } from './types';

type Draft = paths['/api/users/{user_id}/tasks']['post']['requestBody']['content']['application/json'];
export const draft: Draft = { title: 'Buy groceries' };
export const made = await createTask({ path: { user_id: 'me' }, body: draft });
export const read = await getTask({ path: { task_id: made.data!.id } });
"""
CONFIG = {
    "strict": True,
    "noEmit": True,
    "skipLibCheck": True,
    "module": "esnext",
    "moduleResolution": "bundler",
    "target": "es2022",
    "lib": ["es2022", "dom", "dom.iterable"],
    "types": [],
}

pytestmark = pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")

RULES = "extends:\n  - recommended\nrules:\n  no-ambiguous-paths: off\n"
"""`/chat/approvals/{id}` looks like `/chat/{conversation}/stop`, if a conversation is called `approvals`."""


def needs(*packages: str) -> pytest.MarkDecorator:
    missing = [each for each in packages if not (MODULES / each).exists()]
    return pytest.mark.skipif(bool(missing), reason=f"npm's {missing} are not in tests/node_openapi or in NODE_MODULES")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With the document in it, and packages where node looks for them."""
    folder = tmp_path_factory.mktemp("clients")
    (folder / "node_modules").symlink_to(MODULES)
    printed = subprocess.run([TASKTALK, "openapi"], cwd=folder, capture_output=True, check=True, timeout=60)
    (folder / "openapi.json").write_bytes(printed.stdout)
    return folder


def ran(folder: Path, package: str, *arguments: str, command: str | None = None) -> str:
    """What it says. Raises where it ends with an error."""
    about = json.loads((MODULES / package / "package.json").read_text())
    file = about["bin"] if isinstance(about["bin"], str) else about["bin"][command or package.rpartition("/")[2]]
    line = ["node", str(MODULES / package / file), *arguments]
    done = subprocess.run(
        line, cwd=folder, env=os.environ | QUIET, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.long
@needs("@redocly/cli")
def test_redocly_recommends_nothing(folder: Path) -> None:
    (folder / "redocly.yaml").write_text(RULES)
    said = ran(folder, "@redocly/cli", "lint", "--format=json", "openapi.json", command="redocly")
    totals = re.search(r'"totals": (\{[^}]*\})', said)
    assert totals, said
    assert set(json.loads(totals[1]).values()) == {0}, said


@pytest.mark.long
@needs("@stoplight/spectral-cli")
def test_spectral_recommends_nothing(folder: Path) -> None:
    (folder / "spectral.yaml").write_text('extends: ["spectral:oas"]\n')
    rules = ("--ruleset", "spectral.yaml", "--fail-severity", "hint", "--format", "json")
    said = ran(folder, "@stoplight/spectral-cli", "lint", *rules, "openapi.json", command="spectral")
    assert said.startswith("[]No results"), said


@pytest.mark.long
@needs("openapi-typescript", "@hey-api/openapi-ts", "typescript")
def test_generated_clients_compile_and_want_no_more_than_the_server_does(folder: Path) -> None:
    types = ran(folder, "openapi-typescript", "openapi.json", "-o", "types.ts")
    client = ran(folder, "@hey-api/openapi-ts", "-i", "openapi.json", "-o", "client", command="openapi-ts")
    said = re.sub(r"⚠  Paths should resolve unambiguously.*chat/approvals.*", "", types + client)
    assert not re.search("warn|error|⚠", said, re.IGNORECASE)
    (folder / "use.ts").write_text(USE)
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": CONFIG, "files": ["use.ts"]}))
    ran(folder, "typescript", "-p", ".", command="tsc")


@needs("openapi-typescript")
def test_the_types_of_the_page_are_those_of_the_api(folder: Path) -> None:
    made = page_types(json.loads((folder / "openapi.json").read_text()))
    assert made == PAGE_TYPES.read_text(), "the API has changed: run `make types`"


@pytest.mark.long
@needs("openapi-typescript")
def test_words_are_left_out_of_the_types_and_fields_that_are_called_so_are_not() -> None:
    words = {"title": "Task", "description": "What is to be done", "examples": [{}]}
    fields = {name: {"type": "string", **words} for name in ("title", "description", "examples")}
    task = {"type": "object", "required": ["title"], "properties": fields, **words}
    made = page_types({"openapi": "3.1.0", "info": words, "components": {"schemas": {"Task": task}}})
    assert "What is to be done" not in made
    assert all(f"{field}: string;" in made for field in ("title", "description?", "examples?"))
