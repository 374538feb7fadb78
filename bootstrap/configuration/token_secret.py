"""The secret that signs tokens: checks its strength, or generates and stores one."""

import os
import re
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

MIN_SECRET_LENGTH = 32
FEWEST_CHARACTERS = 8
EXAMPLES = re.compile(
    r"your[-_ ]|secret[-_ ]key|better[-_]auth|change[-_ ]?(me|this)|replace[-_ ]|example|placeholder"
    r"|0123456789|1234567890",
    re.IGNORECASE,
)


def weakness_of(secret: str) -> str | None:
    if not secret:
        return "is missing"
    if len(secret) < MIN_SECRET_LENGTH:
        return f"has {len(secret)} characters and needs {MIN_SECRET_LENGTH}"
    if EXAMPLES.search(secret):
        return "is an example everyone knows"
    if len(set(secret)) < FEWEST_CHARACTERS or re.fullmatch(r"(.{1,16}?)\1+", secret):
        return "repeats itself"
    return None


def kept_secret(path: Path) -> str:
    """The secret is linked into place as a whole, so that no process reads half of it. Raises OSError."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent) as made:  # mode 0600
            made.write(secrets.token_urlsafe(48))
            made.flush()
            with suppress(FileExistsError):
                os.link(made.name, path)
    return path.read_text("ascii", "replace").strip()
