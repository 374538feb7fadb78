"""Opens the listening sockets before anything else starts, in the same way for one process and for several. uvicorn
itself opens one address for several processes and all addresses of a name for one, and treats `::` differently."""

import errno
import socket
from collections.abc import Sequence

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104
"""The address by which this machine reaches itself."""
NOT_HERE = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
"""A name may have an address of a family that this machine lacks: localhost often has `::1`."""


def listen(host: str, port: int) -> list[socket.socket]:
    """Listens on all addresses of the host, on one port. `::` includes IPv4. Raises `OSError` and `OverflowError`."""
    found = socket.getaddrinfo(_bare(host), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    taken: list[socket.socket] = []
    failed: OSError | None = None
    for family, _, _, _, address in dict.fromkeys(found):
        try:
            taken.append(_bound(family, (address[0], port_of(taken) if taken else port, *address[2:])))
        except OSError as error:
            failed = error
            if error.errno not in NOT_HERE:
                break
    if failed and (not taken or failed.errno not in NOT_HERE):
        close(taken)
        raise failed
    return taken


def port_of(taken: Sequence[socket.socket]) -> int:
    return int(taken[0].getsockname()[1])


def close(taken: Sequence[socket.socket]) -> None:
    for each in taken:
        each.close()


def url(host: str, port: int) -> str:
    """Returns the URL for a browser on this machine (RFC 3986, 3.2.2; for zones, RFC 6874)."""
    name = EVERYWHERE.get(_bare(host), _bare(host))
    return f"http://[{name.replace('%', '%25')}]:{port}" if ":" in name else f"http://{name}:{port}"


def _bare(host: str) -> str:
    return host.removeprefix("[").removesuffix("]")


def _bound(family: int, address: tuple[object, ...]) -> socket.socket:
    taken = socket.socket(family, socket.SOCK_STREAM)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            taken.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, address[0] != "::")
        taken.bind(address)
    except BaseException:
        taken.close()
        raise
    return taken
