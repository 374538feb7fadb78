"""The README's tour, run as it is printed there. `UPDATE_README=1 make test` writes the real output into it."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.e2e.conftest import TASKTALK, Server

README = Path(__file__).parents[2] / "README.md"
BLOCK = re.compile(r"```console\n(\$ .*?)```", re.DOTALL)
VARYING = [
    (re.compile(r"[0-9a-f]{32}"), "7d1f0c9a5b6e4f0c8a3e2b1d9c8f7a6e"),
    (re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z"), "2026-11-23T09:00:00.000000Z"),
]


def commands(block: str) -> list[str]:
    return [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]


def shell(server: Server, script: list[str]) -> str:
    """What a reader would see: each command, then what it printed."""
    shown = "; ".join(f"printf '%s\\n' {_quoted('$ ' + line)}; {line}; _end" for line in script)
    ending = "_end() { tail -c1 out | grep -q . && echo; true; }"
    lines = f"exec > out 2>&1; {ending}; {shown}".replace("http://127.0.0.1:8000", server.url)
    lines = lines.replace(f"; {'.venv/bin/tasktalk'}", f"; {TASKTALK}")
    subprocess.run(["bash", "-c", lines], cwd=server.folder, env=server.environment, check=True, timeout=60)
    printed = (server.folder / "out").read_text().replace(server.url, "http://127.0.0.1:8000")
    for pattern, example in VARYING:
        printed = pattern.sub(example, printed)
    return printed


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


@pytest.mark.skipif(not (shutil.which("bash") and shutil.which("curl")), reason="the tour needs bash and curl")
def test_the_tour_answers_as_the_readme_says(first_server: Server) -> None:
    first_server.start()
    text = README.read_text()
    for block in BLOCK.findall(text):
        printed = shell(first_server, commands(block))
        if os.environ.get("UPDATE_README"):
            README.write_text(README.read_text().replace(block, printed))
        else:
            assert printed == block
