"""Where the databases of tests are: they are copied and synchronized to disk dozens of times, and nobody keeps them."""

import os
import shutil

MEMORY = "/dev/shm"
ROOM = 2 * 1024**3  # bytes; a database is 50 MB of that, and some live at once


def _folder() -> str | None:
    has_room = os.access(MEMORY, os.W_OK | os.X_OK) and shutil.disk_usage(MEMORY).free >= ROOM
    return MEMORY if has_room else None


SCRATCH = _folder()
"""In memory where there is enough of it; None for the usual place."""
