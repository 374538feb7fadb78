"""The addresses that are listened on are those that the host has, for one process and for several alike."""

import errno
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from bootstrap.listening import close, listen, port_of, url
from tests.ipv6 import needs_ipv6


@pytest.fixture
def listening() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@needs_ipv6
@pytest.mark.parametrize(
    ("host", "reached"),
    [
        ("127.0.0.1", ["127.0.0.1"]),
        ("0.0.0.0", ["127.0.0.1"]),
        ("::1", ["::1"]),
        ("[::1]", ["::1"]),
        ("::", ["::1", "127.0.0.1"]),
    ],
)
def test_a_host_is_reached_at_its_addresses_and_no_others(listening: ExitStack, host: str, reached: list[str]) -> None:
    taken = listen(host, 0)
    listening.callback(close, taken)
    for each in taken:
        each.listen()
    for address in ("127.0.0.1", "::1"):
        with closing(socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)) as client:
            assert (client.connect_ex((address, port_of(taken))) == 0) == (address in reached)


def test_all_addresses_of_a_name_have_one_port(listening: ExitStack) -> None:
    taken = listen("localhost", 0)
    listening.callback(close, taken)
    assert {each.getsockname()[1] for each in taken} == {port_of(taken)}
    assert {each.getsockname()[0] for each in taken} <= {"127.0.0.1", "::1"}


def test_an_address_that_this_machine_does_not_have_is_left_out_where_there_is_another(
    monkeypatch: pytest.MonkeyPatch, listening: ExitStack
) -> None:
    def resolved(*_: object, **__: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, 0)) for host in ("192.0.2.1", "127.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    taken = listen("both.example", 0)
    listening.callback(close, taken)
    assert [each.getsockname()[0] for each in taken] == ["127.0.0.1"]


def test_a_port_that_is_taken_at_one_address_is_refused(listening: ExitStack) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other, pytest.raises(OSError) as refused:
        listen("localhost", other.getsockname()[1])
    assert refused.value.errno == errno.EADDRINUSE
    with pytest.raises(OSError):
        listen("192.0.2.1", 0)


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("localhost", "http://localhost:8000"),
        ("::1", "http://[::1]:8000"),
        ("[::1]", "http://[::1]:8000"),
        ("::", "http://[::1]:8000"),
        ("2001:db8::1", "http://[2001:db8::1]:8000"),
        ("fe80::1%eth0", "http://[fe80::1%25eth0]:8000"),
    ],
)
def test_it_is_announced_as_a_browser_finds_it(host: str, shown: str) -> None:
    assert url(host, 8000) == shown
