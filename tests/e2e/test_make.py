"""`make run` on a machine where nothing is installed yet. The packages are those of this environment."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COPIED = ["domain", "application", "adapters", "bootstrap", "migrations"]
UV = f"""\
#!{sys.executable}
import pathlib, subprocess, sys, sysconfig
if sys.argv[1] == "venv":
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", sys.argv[-1]], check=True)
    (packages,) = pathlib.Path(sys.argv[-1]).glob("lib/*/site-packages")
    (packages / "given.pth").write_text({sysconfig.get_path("purelib")!r})
elif pathlib.Path("refused").exists():
    sys.exit("error: no such package")
else:
    print("warning: of no consequence", file=sys.stderr)
"""

pytestmark = [pytest.mark.skipif(not shutil.which("make"), reason="make is not installed"), pytest.mark.long]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of ours whose path is hard to quote, and a `uv` that has all packages."""
    folder = tmp_path / "It's my tasks & lists"
    folder.mkdir()
    for each in COPIED:
        shutil.copytree(ROOT / each, folder / each, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, folder)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "uv").write_text(UV)
    (tmp_path / "bin" / "uv").chmod(0o755)
    return folder


def run(folder: Path, *line: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": f"{folder.parent / 'bin'}:{os.environ['PATH']}", "HOME": str(folder)}
    return subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, timeout=100, check=False)


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run(folder, "make", f"PYTHON={sys.executable}", *arguments)


def test_the_first_run_says_what_it_does_and_the_next_one_needs_nothing(folder: Path) -> None:
    first = make(folder, "run", "ARGS=--help")
    assert (first.returncode, first.stderr) == (0, "")
    made, installed, ready, usage, *_ = first.stdout.splitlines()
    assert made == "Making the environment .venv …"
    assert installed.startswith("Installing up to ")
    assert installed.endswith(" packages of requirements.lock with uv …")
    assert ready.startswith("Ready to run after ")
    assert usage.startswith("usage: tasktalk serve")
    assert make(folder, "run", "ARGS=--help").stdout.startswith("usage: tasktalk serve")


def test_the_command_is_there_from_everywhere_and_knows_its_version(folder: Path) -> None:
    assert make(folder, "run", "ARGS=--help").returncode == 0
    (folder / "elsewhere" / "domain").mkdir(parents=True)
    command = folder / ".venv" / "bin" / "tasktalk"
    printed = run(folder / "elsewhere", command, "openapi")
    assert '"version": "0.1.0"' in printed.stdout, printed.stderr


def test_what_an_installer_complains_of_is_shown_where_it_fails(folder: Path) -> None:
    (folder / "refused").touch()
    failed = make(folder, "run")
    assert failed.returncode != 0
    assert "error: no such package" in failed.stderr
    assert "failed: see above, mend that, and run the same again." in failed.stderr
    (folder / "refused").unlink()
    assert make(folder, "run", "ARGS=--help").returncode == 0
