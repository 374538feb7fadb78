"""Notifications of the system, as a service worker sees them."""

import asyncio

from playwright.async_api import Worker

SHOWN = "async () => (await inTurn(() => registration.getNotifications())).map(({ title, body }) => ({ title, body }))"
"""In turn with what shows them (`push.js`): asked meanwhile, Chromium loses one."""
PRESS = """async (action) => {
  const [notification] = await registration.getNotifications();
  await onNotificationClick(self, { action, notification });
}"""
"""The worker's own handler: DevTools can't press a button of a notification."""
POLLS, POLL_SECONDS = 200, 0.02


async def shown(worker: Worker, count: int = 1) -> list[dict[str, str]]:
    """Waits until there are so many."""
    found: list[dict[str, str]] = []
    for _ in range(POLLS):
        if len(found := await worker.evaluate(SHOWN)) == count:
            break
        await asyncio.sleep(POLL_SECONDS)
    return found


async def press(worker: Worker, action: str) -> None:
    """Presses a button of the notification that is shown, or the notification itself with no action."""
    await worker.evaluate(PRESS, action)
