"""Where the packages of npm are."""

import os
from pathlib import Path

HERE = Path(__file__).parent
MODULES = Path(os.environ.get("NODE_MODULES", HERE / "node_modules")).resolve()
