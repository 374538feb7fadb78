import json
import signal
import socket
from contextlib import closing
from http.client import HTTPConnection

import httpx
import pytest

from adapters.postgres.tables import SCHEMA_VERSION
from tests.e2e.conftest import Server
from tests.ipv6 import needs_ipv6

WRONG = [
    ({"ENVIRONMENT": "production"}, "DATABASE_URL"),
    ({"ENVIRONMENT": "production", "DATABASE_URL": "postgresql://h/d"}, "BETTER_AUTH_SECRET"),
    ({"ENVIRONMENT": "prod"}, "ENVIRONMENT"),
    ({"BETTER_AUTH_SECRET": "short"}, "BETTER_AUTH_SECRET"),
    ({"CHAT_LIMIT": "many"}, "CHAT_LIMIT"),
    ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL"),
    ({"LOG_FILE": "/proc/none/app.log"}, "LOG_FILE"),
    ({"FRONTEND_URL": "https://a.example/?x=1"}, "FRONTEND_URL"),
    ({"DATABASE_URL": "mysql://h/d"}, "DATABASE_URL"),
    ({"RATE_LIMIT_STORAGE": "memcached://h"}, "RATE_LIMIT_STORAGE"),
    ({"SMTP_URL": "http://h"}, "SMTP_URL"),
]


@pytest.mark.long
def test_a_turn_from_the_terminal_needs_no_server(first_server: Server) -> None:
    first = first_server.run("chat", "Add a task to buy groceries")
    assert first.returncode == 0, first.stderr
    assert "Buy groceries" in first.stdout
    assert "Buy groceries" in first_server.run("chat", "what is on my list?").stdout
    assert first_server.postgres() == []


@pytest.mark.long
def test_a_turn_from_the_terminal_over_http_says_what_is_missing(server: Server) -> None:
    server.start()
    refused = server.run("chat", "--server", server.url, "hello")
    assert refused.returncode == 1
    assert "Sign in" in refused.stderr
    assert server.end(signal.SIGTERM) == []
    away = server.run("chat", "--server", server.url, "--token", "x", "hello")
    assert "No tasktalk server answers" in away.stderr


def test_the_openapi_document_is_printed_without_a_database(first_server: Server) -> None:
    printed = first_server.run("openapi")
    assert json.loads(printed.stdout)["openapi"].startswith("3.1")
    assert not (first_server.folder / "data").exists()


def test_migrating_says_where_the_database_is(server: Server) -> None:
    assert f"migration {SCHEMA_VERSION}" in server.run("migrate").stdout


@pytest.mark.parametrize(
    ("environment", "named"), [*WRONG[:2], *(pytest.param(*each, marks=pytest.mark.long) for each in WRONG[2:])]
)
def test_a_wrong_setting_stops_the_start_with_one_line_that_names_it(
    first_server: Server, environment: dict[str, str], named: str
) -> None:
    stopped = first_server.run("serve", "--port", "0", **environment)
    assert stopped.returncode == 1
    (line,) = stopped.stderr.splitlines()
    assert named in line
    assert "short" not in line


def test_a_taken_port_is_told_before_anything_starts(first_server: Server) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        stopped = first_server.run("serve", "--port", str(taken.getsockname()[1]))
    assert stopped.returncode == 1
    assert "--port" in stopped.stderr
    assert len(stopped.stderr.splitlines()) == 1


@pytest.mark.long
@needs_ipv6
@pytest.mark.parametrize("workers", ["1", "2"])
def test_ipv6_is_served_and_announced_by_one_process_and_by_two(server: Server, workers: str) -> None:
    server.start("--host", "::", "--workers", workers)
    assert "tasktalk is at   http://[::1]:" in server.output()
    port = server.url.rpartition(":")[2]
    for host in ("[::1]", "127.0.0.1"):
        kept = httpx.get(f"http://{host}:{port}/health/live", timeout=5)
        assert kept.json()["status"] == "healthy"


@pytest.mark.long
def test_an_idle_connection_is_kept_for_as_long_as_is_set(server: Server) -> None:
    server.start(KEEP_ALIVE_SECONDS="1")
    with closing(HTTPConnection("127.0.0.1", int(server.url.rpartition(":")[2]), timeout=30)) as idle:
        for _ in range(2):
            idle.request("GET", "/health/live")
            assert idle.getresponse().read()
        assert idle.sock.recv(1) == b"", "the server hung up"


@pytest.mark.long
def test_a_misspelt_setting_is_named_in_one_line_and_its_value_is_not(first_server: Server) -> None:
    (first_server.folder / ".env").write_text("CHAT_LIMITS=5/minute\n")
    done = first_server.run("chat", "hello", OPEN_AI_API_KEY="sk-pa55w0rd")
    assert done.returncode == 0
    named = [line for line in done.stderr.splitlines() if "did you mean" in line]
    assert named == [
        "tasktalk: CHAT_LIMITS is no setting and is not read: did you mean CHAT_LIMIT?",
        "tasktalk: OPEN_AI_API_KEY is no setting and is not read: did you mean OPENAI_API_KEY?",
    ]
    assert "pa55w0rd" not in done.stderr
