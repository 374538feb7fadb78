"""schemathesis against a server of ours: every check, every phase, by users who must not get at each other's things.

`python -m tests.abuse.fuzz_run [--examples 100] [--seconds 120] …`, with the embedded PostgreSQL; other flags are
schemathesis's. Prints its report; exits 1 where a check fails.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from bootstrap.postgres.dev_database import dev_database
from tests.e2e.conftest import Server, new_server

CONFIG = Path(__file__).with_name("schemathesis.toml")
PASSWORD = "a password to fuzz with"
PEERS = ("ann", "bob")
STRANGER = "eve"
ANY = "1000000/second"
SETTINGS = {
    "BETTER_AUTH_SECRET": "fuzz-run-3k9Xw2Lq8Zr5Tn7Vb1Hm6Jd4",  # pragma: allowlist secret
    "TURN_WAIT_SECONDS": "0",
    "LOG_LEVEL": "ERROR",
    **{f"{name}_LIMIT": ANY for name in ("SIGNIN", "SIGNUP", "RESET", "CHAT")},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, help="cases of each operation and phase")
    parser.add_argument("--seconds", type=int, help="to spend on all")
    given, rest = parser.parse_known_args()
    limits = {"--max-examples": given.examples, "--max-time": given.seconds}
    flags = [text for name, value in limits.items() if value for text in (name, str(value))]
    with serving() as server:
        failed = fuzz(server, [*flags, *rest])
    sys.exit(failed)


@contextmanager
def serving() -> Iterator[Server]:
    with new_server(empty=True) as server, dev_database(server.folder / "postgres", durable=False) as url:
        try:
            server.start(DATABASE_URL=url, **SETTINGS)
            yield server
        finally:
            server.end(signal.SIGTERM)


def fuzz(server: Server, flags: Sequence[str]) -> int:
    users = server.folder / "users.json"
    users.write_text(json.dumps({"auth": [login_of(server.url, name) for name in PEERS]}))
    known = {"ABUSE_USERS": str(users), "ABUSE_STRANGER": signed_up(server.url, STRANGER).json()["token"]}
    health = "--suppress-health-check=filter_too_much"  # of names of tags, few of which stay as they are in an address
    command = [str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(CONFIG), "run"]
    whole = [*command, f"{server.url}/openapi.json", health, *flags]
    return subprocess.run(whole, env=os.environ | known, check=False).returncode


def login_of(url: str, name: str) -> dict[str, Any]:
    """How schemathesis signs in as that user, and again after it has signed out (Web Fuzzing Commons)."""
    form = signed_up(url, name).request.content.decode()
    token = {"extractFrom": "body", "extractSelector": "/token", "sendIn": "header", "sendName": "Authorization"}
    login = {
        "endpoint": "/api/auth/signin",
        "verb": "POST",
        "payloadRaw": form,
        "contentType": "application/json",
        "token": token | {"sendTemplate": "Bearer {token}"},
    }
    return {"name": name, "loginEndpointAuth": login}


def signed_up(url: str, name: str) -> httpx.Response:
    form = {"email": f"{name}@example.com", "password": PASSWORD}
    return httpx.post(f"{url}/api/auth/signup", json=form).raise_for_status()


if __name__ == "__main__":
    main()
