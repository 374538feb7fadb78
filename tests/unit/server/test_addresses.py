import pytest

from adapters.http.server.addresses import TrustedProxies

PROXY, OTHER, STRANGER = "10.0.0.1", "10.0.0.2", "203.0.113.7"


@pytest.mark.parametrize(
    ("peer", "client"),
    [
        (STRANGER, STRANGER),
        ("::ffff:203.0.113.7", STRANGER),
        ("2001:db8:1:2:aaaa:bbbb:cccc:dddd", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        (None, "unix"),
        ("", "unix"),
    ],
)
def test_the_peer_counts_whatever_a_header_says(peer: str | None, client: str) -> None:
    assert TrustedProxies().client(peer, []) == client
    assert TrustedProxies([PROXY]).client(peer, ["1.2.3.4", "5.6.7.8"]) == client


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ([STRANGER], STRANGER),
        ([f"1.2.3.4, {STRANGER}"], STRANGER),
        ([f"{OTHER}, {STRANGER}, {OTHER}"], STRANGER),
        (["1.2.3.4", STRANGER], STRANGER),
        ([f"garbage, {STRANGER}"], STRANGER),
        ([f"{STRANGER}:51234"], STRANGER),
        (["[2001:db8:1:2::7]:443"], "2001:db8:1:2::/64"),
        (["2001:db8:1:2::7"], "2001:db8:1:2::/64"),
        (["::ffff:203.0.113.7"], STRANGER),
        ([f"{STRANGER}, garbage"], PROXY),
        ([f"{STRANGER},"], PROXY),
        (["unknown"], PROXY),
        (["_hidden"], PROXY),
        ([""], PROXY),
        ([], PROXY),
        ([OTHER], OTHER),
    ],
)
def test_behind_a_trusted_proxy_the_right_most_stranger_counts(forwarded: list[str], client: str) -> None:
    assert TrustedProxies(["10.0.0.0/8"]).client(PROXY, forwarded) == client


def test_an_ipv6_proxy_can_be_trusted() -> None:
    assert TrustedProxies(["2001:db8::/32"]).client("2001:db8::1", [STRANGER]) == STRANGER


def test_a_unix_socket_is_trusted_by_its_name() -> None:
    assert TrustedProxies(["unix"]).client(None, [f"1.2.3.4, {STRANGER}"]) == STRANGER
    assert TrustedProxies(["unix"]).client(PROXY, [STRANGER]) == PROXY


@pytest.mark.parametrize("network", ["nginx", "", "*", "10.0.0.1/8", "10.0.0.0/33"])
def test_what_is_no_network_is_refused(network: str) -> None:
    with pytest.raises(ValueError, match=r"network|address|host bits|netmask"):
        TrustedProxies([network])
