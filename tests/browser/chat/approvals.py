"""An assistant that asks before it deletes, as the API tells of it."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.async_api import Page, Route

Json = dict[str, Any]
QUESTION = "This would delete 3 tasks. Shall I?"
TURN = "0" * 32


def planned(number: int, title: str, action: str = "deleted", **fields: Any) -> Json:
    return {"entity": "task", "id": number, "title": title, "action": action, "before": {}, "after": {}, **fields}


class AskingAssistant:
    """Takes the place of the server's answers to one page. `heard` are the decisions, and what was said meanwhile."""

    def __init__(self, changes: Sequence[Json], *, total: int | None = None, minutes: float = 10) -> None:
        self.heard: list[Any] = []
        self.refusal: Json | None = None
        expires_at = (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")
        self.approval: Json = {
            "id": f"{TURN}.1",
            "state": "pending",
            "question": QUESTION,
            "expires_at": expires_at,
            "changes": list(changes),
            "total_changes": total or len(changes),
        }
        self._said: list[str] = []

    async def answer_for(self, page: Page) -> None:
        await page.route("**/api/users/me/chat", self._chat)
        await page.route("**/api/users/me/chat/approvals/*", self._decide)
        await page.route("**/conversations?limit=100", self._conversations)
        await page.route("**/conversations/default/messages?*", self._messages)

    async def _chat(self, route: Route) -> None:
        said = json.loads(route.request.post_data or "{}")["message"]
        if not self._said:
            self._said.append(said)
            return await route.fulfill(**_stream([*self._question(), self._data(), {"type": "finish"}]))
        self.heard.append(said)
        is_answer = said in ("yes", "no")
        if is_answer:
            start, *ending = self._ending(said == "yes")
            return await route.fulfill(**_stream([start, *ending[len(self._question()) - 1 :]]))
        self._close("refused")
        other = [{"type": "start", "messageId": "1" * 32}, *_text("text-1", "As you like."), {"type": "finish"}]
        return await route.fulfill(**_stream(other))

    async def _decide(self, route: Route) -> None:
        assert route.request.headers["idempotency-key"]
        self.heard.append(json.loads(route.request.post_data or "{}")["approved"])
        if self.refusal:
            self._close("expired")
            return await route.fulfill(status=409, json={"detail": self.refusal})
        return await route.fulfill(**_stream(self._ending(self.heard[-1])))

    def _ending(self, is_yes: bool) -> list[Json]:
        self._close("approved" if is_yes else "refused")
        told = "Done." if is_yes else "I left everything as it was."
        return [*self._question(), self._data(), *_text("text-2", told), {"type": "finish"}]

    def _question(self) -> list[Json]:
        start = [{"type": "start", "messageId": TURN}, {"type": "start-step"}]
        return [*start, *_text("text-1", self.approval["question"])]

    def _close(self, state: str) -> None:
        self.approval = {**self.approval, "state": state}

    def _data(self) -> Json:
        return {"type": "data-approval", "id": self.approval["id"], "data": self.approval}

    async def _conversations(self, route: Route) -> None:
        now = "2026-11-28T12:00:00Z"
        one = {"id": "default", "title": "Trip", "created_at": now, "updated_at": now}
        await route.fulfill(json={"conversations": [one] if self._said else [], "next_cursor": None})

    async def _messages(self, route: Route) -> None:
        waits = self.approval["state"] == "pending"
        common: Json = {"tool_calls": [], "created_at": "2026-11-28T12:00:00Z", "feedback": None}
        user = {"id": f"{TURN}-user", "role": "user", "text": self._said[0], "state": "done", "approval": None}
        answer = {
            "id": TURN,
            "role": "assistant",
            "text": self.approval["question"],
            "state": "awaiting_approval" if waits else "done",
            "approval": self.approval,
        }
        messages = [user | common, answer | common]
        await route.fulfill(json={"messages": messages, "previous_cursor": None, "next_cursor": None})


def _text(name: str, text: str) -> list[Json]:
    return [
        {"type": "text-start", "id": name},
        {"type": "text-delta", "id": name, "delta": text},
        {"type": "text-end", "id": name},
    ]


def _stream(chunks: Sequence[Json]) -> Any:
    body = "".join(f"data: {json.dumps(each)}\n\n" for each in chunks) + "data: [DONE]\n\n"
    return {"status": 200, "content_type": "text/event-stream", "body": body}
