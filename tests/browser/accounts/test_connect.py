"""Connecting an AI client: what is shown works as it is pasted."""

import json

import pytest
from playwright.async_api import expect

from tests.browser.person import Person
from tests.e2e.conftest import Server

pytestmark = pytest.mark.long


async def test_a_token_is_made_filled_in_and_works(ann: Person, served: Server) -> None:
    await ann.has("Buy milk")
    await ann.page.goto("/settings/connect")
    await ann.page.get_by_label("What is it for?").fill("Cursor at home")
    await ann.button("Make a token").click()
    await expect(ann.page.locator(".tokens li")).to_contain_text("Cursor at home reads and changes; not used yet")
    settings = ann.page.locator(".clients details", has=ann.page.get_by_text("Cursor", exact=True))
    server = json.loads(await settings.locator("code").text_content() or "")["mcpServers"]["tasktalk"]
    assert server["url"] == f"{served.url}/mcp"
    token = server["headers"]["Authorization"].removeprefix("Bearer ")
    for shown in await ann.page.locator(".clients code").all_text_contents():
        assert token in shown
        assert served.url in shown
    listing = await ann.ask("GET", "/api/users/me/tasks", token=token)
    assert [task["title"] for task in (await listing.json())["tasks"]] == ["Buy milk"]


async def test_a_second_token_is_made_with_what_is_chosen_for_the_first(ann: Person) -> None:
    await ann.page.goto("/settings/connect")
    for count in (1, 2):
        await ann.button("Make a token").click()
        await expect(ann.page.locator(".tokens li")).to_have_count(count)
        await expect(ann.page.get_by_label("Read and change my tasks")).to_be_checked()
        await expect(ann.page.get_by_label("90 days")).to_be_checked()
    fits = "element => element.scrollWidth <= element.clientWidth"
    assert await ann.page.locator(".settings-page").evaluate(fits)


async def test_a_revoked_token_is_not_shown_and_does_not_work(ann: Person) -> None:
    """One that was used may work for some seconds more, as docs/tokens.md says."""
    await ann.page.goto("/settings/connect")
    await ann.button("Make a token").click()
    token = bearer(await ann.page.locator(".clients code").last.text_content())
    await ann.page.get_by_label("Revoke My assistant").click()
    await expect(ann.page.locator(".tokens")).to_have_count(0)
    await expect(ann.page.locator(".clients")).to_have_count(0)
    assert (await ann.ask("GET", "/api/users/me/tasks", token=token)).status == 401


def bearer(command: str | None) -> str:
    return (command or "").rsplit("Bearer ", 1)[1].removesuffix('"')


async def test_a_client_calls_a_tool_over_mcp_and_the_page_shows_it(ann: Person) -> None:
    draft = {"name": "An AI", "scopes": ["tasks:read", "tasks:write"], "expires_in_days": 1}
    token = (await (await ann.ask("POST", "/api/users/me/tokens", draft)).json())["token"]
    call = {"name": "add_task", "arguments": {"title": "From an AI client"}}
    headers = {
        "Authorization": f"Bearer {token}",
        "Accept": "application/json, text/event-stream",
        "MCP-Protocol-Version": "2025-11-25",
    }
    request = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    answer = await ann.context.request.post("/mcp", data=request, headers=headers)
    assert answer.ok, await answer.text()
    await ann.sees_tasks("From an AI client")


async def test_a_token_that_may_only_read_changes_nothing(ann: Person) -> None:
    await ann.page.goto("/settings/connect")
    await ann.page.get_by_label("Only read them").check()
    await ann.button("Make a token").click()
    token = bearer(await ann.page.locator(".clients code").last.text_content())
    assert (await ann.ask("GET", "/api/users/me/tasks", token=token)).ok
    assert (await ann.ask("POST", "/api/users/me/tasks", {"title": "x"}, token)).status == 403
