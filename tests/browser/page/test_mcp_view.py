"""The view of MCP Apps in a real browser, in a sandboxed frame of a host that speaks its protocol."""

import json
from typing import Any

import pytest
from playwright.async_api import Page, expect

from adapters.mcp.resources import view
from tests.browser.conftest import NewContext
from tests.e2e.conftest import Server

pytestmark = pytest.mark.long

HOST = """
(html) => new Promise((ready) => {
  window.calls = [];
  const frame = document.createElement('iframe');
  frame.sandbox = 'allow-scripts';
  frame.srcdoc = html;
  const send = (message) => frame.contentWindow.postMessage({ jsonrpc: '2.0', ...message }, '*');
  window.tell = (method, params) => send({ method, params });
  addEventListener('message', ({ source, data }) => {
    if (source !== frame.contentWindow) return;
    if (data.method === 'ui/initialize') send({ id: data.id, result: { protocolVersion: data.params.protocolVersion,
      hostInfo: { name: 'host', version: '1' }, hostCapabilities: {}, hostContext: { theme: 'dark' } } });
    if (data.method === 'ui/notifications/initialized') ready();
    if (data.method === 'tools/call') {
      window.calls.push(data.params);
      send({ id: data.id, result: window.answer(data.params) });
    }
  });
  window.answer = ({ arguments: given }) => given.task_id === 2
    ? { isError: true, structuredContent: { success: false, message: 'Someone deleted it.', data: null } }
    : { structuredContent: { success: true, message: '', data: { id: 1, title: 'Buy milk', completed: true } } };
  document.body.append(frame);
})
"""


def listed(*titles: str) -> dict[str, Any]:
    tasks = [{"id": number, "title": title, "completed": False} for number, title in enumerate(titles, 1)]
    return {"structuredContent": {"success": True, "message": "", "data": {"tasks": tasks, "total": 7}}}


async def shown(page: Page, result: dict[str, Any]) -> None:
    await page.evaluate(f"tell('ui/notifications/tool-result', {json.dumps(result)})")


async def test_a_list_is_shown_and_its_boxes_call_the_tools(served: Server, new_context: NewContext) -> None:
    context = await new_context(served)
    page = context.pages[0]
    await page.goto("about:blank")
    await page.evaluate(HOST, view())
    await shown(page, listed("Buy milk", "<img src=x onerror=alert(1)>"))
    frame = page.frame_locator("iframe")
    await expect(frame.locator("li")).to_have_text(["Buy milk", "<img src=x onerror=alert(1)>"])
    await expect(frame.locator("#rest")).to_have_text("and 5 more")
    await frame.get_by_label("Buy milk").check()
    await expect(frame.locator("li span").first).to_have_class("done")
    await frame.get_by_label("<img").click()
    await expect(frame.get_by_role("alert")).to_have_text("Someone deleted it.")
    await expect(frame.get_by_label("<img")).not_to_be_checked()
    calls = await page.evaluate("window.calls")
    assert [call["name"] for call in calls] == ["complete_task", "complete_task"]
    assert calls[0]["arguments"] == {"task_id": 1}
