"""The IP addresses of machines on the internet, by IANA's registries of special-purpose addresses as of 2025. Python's
`is_global` follows the registries of the year of its release, so the blocks are listed here."""

import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

SPECIAL_IPV4 = [
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
        "168.63.129.16/32",
    )
]
"""Whole blocks, even if the registry says that a part of one can be reached: such a part is a service of the network
and not a machine of a customer. The last block is in no registry: it is the host of a virtual machine in Azure.
"""

GLOBAL_UNICAST = IPv6Network("2000::/3")
"""All other IPv6 addresses are special, including those of future allocations (RFC 4291)."""
SPECIAL_IPV6 = [
    IPv6Network(block) for block in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
]
NAT64 = IPv6Network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Returns whether an IP address is that of a machine on the internet. Raises `ValueError` if it is no address. An
    IPv6 address that leads to an IPv4 address (RFC 4291, mapped; RFC 6052, NAT64) is judged by the latter. An address
    with a zone is on the local link (RFC 4007)."""
    ip = _destination(ip_address(address.partition("%")[0]))
    if "%" in address:
        return False
    if isinstance(ip, IPv4Address):
        return not any(ip in block for block in SPECIAL_IPV4)
    return ip in GLOBAL_UNICAST and not any(ip in block for block in SPECIAL_IPV6)


def literal_of(host: str) -> str | None:
    """Returns the IP address if the URL's host is one, in any form that `inet_aton` reads. Returns None for a name."""
    text = host.removesuffix(".")
    try:
        return str(ip_address(text))
    except ValueError:
        return _inet_aton_address(text)


def _inet_aton_address(text: str) -> str | None:
    """Reads one to four decimal, octal or hexadecimal numbers, such as `127.1`, `0x7f000001` and `0177.0.0.1`."""
    try:
        return socket.inet_ntoa(socket.inet_aton(text))
    except OSError:
        return None


def _destination(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(ip, IPv4Address):
        return ip
    return ip.ipv4_mapped or (IPv4Address(int(ip) & 0xFFFFFFFF) if ip in NAT64 else ip)
