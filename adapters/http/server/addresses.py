"""The address of a client: that of the socket, unless the peer is a trusted proxy, which forwards the address."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

UNIX = "unix"
"""Stands in place of a network for clients on a Unix socket, which have no address."""
IPV6_CLIENT_PREFIX_BITS = 64
"""The prefix length of an IPv6 network that is counted as one client (RFC 6177)."""

Address = IPv4Address | IPv6Address


class TrustedProxies:
    """The proxies whose headers are trusted. Each of `networks` is an address, a network such as 10.0.0.0/8, or `unix`.
    Raises `ValueError` for other texts."""

    def __init__(self, networks: Iterable[str] = ()) -> None:
        named = list(networks)
        self._unix = UNIX in named
        self._networks: list[IPv4Network | IPv6Network] = [ip_network(each) for each in named if each != UNIX]

    def trusts(self, peer: str | None) -> bool:
        own = _parsed(peer or "")
        return self._unix if own is None else self._is_trusted(own)

    def client(self, peer: str | None, forwarded: Sequence[str]) -> str:
        """Returns the rightmost address in `forwarded`, the request's X-Forwarded-For headers, that is no trusted
        proxy. Addresses to the left of that can be forged. Returns the peer's own address if a trusted proxy sent
        something that is no address."""
        own = _parsed(peer or "")
        if own is None:
            return self._forwarded_address(forwarded, UNIX) if self._unix else UNIX
        return self._forwarded_address(forwarded, _counted_as(own)) if self._is_trusted(own) else _counted_as(own)

    def _forwarded_address(self, forwarded: Sequence[str], peer: str) -> str:
        named = peer
        for text in reversed(",".join(forwarded).split(",")):
            address = _parsed(text)
            if address is None:
                return peer
            named = _counted_as(address)
            if not self._is_trusted(address):
                return named
        return named

    def _is_trusted(self, address: Address) -> bool:
        return any(address in network for network in self._networks)


def _parsed(text: str) -> Address | None:
    """Accepts a port and brackets. An IPv4 address in IPv6 form becomes the IPv4 address."""
    host = text.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _counted_as(address: Address) -> str:
    """Returns the address, or the network of an IPv6 address, under which a client is counted."""
    if isinstance(address, IPv4Address):
        return str(address)
    return str(ip_network((address, IPV6_CLIENT_PREFIX_BITS), strict=False))
