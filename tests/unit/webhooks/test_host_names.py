"""How names are looked up while name servers hang."""

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence

import pytest

from adapters.webhooks.host_names import THREADS_OF_USER, HostNames


class Hanging:
    """Look-ups of names that end with `.hanging` wait until the test ends. `asked` are all that have begun."""

    def __init__(self) -> None:
        self.free = threading.Event()
        self.asked: list[str] = []
        self.begun = threading.Semaphore(0)

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        self.begun.release()
        if host.endswith(".hanging"):
            self.free.wait()
        if host.endswith(".none"):
            raise OSError("no such name")
        return [f"{host} at {port}"]


@pytest.fixture
async def server() -> AsyncIterator[Hanging]:
    server = Hanging()
    yield server
    server.free.set()


async def begun(names: HostNames, server: Hanging, user_id: str, *hosts: str) -> list[asyncio.Task[Sequence[str]]]:
    asking = [asyncio.create_task(names.addresses(user_id, host, 443)) for host in hosts]
    for _ in range(THREADS_OF_USER):
        await asyncio.to_thread(server.begun.acquire)
    return asking


async def test_hanging_names_of_a_user_keep_nobody_else_waiting(server: Hanging) -> None:
    names = HostNames(server)
    asking = await begun(names, server, "ann", *(f"{number}.hanging" for number in range(100)))
    assert len(server.asked) == THREADS_OF_USER
    assert await names.addresses("bob", "example.com", 443) == ["example.com at 443"]
    server.free.set()
    assert [await each for each in asking] == [[f"{number}.hanging at 443"] for number in range(100)]
    names.close()


async def test_a_look_up_counts_until_its_end_though_nobody_waits_for_it(server: Hanging) -> None:
    names = HostNames(server)
    for each in (given_up := await begun(names, server, "ann", "1.hanging", "2.hanging", "3.hanging")):
        each.cancel()
    await asyncio.wait(given_up)
    again = asyncio.create_task(names.addresses("ann", "example.com", 443))
    await asyncio.wait([again], timeout=0.05)
    assert sorted(server.asked) == ["1.hanging", "2.hanging"]
    server.free.set()
    assert await again == ["example.com at 443"]
    names.close()


async def test_who_asks_for_the_same_name_shares_the_look_up(server: Hanging) -> None:
    names = HostNames(server)
    asking = await begun(names, server, "ann", "1.hanging", *["1.hanging"] * 9, "2.hanging")
    assert sorted(server.asked) == ["1.hanging", "2.hanging"]
    server.free.set()
    assert [await each for each in asking] == [["1.hanging at 443"]] * 10 + [["2.hanging at 443"]]
    names.close()


async def test_a_name_that_leads_nowhere_is_told_to_each_who_asked(server: Hanging) -> None:
    names = HostNames(server)
    for answer in await asyncio.gather(
        *(names.addresses("ann", f"{number}.none", 443) for number in range(5)), return_exceptions=True
    ):
        assert isinstance(answer, OSError)
    assert await names.addresses("ann", "example.com", 443) == ["example.com at 443"]
    names.close()
