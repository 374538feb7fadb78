"""Makes `.venv` and installs a lock file, for `make`: `python3 bootstrap/environment.py requirements.lock`. It uses
only the standard library, since nothing is installed yet, and uv if available, otherwise pip. A `.pth` file adds our
own code to Python's path, so no build tool is needed."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
LAUNCHER = """\
#!/bin/sh
exec {python} -P -c 'from bootstrap.cli import main; main()' "$@"
"""
METADATA = "Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
NO_VENV = "Python can't make environments: install its venv package (Debian: python3-venv), or install uv."
QUIET = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}


class InstallationFailed(Exception):
    """The message is one line for people, after the output of the tool."""


def main(locks: Sequence[str]) -> None:
    if sys.version_info < OLDEST:
        sys.exit("tasktalk needs Python 3.11 or newer; set PYTHON=/path/to/python3")
    began, venv, uv = time.monotonic(), ROOT / ".venv", shutil.which("uv")
    try:
        python = environment(venv, uv)
        for lock in locks:
            install(python, ROOT / lock, uv)
        register_project(python, ROOT)
    except InstallationFailed as failure:
        sys.exit(str(failure))
    say(f"Ready to run after {time.monotonic() - began:.0f} s.")


def say(text: str) -> None:
    print(text, flush=True)


def environment(venv: Path, uv: str | None) -> Path:
    """Returns the path of its Python. An incomplete environment is made anew."""
    python = venv / "bin" / "python"
    if not python.exists():
        say(f"Making the environment {venv.name} …")
        made = [uv, "venv", "--quiet", "--python", sys.executable] if uv else [sys.executable, "-m", "venv"]
        if subprocess.run([*made, venv], capture_output=not uv, check=False).returncode:
            shutil.rmtree(venv, ignore_errors=True)
            raise InstallationFailed(NO_VENV)
    return python


def install(python: Path, lock: Path, uv: str | None) -> None:
    """Installs exactly the packages of the lock file, without resolving dependencies."""
    count = sum(1 for line in lock.read_text("utf-8").splitlines() if re.match(r"[a-z0-9]", line))
    say(f"Installing up to {count} packages of {lock.name} with {'uv' if uv else 'pip, which takes a while'} …")
    options = ["install", "--no-deps", "--require-hashes", "--requirement", str(lock)]
    if uv:
        line = [uv, "pip", *options, "--quiet", "--python", str(python)]
    else:
        line = [str(python), "-m", "pip", *options, "--no-compile", "--progress-bar", "off"]
    run(line, count)


def run(line: Sequence[str], count: int) -> None:
    """Shows the progress. The tool's output is shown only if it fails, since most warnings do not matter."""
    with subprocess.Popen(
        line, env=os.environ | QUIET, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as running:
        assert running.stdout is not None
        said = list(_with_progress(running.stdout, count))
    if running.returncode:
        sys.stderr.writelines(said[-30:])
        raise InstallationFailed(f"{shlex.join(line[:4])} … failed: see above, mend that, and run the same again.")


def _with_progress(lines: Iterator[str], count: int) -> Iterator[str]:
    collected = 0
    for line in lines:
        yield line
        if line.startswith("Collecting "):
            collected += 1
            if collected % 20 == 0:
                say(f"  {collected} of {count}")
        elif line.startswith("Installing collected packages"):
            say("  unpacking them")


def register_project(python: Path, root: Path) -> None:
    """Does what `pip install --editable` does: our code can be imported, and has a version and a command."""
    asked = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = Path(subprocess.run(asked, capture_output=True, text=True, check=True).stdout.removesuffix("\n"))
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    (packages / "tasktalk.pth").write_bytes(os.fsencode(root) + b"\n")
    for old in packages.glob(f"{project['name']}-*.dist-info"):
        shutil.rmtree(old)
    about = packages / f"{project['name']}-{project['version']}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(METADATA.format_map(project), "utf-8")
    command = python.parent / "tasktalk"
    command.write_bytes(os.fsencode(LAUNCHER.format(python=shlex.quote(str(python)))))
    command.chmod(0o755)


if __name__ == "__main__":
    main(sys.argv[1:])
