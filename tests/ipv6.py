"""Whether this machine speaks IPv6."""

import socket

import pytest


def speaks_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


needs_ipv6 = pytest.mark.skipif(not speaks_ipv6(), reason="this machine speaks no IPv6")
