"""What the README and docs/*.md tell a reader to type, run as it is printed there.

`UPDATE_DOCUMENTS=1 make test` writes the real output into them. A block that begins with `# needs …` is for another
program or another machine, and is not run; of what it calls by name, the command line is looked at.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bootstrap.cli import parser
from tests.e2e.conftest import TASKTALK, Server, new_server

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
DOCUMENTS = [README, *sorted(ROOT.glob("docs/*.md"))]
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
RUN = [each for each in DOCUMENTS if "```console\n$ " in each.read_text("utf-8")]
TEXT = "\n".join(each.read_text("utf-8") for each in DOCUMENTS)
VARYING = [
    (re.compile(r"\btt_[\w-]{44,}_[0-9a-f]{8}\b"), "tt_N2Qx…_1f9a03c4"),
    (re.compile(r"\bwhsec_[\w/+=-]+"), "whsec_Zk3…"),
    (re.compile(r"(?m)^[\w-]{43}$"), "da33fqilziTVYuuQVIy8z7QhhLxYfBqMgvTpepqNv58"),  # pragma: allowlist secret
    (re.compile(r"[0-9a-f]{32}"), "7d1f0c9a5b6e4f0c8a3e2b1d9c8f7a6e"),
    (re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z"), "2026-11-23T09:00:00.000000Z"),
]


def run_in(document: Path) -> list[str]:
    return [block for block in BLOCK.findall(document.read_text("utf-8")) if block.startswith("$ ")]


def commands(block: str) -> list[str]:
    return [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]


def shell(server: Server, script: list[str], before: list[str]) -> str:
    """What a reader would see: each command, then what it printed."""
    shown = "; ".join(f"printf '%s\\n' {_quoted('$ ' + line)}; {line}; _end" for line in script)
    ending = "_end() { tail -c1 out | grep -q . && echo; true; }"
    lines = "; ".join([*before, "exec > out 2>&1", ending, shown]).replace("http://127.0.0.1:8000", server.url)
    lines = lines.replace(f"; {'.venv/bin/tasktalk'}", f"; {TASKTALK}")
    subprocess.run(["bash", "-c", lines], cwd=server.folder, env=server.environment, check=True, timeout=60)
    printed = (server.folder / "out").read_text().replace(server.url, "http://127.0.0.1:8000")
    for pattern, example in VARYING:
        printed = pattern.sub(example, printed)
    return printed


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


@pytest.mark.skipif(not (shutil.which("bash") and shutil.which("curl")), reason="the documents need bash and curl")
@pytest.mark.parametrize(
    "document", [pytest.param(each, marks=[] if each == README else pytest.mark.long, id=each.name) for each in RUN]
)
def test_a_document_answers_as_it_says(document: Path) -> None:
    """Each on a new machine; those in docs/ after the first three commands of the README, which sign up."""
    blocks = run_in(document)
    before = [] if document == README else commands(run_in(README)[0])[:3]
    with new_server(empty=document == README) as server:
        server.start()
        for block in blocks:
            printed = shell(server, commands(block), before)
            if os.environ.get("UPDATE_DOCUMENTS"):
                document.write_text(document.read_text("utf-8").replace(block, printed), "utf-8")
            else:
                assert printed == block


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_reader_sees_what_is_not_run(document: Path) -> None:
    """Of the first block of the README, `make run`, the tests of make and the tour are the proof."""
    blocks = [block for block in BLOCK.findall(document.read_text("utf-8")) if not block.startswith("make ")]
    assert [block for block in blocks if not block.startswith(("$ ", "# needs "))] == []


NAMED = sorted(set(re.findall(r"(?:`|\$ |-- )(?:[\w./]*/)?tasktalk (\w+)([^`\n|]*)", TEXT)))


@pytest.mark.parametrize(("name", "rest"), NAMED)
def test_every_command_of_ours_that_is_named_is_one(name: str, rest: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args([name, "--help"])
    assert {*re.findall(r"--[a-z-]+", rest)} <= {*re.findall(r"--[a-z-]+", capsys.readouterr().out)}


def test_every_target_of_make_that_is_named_is_there() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    named = set(re.findall(r"[`\n=\w] ?\bmake ([a-z-]+)(?:`|\n| ARGS| +#)", TEXT))
    assert {"run", "test", "bench", "lint"} <= named
    assert named <= {*targets}


MODULES = {
    *(f"bench.{each.stem}" for each in ROOT.glob("bench/*.py") if each.stem not in ("__init__", "__main__", "options")),
    *re.findall(r"python -m ((?:bench|tests)[\w.]*)", TEXT),
    "bench",
}


@pytest.mark.long
@pytest.mark.parametrize("module", sorted(MODULES))
def test_every_module_that_is_named_says_what_it_does(module: str) -> None:
    helped = subprocess.run(
        [sys.executable, "-m", module, "--help"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert helped.returncode == 0, helped.stderr
    usage, told = helped.stdout.split("\n\n", 1)
    assert usage.startswith("usage: ")
    assert len(told.split("\n\n")[0]) > 40
