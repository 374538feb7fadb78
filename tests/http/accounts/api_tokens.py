"""Requests with API tokens, and what refuses them."""

import httpx

from tests.http.conftest import Api

TOKENS = "/api/users/me/tokens"
TASKS = "/api/users/me/tasks"
READ, WRITE = "tasks:read", "tasks:write"


async def bearer(api: Api, *scopes: str, name: str = "Laptop") -> dict[str, str]:
    made = await api("POST", TOKENS, json={"name": name, "scopes": scopes or [READ, WRITE]})
    return {"Authorization": f"Bearer {made.json()['token']}"}


def refusal(answer: httpx.Response) -> tuple[int, str, str | None]:
    return answer.status_code, answer.json()["detail"]["code"], answer.headers.get("WWW-Authenticate")
