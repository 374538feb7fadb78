"""Signing up as a client does that knows how to wait."""

import asyncio
from typing import Any

import httpx


async def signed_up(client: httpx.AsyncClient, form: dict[str, Any], **given: Any) -> dict[str, Any]:
    """Returns the session. Many who sign up at once from one address share its places, so some are asked to wait."""
    async with asyncio.timeout(30):
        while (answer := await client.post("/api/auth/signup", json=form, **given)).status_code == 503:  # noqa: ASYNC110
            await asyncio.sleep(float(answer.headers["Retry-After"]))
    session: dict[str, Any] = answer.raise_for_status().json()
    return session
