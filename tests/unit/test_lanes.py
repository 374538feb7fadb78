import asyncio

import pytest

from adapters.http import lanes
from adapters.http.lanes import Lane, Lanes, Pace


async def queued(lane: Lane) -> "asyncio.Task[bool]":
    """Somebody who waits by now, or has been refused."""
    task = asyncio.create_task(lane.enter())
    await asyncio.sleep(0)
    return task


async def test_who_comes_first_is_let_in_first() -> None:
    lane = Lane(at_once=1, waiting=2)
    assert await lane.enter()
    first, second = await queued(lane), await queued(lane)
    lane.leave()
    assert await first
    assert not second.done()
    lane.leave()
    assert await second


async def test_what_is_too_much_is_refused_at_once() -> None:
    lane = Lane(at_once=1, waiting=1)
    assert await lane.enter()
    waits = await queued(lane)
    assert not await lane.enter()
    lane.leave()
    assert await waits


async def test_nobody_waits_for_longer_than_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "WAIT_SECONDS", 0.01)
    lane = Lane(at_once=1, waiting=1)
    assert await lane.enter()
    assert not await lane.enter()
    lane.leave()
    assert await lane.enter(), "the place is free again"


@pytest.mark.parametrize("when", ["called in", "not yet", "at the same time"])
async def test_a_place_is_not_lost_with_who_leaves_while_waiting(when: str) -> None:
    lane = Lane(at_once=1, waiting=2)
    assert await lane.enter()
    leaves, stays = await queued(lane), await queued(lane)
    if when == "called in":
        lane.leave()
        leaves.cancel()
    else:
        leaves.cancel()
        if when == "not yet":
            await asyncio.sleep(0)
        lane.leave()
    assert await stays
    lane.leave()
    assert await lane.enter()


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("GET", "/health", None),
        ("GET", "/health/ready", None),
        ("GET", "/metrics", None),
        ("OPTIONS", "/api/users/me/tasks", None),
        ("GET", "/api/users/me/tasks", "requests"),
        ("POST", "/api/users/me/tasks", "requests"),
        ("POST", "/mcp", "requests"),
        ("POST", "/api/users/me/chat", "turns"),
        ("POST", "/api/users/me/chat/", "turns"),
        ("POST", "/api/users/me/turns/t1/resume", "turns"),
        ("POST", "/api/users/me/conversations/c/messages/m/regenerate", "turns"),
        ("POST", "/api/users/me/chat/default/stop", "requests"),
        ("GET", "/api/users/me/chat/default/stream", "streams"),
        ("GET", "/api/users/me/events/stream", "streams"),
    ],
)
def test_each_kind_of_request_has_a_lane_of_its_own(method: str, path: str, kind: str | None) -> None:
    sized = Lanes.sized(pool_size=1, waiting=1, turns=1, streams=1)
    lane = sized.of({"method": method, "path": path})  # type: ignore[typeddict-item]
    assert lane is (getattr(sized, kind) if kind else None)


async def test_a_pace_lets_few_pass_at_once_and_nobody_waits_for_longer_than_a_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waited: list[float] = []

    async def note(seconds: float) -> None:
        waited.append(round(seconds, 1))

    monkeypatch.setattr("asyncio.sleep", note)
    pace = Pace(20)
    for _ in range(50):
        await pace.keep()
    assert len(waited) in (47, 48), "a tenth of a second's passed at once"
    assert waited == sorted(waited)
    assert waited[9] == 0.5
    assert waited[30:] == [1.0] * len(waited[30:])
