"""`python -m bench.page`: the page's first load by the browser's own timings, with nothing kept and with all kept.

Milliseconds from the start of the navigation, medians of `ROUNDS`; the browser and the server share the machine.
"""

import asyncio
import statistics

from playwright.async_api import Browser, BrowserContext, async_playwright

from bench.options import options
from tests.browser.conftest import CHROMIUM, FLAGS, serving

ROUNDS = 5
FORM = {"password": "correct horse battery"}
TIMINGS = """() => {
  const paints = performance.getEntriesByType('paint').map((paint) => [paint.name, paint.startTime]);
  const painted = Object.fromEntries(paints);
  const files = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
  const loaded = files.filter((file) => !file.name.includes('/api/'));
  return {
    'first paint': painted['first-paint'],
    'first contentful paint': painted['first-contentful-paint'],
    'files over the wire': loaded.filter((file) => file.transferSize > 0).length,
    'bytes over the wire': loaded.reduce((sum, file) => sum + file.transferSize, 0),
  };
}"""
Timings = dict[str, float]


async def opened(context: BrowserContext, title: str) -> Timings:
    """Until a task that was typed as soon as that was possible is in the list, by the server's word."""
    page = await context.new_page()
    await page.goto("/", wait_until="commit")
    await page.get_by_label("New task").fill(title)
    await page.keyboard.press("Enter")
    await page.locator(".list .task[id]", has_text=title).wait_for()
    first_task: float = await page.evaluate("performance.now()")
    timings: Timings = await page.evaluate(TIMINGS)
    await page.close()
    return timings | {"first task": first_task}


async def rounds(browser: Browser, url: str) -> tuple[list[Timings], list[Timings]]:
    """Each with a new browser profile: its first visit, and its second."""
    cold, warm = [], []
    for number in range(ROUNDS):
        context = await browser.new_context(base_url=url)
        await context.request.post("/api/auth/signup", data=FORM | {"email": f"ann{number}@example.com"})
        cold.append(await opened(context, "First"))
        warm.append(await opened(context, "Second"))
        await context.close()
    return cold, warm


def told(timings: list[Timings]) -> str:
    return ", ".join(f"{name} {statistics.median(each[name] for each in timings):,.0f}" for name in timings[0])


async def main() -> None:
    assert CHROMIUM, "there is no Chromium here"
    async with serving() as server, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        cold, warm = await rounds(browser, server.url)
        await browser.close()
    print(f"nothing kept: {told(cold)}\nall kept: {told(warm)}")


if __name__ == "__main__":
    options(__doc__)
    asyncio.run(main())
