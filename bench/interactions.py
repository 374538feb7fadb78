"""`python -m bench.interactions`: how long a press waits for its paint with 5,000 tasks, and how evenly they scroll.

Milliseconds by the browser's own Event Timing, which rounds to 8: the median and the longest of `ROUNDS`. Frames are
counted while the wheel is turned `TURNS` times. The browser and the server share the machine.
"""

import asyncio
import os
import statistics
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

from bench.options import options
from tests.browser.conftest import CHROMIUM, FLAGS, serving
from tests.browser.person import Person

COUNT, AT_ONCE, ROUNDS, TURNS = 5_000, 500, 20, 120
SETTLED_MS = 500
"""What follows an interaction, such as the server's answer, is drawn by then."""
LONG_FRAME_MS = 50
PLACES = ("Today", "Upcoming", "Inbox")
HEAR = """() => {
  window.heard = [];
  const hear = (list) => window.heard.push(...list.getEntries().filter(({ interactionId }) => interactionId));
  new PerformanceObserver(hear).observe({ type: 'event', durationThreshold: 16 });
}"""
LONGEST = "() => Math.max(8, ...window.heard.splice(0).map(({ duration }) => duration))"
WATCH_FRAMES = """() => {
  window.frames_ms = [];
  let before = performance.now();
  const next = (now) => {
    window.frames_ms.push(now - before);
    before = now;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
}"""
Act = Callable[[int], Awaitable[object]]


def task(number: int) -> dict[str, Any]:
    day = f"{date.today() + timedelta(days=number * 7919 % 60 - 5)}" if number % 2 else None
    priority = (None, None, "low", "high")[number % 4]
    return {"title": f"Task {number}", "due": day, "priority": priority, "tags": [f"tag{number % 9}"]}


async def fill(person: Person) -> None:
    for first in range(0, COUNT, AT_ONCE):
        tasks = [task(first + number) for number in range(AT_ONCE)]
        answer = await person.ask("POST", "/api/users/me/import", {"tasks": tasks})
        assert answer.ok, await answer.text()


async def waited(page: Page, act: Act, before: Act | None = None) -> list[float]:
    """Returns how long each press waited for its paint. What is done `before` it does not count."""
    waits = []
    for number in range(ROUNDS):
        if before:
            await before(number)
            await page.wait_for_timeout(SETTLED_MS)
        await page.evaluate(LONGEST)
        await act(number)
        await page.wait_for_timeout(SETTLED_MS)
        waits.append(await page.evaluate(LONGEST))
    return waits


def interactions(person: Person) -> dict[str, tuple[Act, Act | None]]:
    page, keyboard = person.page, person.page.keyboard
    field = page.get_by_label("New task")

    async def close(_: int) -> None:
        await keyboard.press("Escape")

    async def write(number: int) -> None:
        await field.fill(f"Call mom number {number}")

    return {
        "opening a card": (lambda number: person.tasks.nth(number % 8 + 1).locator(".open").click(), close),
        "checking": (lambda number: person.tasks.nth(number % 8 + 1).locator(".check").click(), None),
        "quick add": (lambda _: field.press("Enter"), write),
        "switching places": (lambda number: person.goes_to(PLACES[number % len(PLACES)]), None),
    }


async def scrolled(page: Page) -> list[float]:
    await page.locator(".list").hover()
    await page.evaluate(WATCH_FRAMES)
    for _ in range(TURNS):
        await page.mouse.wheel(0, 240)
        await page.wait_for_timeout(16)
    frames: list[float] = await page.evaluate("window.frames_ms")
    return frames[1:]


async def measure(browser: Browser, url: str) -> None:
    context = await browser.new_context(base_url=url, viewport={"width": 1440, "height": 900})
    person = Person(context, await context.new_page(), "ann@example.com")
    await person.sign_up()
    await fill(person)
    await person.opens()
    await person.page.wait_for_timeout(4 * SETTLED_MS)
    await person.page.evaluate(HEAR)
    for name, (act, before) in interactions(person).items():
        waits = await waited(person.page, act, before)
        print(f"{name}: median {statistics.median(waits):.0f} ms, longest {max(waits):.0f} ms")
    await person.opens()
    frames = await scrolled(person.page)
    long = sum(frame > LONG_FRAME_MS for frame in frames)
    print(f"scrolling: {len(frames)} frames, longest {max(frames):.0f} ms, {long} over {LONG_FRAME_MS} ms")


async def main() -> None:
    assert CHROMIUM, "there is no Chromium here"
    print(f"load {os.getloadavg()[0]:.1f}")
    async with serving() as server, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        await measure(browser, server.url)
        await browser.close()
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    options(__doc__)
    asyncio.run(main())
