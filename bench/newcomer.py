"""`python -m bench.newcomer`: how long somebody new takes, at a human pace, on a desk and on a phone.

Seconds from opening the address, medians of `ROUNDS`: to the first task with a date, and to the first undo of what the
assistant did. A key takes `KEY_MS`; before each press of a button or field there are `DECIDE_MS` of looking.
"""

import asyncio
import os
import statistics
import time
from typing import Any

from playwright.async_api import Browser, Locator, Page, async_playwright

from bench.options import options
from tests.browser.conftest import CHROMIUM, FLAGS, serving

ROUNDS = 5
KEY_MS = 60
DECIDE_MS = 400
LOOKS: dict[str, dict[str, Any]] = {
    "desk": {"viewport": {"width": 1440, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}


async def press(page: Page, what: Locator) -> None:
    await what.wait_for()
    await page.wait_for_timeout(DECIDE_MS)
    await what.click()


async def write(page: Page, text: str) -> None:
    await page.keyboard.type(text, delay=KEY_MS)
    await page.keyboard.press("Enter", delay=KEY_MS)


async def adds_a_task(page: Page, email: str, *, is_phone: bool) -> None:
    await page.goto("/")
    await press(page, page.get_by_label("Email"))
    await page.keyboard.type(email, delay=KEY_MS)
    await press(page, page.get_by_label("Password"))
    await write(page, "tulips in may")
    add = page.get_by_role("button", name="Add a task", exact=True) if is_phone else page.get_by_label("New task")
    await press(page, add)
    await write(page, "Call mom tomorrow")
    await page.locator(".notice p", has_text="for tomorrow: Call mom").wait_for()


async def undoes(page: Page, *, is_phone: bool) -> None:
    if is_phone:
        await page.keyboard.press("Escape")
        await press(page, page.get_by_role("link", name="Assistant"))
    await press(page, page.get_by_label("Message", exact=True))
    await write(page, "remind me to buy milk on friday")
    await press(page, page.locator(".did footer button"))
    await page.locator(".did footer", has_text="Undone").wait_for()


async def comes(browser: Browser, url: str, look: str, number: int) -> tuple[float, float]:
    context = await browser.new_context(base_url=url, **LOOKS[look])
    page = await context.new_page()
    begun = time.monotonic()
    await adds_a_task(page, f"{look}{number}@mail.example", is_phone=look == "phone")
    added = time.monotonic() - begun
    await undoes(page, is_phone=look == "phone")
    undone = time.monotonic() - begun
    await context.close()
    return added, undone


async def main() -> None:
    assert CHROMIUM, "there is no Chromium here"
    async with serving() as server, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for look in LOOKS:
            times = [await comes(browser, server.url, look, number) for number in range(ROUNDS)]
            added, undone = (statistics.median(each) for each in zip(*times, strict=True))
            load = os.getloadavg()[0]
            print(f"{look}: first task with a date {added:.1f} s, first undo {undone:.1f} s, load {load:.1f}")
        await browser.close()


if __name__ == "__main__":
    options(__doc__)
    asyncio.run(main())
