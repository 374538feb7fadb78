"""Somebody at the page, with a browser of their own."""

import re
from typing import Any

from playwright.async_api import APIResponse, BrowserContext, Locator, Page, expect

PASSWORD = "correct horse battery"


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

    async def ask(self, method: str, path: str, data: Any = None, token: str = "") -> APIResponse:
        """As another program of theirs."""
        headers = {"Authorization": f"Bearer {token or self.token}"}
        return await self.context.request.fetch(path, method=method, data=data, headers=headers)

    async def has(self, *titles: str) -> list[int]:
        """Adds tasks elsewhere, and answers with their numbers."""
        answers = [await self.ask("POST", "/api/users/me/tasks", {"title": title}) for title in titles]
        return [(await answer.json())["id"] for answer in answers]

    async def opens(self, address: str = "/") -> None:
        await self.page.goto(address)
        await expect(self.page.locator(".link")).to_have_text("Live")

    async def another_tab(self) -> "Person":
        tab = Person(self.context, await self.context.new_page(), self.email, self.token)
        await tab.opens()
        return tab

    async def adds(self, title: str) -> None:
        await self.page.get_by_label("New task").fill(title)
        await self.page.keyboard.press("Enter")

    async def says(self, text: str) -> None:
        await self.page.get_by_label("Message", exact=True).fill(text)
        await self.page.keyboard.press("Enter")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    @property
    def tasks(self) -> Locator:
        return self.page.locator(".list .task")

    def task(self, title: str) -> Locator:
        return self.tasks.filter(has_text=title)

    @property
    def titles(self) -> Locator:
        return self.page.locator(".list .task .title > span")

    @property
    def answers(self) -> Locator:
        return self.page.locator(".message.assistant")

    def notice(self, text: str) -> Locator:
        return self.page.locator(".notice").filter(has_text=text)

    async def sees_tasks(self, *titles: str) -> None:
        await expect(self.titles).to_have_text(list(titles))

    async def sees_filters(self, *labels: str) -> None:
        await expect(self.page.locator(".filters button")).to_have_text(list(labels))

    async def sees_answer(self, text: str | re.Pattern[str]) -> None:
        await expect(self.answers.last).to_contain_text(text)
