from collections.abc import Awaitable, Callable

import pytest

from application.background import Background
from application.due_work import Worker
from application.periodic_jobs import MAX_RUNNING_JOBS, Job, PeriodicJobs
from domain.errors import Unavailable
from tests.fakes import FakeClock, FakeJobs, FakeStore, FakeWakeups


class World:
    """Jobs by name; what they did; and servers that do them."""

    def __init__(self) -> None:
        self.clock, self.store, self.background = FakeClock(), FakeStore(), Background()
        self.did: list[str] = []

    def server(self, **batches: Callable[[], Awaitable[bool]]) -> Worker:
        jobs = [Job(name, 600, batch) for name, batch in batches.items()]
        work = PeriodicJobs(jobs, FakeJobs(self.store), self.clock, lambda: "lease")
        return Worker(work, FakeWakeups(), self.clock, self.background, MAX_RUNNING_JOBS)

    def batches(self, name: str, *outcomes: bool | Exception) -> Callable[[], Awaitable[bool]]:
        left = list(outcomes)

        async def batch() -> bool:
            self.did.append(name)
            outcome = left.pop(0) if left else False
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        return batch

    async def work(self, server: Worker) -> list[str]:
        """What is done until nothing is due."""
        before = len(self.did)
        while tasks := await server.start_due():
            for task in tasks:
                await task
        return self.did[before:]


@pytest.fixture
def world() -> World:
    return World()


async def test_a_job_goes_on_batch_by_batch_and_begins_again_after_its_time(world: World) -> None:
    server = world.server(a=world.batches("a", True, True, False))
    assert await world.work(server) == ["a", "a", "a"]
    assert await world.work(server) == []
    world.clock.forward(seconds=599)
    assert await world.work(server) == []
    world.clock.forward(seconds=1)
    assert await world.work(server) == ["a"]


@pytest.mark.parametrize("error", [Unavailable("too slow"), RuntimeError("a bug")])
async def test_a_job_that_fails_is_tried_again_after_its_time_and_keeps_no_other_from_its_work(
    world: World, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    server = world.server(a=world.batches("a", error), b=world.batches("b", True), c=world.batches("c", True))
    assert sorted(await world.work(server)) == ["a", "b", "b", "c", "c"]
    assert "'a' failed" in caplog.text
    world.clock.forward(seconds=600)
    assert sorted(await world.work(server)) == ["a", "b", "c"]


async def test_one_server_does_a_job_for_all(world: World) -> None:
    servers = [world.server(a=world.batches("a")) for _ in range(4)]
    assert [await world.work(server) for server in servers] == [["a"], [], [], []]
