"""Contexts that go from test to test with the page they have: a new page takes a second of the processor."""

from playwright.async_api import Browser, BrowserContext

PATIENCE_MS = 20_000
"""How long what is expected may take on a busy machine. What is there at once is waited for no longer."""


class Contexts:
    """By address and options. Nothing of the test before is left in one, but for the cache of what was loaded."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[str, list[BrowserContext]] = {}
        self._kinds: dict[BrowserContext, str] = {}

    async def take(self, url: str, **options: object) -> BrowserContext:
        kind = f"{url} {options}"
        if free := self._free.setdefault(kind, []):
            return free.pop()
        settings = {"service_workers": "block", "reduced_motion": "reduce", **options}
        context = await self._browser.new_context(base_url=url, **settings)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MS)
        await context.new_page()
        self._kinds[context] = kind
        return context

    async def leave(self, context: BrowserContext) -> None:
        """All that ran in it ends."""
        page, *others = context.pages
        for other in others:
            await other.close()
        await page.goto("about:blank")
        session = await context.new_cdp_session(page)
        origin = self._kinds[context].split(" ", 1)[0]
        kinds = "indexeddb,local_storage,service_workers,cache_storage"
        await session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": kinds})
        await session.detach()
        await page.mouse.move(0, 0)
        await page.unroute_all()
        await context.set_offline(False)
        await context.clear_cookies()

    def give_back(self, context: BrowserContext) -> None:
        self._free[self._kinds[context]].append(context)
