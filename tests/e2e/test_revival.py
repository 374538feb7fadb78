"""The built-in PostgreSQL dies under a server."""

import os
import signal
import time
from contextlib import suppress

import httpx
import pytest

from tests.e2e.conftest import PATIENCE, POLL_SECONDS, Server
from tests.servers.pgbouncer import WANTED

pytestmark = pytest.mark.long


@pytest.mark.skipif(WANTED, reason="the server's own PostgreSQL is meant, and there is none behind a pooler")
def test_a_server_whose_database_was_killed_is_ready_again_by_itself(server: Server) -> None:
    server.start()
    [before] = server.postgres()
    os.kill(before.pid, signal.SIGKILL)
    for _ in range(PATIENCE):
        with suppress(httpx.TransportError, ValueError, IndexError):
            if [each.pid for each in server.postgres()] != [before.pid] and server.is_ready():
                return
        time.sleep(POLL_SECONDS)
    raise AssertionError(server.output())
