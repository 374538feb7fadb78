"""By whom places are counted before a token is looked at."""

from litestar.types import HTTPScope

from adapters.http.server import clients
from adapters.http.server.addresses import TrustedProxies
from adapters.http.server.clients import ClientPermits, Clients

PROXY = "10.0.0.1"


def scope(token: str | None = None, peer: str = "203.0.113.1", forwarded: str | None = None) -> HTTPScope:
    headers = [(b"authorization", f"Bearer {token}".encode())] if token else []
    headers += [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    return {"headers": headers, "client": (peer, 1)}  # type: ignore[typeddict-item]


async def used(known: Clients, token: str, user_id: str) -> ClientPermits:
    permits = known.of(scope(token))
    await permits.move_to_user(user_id)
    return permits


async def test_a_token_that_was_taken_before_is_its_users() -> None:
    known = Clients(TrustedProxies())
    await used(known, "a", "ann")
    await used(known, "b", "ann")
    await used(known, "c", "bob")
    assert [known.of(scope(token)).key for token in "abc"] == ["ann", "ann", "bob"]


def test_others_are_known_by_their_address() -> None:
    known = Clients(TrustedProxies([PROXY]))
    keys = [known.of(each).key for each in (scope(), scope("forged"), scope("forged", peer="203.0.113.2"))]
    assert keys[0] == keys[1] != keys[2]
    behind = [known.of(scope(peer=PROXY, forwarded=each)).key for each in ("198.51.100.1", "198.51.100.2")]
    assert behind[0] != behind[1]
    assert known.of(scope(forwarded="198.51.100.1")).key == keys[0], "a stranger's hearsay"


async def test_a_user_whose_name_is_an_address_is_not_that_address() -> None:
    known = Clients(TrustedProxies())
    assert (await used(known, "a", "203.0.113.1")).key != known.of(scope()).key


async def test_no_more_tokens_are_remembered_than_there_is_room_for() -> None:
    known = Clients(TrustedProxies())
    for number in range(clients.TOKENS_REMEMBERED + 10):
        await used(known, str(number), "ann")
    assert len(known._users) <= clients.TOKENS_REMEMBERED
    assert known.of(scope(str(clients.TOKENS_REMEMBERED + 9))).key == "ann"
