"""Bytes that no HTTP client sends, over a real socket: one request is one request, and the server serves on."""

import json
import re
import socket
from collections.abc import Iterator
from contextlib import suppress

import psutil
import pytest

from tests.e2e.conftest import Server, new_server

pytestmark = pytest.mark.long

TARGET = b"/health/live"
HOST = b"Host: localhost\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST /api/auth/signin HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with new_server() as server:
        server.start(LOG_LEVEL="INFO")
        yield server


def sent(server: Server, *data: bytes, seconds: float = 1) -> list[int]:
    """The statuses of all answers, until the server hangs up or says no more."""
    host, _, port = server.url.removeprefix("http://").rpartition(":")
    heard = b""
    with socket.create_connection((host, int(port)), timeout=seconds) as wire:
        for part in data:
            wire.sendall(part)
        try:
            while more := wire.recv(65536):
                heard += more
        except (TimeoutError, ConnectionResetError):
            pass
    return [int(status) for status in STATUS.findall(heard)]


def get(*headers: bytes) -> bytes:
    return b"GET " + TARGET + b" HTTP/1.1\r\n" + HOST + b"".join(each + b"\r\n" for each in headers) + b"\r\n"


SMUGGLING = {
    "CL and TE": POST + b"Content-Length: 5\r\n" + CHUNKED + b"\r\n0\r\n\r\n" + SMUGGLED,
    "TE and CL": POST + CHUNKED + b"Content-Length: 5\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "two CL": POST + b"Content-Length: 0\r\nContent-Length: 44\r\n\r\n" + SMUGGLED,
    "two CL in one": POST + b"Content-Length: 0, 44\r\n\r\n" + SMUGGLED,
    "CL with a plus": POST + b"Content-Length: +0\r\n\r\n" + SMUGGLED,
    "a negative CL": POST + b"Content-Length: -1\r\n\r\n" + SMUGGLED,
    "CL in hexadecimals": POST + b"Content-Length: 0x2c\r\n\r\n" + SMUGGLED,
    "CL beyond 64 bits": POST + b"Content-Length: 18446744073709551617\r\n\r\n" + SMUGGLED,
    "a folded TE": POST + b"Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "a blank before the colon": POST + b"Content-Length : 5\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "a TE of another name": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "TE twice": POST + CHUNKED + b"Transfer-Encoding: identity\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "a VT in the TE": POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "a chunk size with a sign": POST + CHUNKED + b"\r\n+0\r\n\r\n" + SMUGGLED,
    "a chunk size in 0x": POST + CHUNKED + b"\r\n0x0\r\n\r\n" + SMUGGLED,
    "a chunk size beyond 64 bits": POST + CHUNKED + b"\r\n10000000000000000\r\nx\r\n0\r\n\r\n" + SMUGGLED,
    "a chunk without its end": POST + CHUNKED + b"\r\n1\r\nab\r\n0\r\n\r\n" + SMUGGLED,
    "bare line feeds": (POST + CHUNKED).replace(b"\r\n", b"\n") + b"\n0\n\n" + SMUGGLED,
    "bare carriage returns": get(b"X: a\rContent-Length: 44") + SMUGGLED,
    "a NUL in a value": get(b"X: a\x00b") + SMUGGLED,
    "a NUL in a name": get(b"X\x00: a") + SMUGGLED,
    "no colon": get(b"Nonsense") + SMUGGLED,
}


@pytest.mark.parametrize("form", SMUGGLING)
def test_a_request_of_two_meanings_is_refused_and_nothing_behind_it_is_read(server: Server, form: str) -> None:
    assert sent(server, SMUGGLING[form]) in ([400], [415], [413])
    assert "smuggled" not in server.output()


def test_what_follows_a_whole_request_is_the_next_one(server: Server) -> None:
    """Or the refusals above would prove nothing."""
    assert sent(server, POST + b"Content-Length: 2\r\n\r\n{}" + get()) == [400, 200]


@pytest.mark.parametrize(
    "wire",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"G\x00T / HTTP/1.1\r\n\r\n",
        b"\r\n" * 1_000,
        b"GET " + b"/x" * 40_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
        get(*(b"X-%d: %s" % (number, b"v" * 50) for number in range(1_000))),
        get(b"Cookie: " + b"a=b; " * 30_000),
        get(b"Authorization: Bearer " + b"." * 60_000),
        get(b"X-Request-ID: a\r\n b", b"Accept: */*"),
        get(b"Range: bytes=0-,1-,2-", b"Expect: 100-continue", b"Upgrade: websocket", b"Connection: Upgrade"),
        b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n",
        b"CONNECT internal:80 HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /../../etc/passwd HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /docs/assets/%2e%2e/%2e%2e/%2fetc%2fpasswd HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\n" + HOST + b"\r\n",
        POST + b"Content-Length: 100\r\n\r\n{",
        POST + CHUNKED + b"\r\n5\r\nab",
        POST.replace(b"application/json", b"a" * 9_000) + b"Content-Length: 2\r\n\r\n{}",
    ],
)
def test_nonsense_is_answered_or_hung_up_on_and_the_server_serves_on(server: Server, wire: bytes) -> None:
    assert [status for status in sent(server, wire) if status >= 500] == []
    assert sent(server, get()) == [200]
    assert "Traceback" not in server.output()


ENDLESS = {
    "an address": (b"GET /", b"a"),
    "a header": (b"GET / HTTP/1.1\r\n" + HOST + b"X: ", b"a"),
    "headers": (b"GET / HTTP/1.1\r\n" + HOST, b"x: a\r\n"),
    "a chunk's extension": (POST + CHUNKED + b"\r\n1;", b"a"),
    "a trailer": (POST + CHUNKED + b"\r\n1\r\n{\r\n0\r\nX: ", b"a"),
    "trailers": (POST + CHUNKED + b"\r\n1\r\n{\r\n0\r\n", b"x: a\r\n"),
}


@pytest.mark.parametrize("what", ENDLESS)
def test_what_has_no_end_is_cut_off_before_it_costs_memory(server: Server, what: str) -> None:
    begun, piece = ENDLESS[what]
    assert sent(server, get()) == [200]
    before, gone = memory(server), 0
    host, _, port = server.url.removeprefix("http://").rpartition(":")
    with socket.create_connection((host, int(port)), timeout=5) as wire, suppress(ConnectionError):
        wire.sendall(begun)
        while gone < 50_000_000:
            wire.sendall(piece * (60_000 // len(piece)))
            gone += 60_000
    assert gone < 20_000_000
    assert memory(server) - before < 20_000_000
    assert sent(server, get()) == [200]


def memory(server: Server) -> int:
    assert server.process is not None
    return int(psutil.Process(server.process.pid).memory_info().rss)


@pytest.mark.parametrize(
    ("wire", "status"), [(b"nonsense\r\n\r\n", 400), (ENDLESS["a header"][0] + b"a" * 400_000, 431)]
)
def test_what_is_refused_before_it_is_a_request_has_the_envelope(server: Server, wire: bytes, status: int) -> None:
    host, _, port = server.url.removeprefix("http://").rpartition(":")
    heard = b""
    with socket.create_connection((host, int(port)), timeout=5) as connection, suppress(ConnectionError):
        connection.sendall(wire)
        while more := connection.recv(65536):
            heard += more
    head, _, body = heard.partition(b"\r\n\r\n")
    detail = json.loads(body)["detail"]
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert detail["request_id"].encode() in head
    assert b"x-content-type-options: nosniff" in head


def test_a_value_of_the_request_starts_no_header_of_the_answer(server: Server) -> None:
    host, _, port = server.url.removeprefix("http://").rpartition(":")
    with socket.create_connection((host, int(port)), timeout=5) as wire:
        wire.sendall(b"GET /api/tasks/%0d%0aX-Evil:%201 HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
        answer = b"".join(iter(lambda: wire.recv(65536), b""))
    assert b"x-evil" not in answer.lower()
    assert b"\r\nserver:" not in answer.lower()
