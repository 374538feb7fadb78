"""The page's JSDoc is what its code does, says TypeScript (`npm install` in this folder once, or `NODE_MODULES`)."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.node.modules import MODULES

WEB = Path(__file__).parents[2] / "adapters" / "web"
TSC = MODULES / "typescript" / "bin" / "tsc"

pytestmark = [
    pytest.mark.skipif(not shutil.which("node"), reason="node is not installed"),
    pytest.mark.skipif(not TSC.exists(), reason="npm's `typescript` is not in tests/node or in NODE_MODULES"),
]


def test_the_types_of_the_page_fit() -> None:
    checked = subprocess.run(["node", TSC, "-p", WEB], capture_output=True, text=True, timeout=100, check=False)
    assert (checked.returncode, checked.stdout) == (0, "")
