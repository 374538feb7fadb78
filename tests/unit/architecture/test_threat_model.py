"""Each line of the threat model names tests that exist, and what no other test holds is held here."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
TEST = re.compile(r"test_\w+")


def test_every_line_of_the_threat_model_names_tests_that_exist() -> None:
    lines = [line for line in (ROOT / "docs/threat-model.md").read_text("utf-8").splitlines() if line.startswith("| ")]
    named = {line: set(TEST.findall(line.rpartition(" | ")[2])) for line in lines[1:]}
    written = {name for file in ROOT.glob("tests/**/test_*.py") for name in defined(file)}
    assert len(named) > 30
    assert [line for line, tests in named.items() if not tests] == []
    assert set().union(*named.values()) - written == set()


def defined(file: Path) -> set[str]:
    return set(re.findall(r"^(?:async )?def (test_\w+)", file.read_text("utf-8"), re.MULTILINE))


def test_a_secret_in_the_code_is_found(tmp_path: Path) -> None:
    (tmp_path / "leak.py").write_text(f'KEY = "AKIA{"IOSFODNN7QQQQQQQ"}"\n')
    (tmp_path / "clean.py").write_text('NAME = "tasktalk"\n')
    scan = [str(Path(sys.executable).with_name("detect-secrets-hook")), "--baseline", str(ROOT / ".secrets.baseline")]
    found = {
        name: subprocess.run([*scan, str(tmp_path / name)], capture_output=True, cwd=ROOT, check=False).returncode
        for name in ("leak.py", "clean.py")
    }
    assert found == {"leak.py": 1, "clean.py": 0}


def test_ci_asks_for_known_vulnerabilities() -> None:
    assert ".ci/audit" in (ROOT / ".ci/run").read_text("utf-8").splitlines()
    audit = (ROOT / ".ci/audit").read_text("utf-8")
    assert "pip-audit" in audit
    assert "requirements-dev.lock" in audit
