"""Somebody at the page, with a browser of their own."""

import asyncio
import re
from datetime import UTC, datetime
from typing import Any

from playwright.async_api import APIResponse, BrowserContext, Locator, Page, expect

PASSWORD = "correct horse battery"
LAST_SECONDS = 54
NEXT_FRAMES = "() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"


async def this_minute() -> str:
    """Returns a time at which a reminder rings at once: it is of the minute that runs, and that does not end just
    now."""
    if (second := datetime.now(UTC).second) >= LAST_SECONDS:
        await asyncio.sleep(60 - second)
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M}"


class Person:
    def __init__(self, context: BrowserContext, page: Page, email: str, token: str = "") -> None:
        self.context = context
        self.page = page
        self.email = email
        self.token = token

    async def sign_up(self) -> None:
        """Not in the page, which goes on with the cookie that this leaves."""
        self.token = await self._enter("signup")

    async def sign_in(self) -> None:
        self.token = await self._enter("signin")

    async def _enter(self, way: str) -> str:
        form = {"email": self.email, "password": PASSWORD}
        answer = await self.context.request.post(f"/api/auth/{way}", data=form)
        assert answer.ok, await answer.text()
        return str((await answer.json())["token"])

    async def signs_up_in_the_page(self) -> None:
        await self.page.goto("/")
        await self.page.get_by_label("Email").fill(self.email)
        await self.page.get_by_label("Password").fill(PASSWORD)
        await self.button("Create an account").click()

    async def ask(self, method: str, path: str, data: Any = None, token: str = "") -> APIResponse:
        """As another program of theirs."""
        headers = {"Authorization": f"Bearer {token or self.token}"}
        return await self.context.request.fetch(path, method=method, data=data, headers=headers)

    async def has(self, *titles: str) -> list[int]:
        """Adds tasks elsewhere, and answers with their numbers."""
        answers = [await self.ask("POST", "/api/users/me/tasks", {"title": title}) for title in titles]
        return [(await answer.json())["id"] for answer in answers]

    async def opens(self, address: str = "/inbox") -> None:
        await self.page.goto(address)
        await self.is_live()

    async def is_live(self) -> None:
        await expect(self.page.locator("html")).to_have_attribute("data-link", "live")

    async def is_away(self) -> None:
        await expect(self.page.locator("html")).to_have_attribute("data-link", "away")

    async def is_saved(self) -> None:
        """Waits until what was done here is with the server: it is drawn as waiting in the next frame."""
        await self.page.evaluate(NEXT_FRAMES)
        await expect(self.page.locator("html")).to_have_attribute("data-waiting", "0")

    async def another_tab(self, address: str = "/inbox") -> "Person":
        tab = Person(self.context, await self.context.new_page(), self.email, self.token)
        await tab.opens(address)
        return tab

    async def adds(self, title: str) -> None:
        await self.page.get_by_label("New task").fill(title)
        await self.page.keyboard.press("Enter")

    async def says(self, text: str) -> None:
        await self.page.get_by_label("Message", exact=True).fill(text)
        await self.page.keyboard.press("Enter")

    async def goes_to(self, place: str) -> None:
        await self.page.get_by_role("navigation").get_by_role("link", name=re.compile(f"^{place}")).first.click()

    async def picks(self, opener: str, item: str) -> None:
        """Opens the menu of a button and presses one of its items."""
        await self.button(opener).click()
        await self.page.get_by_role("menu").get_by_text(item, exact=True).click()

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    @property
    def tasks(self) -> Locator:
        return self.page.locator(".list .task")

    def task(self, title: str) -> Locator:
        return self.tasks.filter(has_text=title)

    @property
    def titles(self) -> Locator:
        return self.page.locator(".list .task .title")

    async def opens_task(self, title: str) -> None:
        await self.task(title).locator(".open").click()
        await expect(self.page.get_by_label("Title")).to_be_focused()

    def check(self, title: str) -> Locator:
        return self.page.locator(".list").get_by_label(f"Done: {title}", exact=True)

    async def deletes(self, title: str) -> None:
        await self.task(title).hover()
        await self.button(f"Delete: {title}").click()

    async def hears(self, *titles: str) -> None:
        """The reminders that the page shows, the newest first."""
        await expect(self.page.locator(".rung .rung-title")).to_have_text(list(titles))

    @property
    def said(self) -> Locator:
        return self.page.locator(".message.user")

    @property
    def answers(self) -> Locator:
        return self.page.locator(".message.assistant")

    @property
    def done(self) -> Locator:
        """The tasks that the last answer shows as changed."""
        return self.answers.last.locator(".did .title")

    async def is_answered(self) -> None:
        await expect(self.answers.last.get_by_role("button", name="Answer anew")).to_be_visible()

    def notice(self, text: str) -> Locator:
        return self.page.locator(".notice").filter(has_text=text)

    async def sees_tasks(self, *titles: str) -> None:
        await expect(self.titles).to_have_text(list(titles))

    async def sees_answer(self, text: str | re.Pattern[str]) -> None:
        await expect(self.answers.last).to_contain_text(text)

    async def signs_out(self) -> None:
        await self.page.get_by_role("button", name=re.compile("^Account")).click()
        await self.page.get_by_role("menuitem", name="Sign out").click()
