"""The door of `/mcp`: who comes in, in which form, and what others are told."""

import json
import logging
from typing import Any

import pytest
import structlog

from domain.accounts.account import Scope
from tests.http.conftest import ORIGIN, Api
from tests.mcp.conftest import META, Mcp

METADATA = "/.well-known/oauth-protected-resource/mcp"
WHERE = f'resource_metadata="https://tasks.example.com{METADATA}"'
ADD = {"name": "add_task", "arguments": {"title": "a"}}


@pytest.mark.parametrize("given", [{}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic YTpi"}])
async def test_who_has_no_token_is_told_where_to_get_one(mcp: Mcp, given: dict[str, str]) -> None:
    mcp.api.headers = given
    answer = await mcp.send("tools/list")
    assert (answer.status_code, answer.json()["detail"]["code"]) == (401, "UNAUTHORIZED")
    assert answer.headers["WWW-Authenticate"] == f'Bearer {WHERE}, scope="tasks:read tasks:write"'


async def test_the_metadata_of_the_protected_resource_is_public() -> None:
    api = Api(public_url="https://tasks.example.com", authorization_servers=("https://login.example.com",))
    assert (await api("GET", METADATA)).json() == {
        "resource": "https://tasks.example.com/mcp",
        "scopes_supported": ["tasks:read", "tasks:write"],
        "bearer_methods_supported": ["header"],
        "resource_name": "Tasktalk",
        "authorization_servers": ["https://login.example.com", "https://tasks.example.com"],
    }
    await api.client.aclose()


async def test_without_a_public_url_the_address_that_was_called_is_ours_and_we_are_the_issuer() -> None:
    api = Api()
    metadata = (await api("GET", METADATA)).json()
    assert metadata["resource"] == "http://test/mcp"
    assert metadata["authorization_servers"] == ["http://test"]
    await api.client.aclose()


async def test_a_reader_reads_and_is_told_which_scope_a_change_needs(mcp: Mcp) -> None:
    user_id = mcp.api.headers["Authorization"].removeprefix("Bearer token-of-")
    mcp.api.headers = {"Authorization": f"Bearer reader-of-{user_id}"}
    assert (await mcp.send("tools/list")).status_code == 200
    assert (await mcp.call("list_tasks"))["structuredContent"]["success"]
    for headers in ({}, {"Idempotency_Key": "k"}):
        answer = await mcp.send("tools/call", ADD, **headers)
        assert (answer.status_code, answer.json()["detail"]["code"]) == (403, "INSUFFICIENT_SCOPE")
        challenge = f'Bearer error="insufficient_scope", scope="{Scope.WRITE}", {WHERE}'
        assert answer.headers["WWW-Authenticate"] == challenge
    assert mcp.api.store.rows.tasks == {}


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT", "HEAD"])
async def test_nothing_but_post_is_answered(api: Api, method: str) -> None:
    answer = await api(method, "/mcp", headers={"Accept": "text/event-stream"})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


async def test_the_metadata_is_found_at_the_root_too(api: Api) -> None:
    root, named = await api("GET", METADATA.removesuffix("/mcp")), await api("GET", METADATA)
    assert (root.status_code, root.json()) == (200, named.json())


ACCEPTS = {
    "": "application/json",
    "*/*": "application/json",
    "application/*": "application/json",
    "application/json": "application/json",
    "application/json, text/event-stream": "application/json",
    "text/event-stream, application/json;q=0.5": "application/json",
    "text/html": "application/json",
    "text/event-stream": "text/event-stream",
    "Text/Event-Stream; charset=utf-8": "text/event-stream",
}


@pytest.mark.parametrize("accept", ACCEPTS)
async def test_no_accept_header_is_refused(mcp: Mcp, accept: str) -> None:
    answer = await mcp.send("tools/list", Accept=accept)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, ACCEPTS[accept])
    text = answer.text.removeprefix("event: message\r\ndata: ")
    assert json.loads(text)["result"]["tools"]
    assert text.endswith("\r\n\r\n") is ("event" in ACCEPTS[accept])
    assert int(answer.headers["Content-Length"]) == len(answer.content)


async def test_a_request_without_an_accept_header_is_answered(mcp: Mcp) -> None:
    del mcp.api.client.headers["Accept"]
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": META}}
    headers = {"MCP-Protocol-Version": mcp.revision, "Mcp-Method": "tools/list"}
    answer = await mcp.api("POST", "/mcp", json=message, headers=headers)
    assert "Accept" not in answer.request.headers
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")


async def test_a_foreign_host_is_misdirected(mcp: Mcp) -> None:
    for host in ("evil.example", "tasks.example.com.evil.example", "test:1", ""):
        assert (await mcp.send("tools/call", ADD, Host=host)).status_code == 421
    assert mcp.api.store.rows.tasks == {}


async def test_a_foreign_page_is_refused_and_our_own_is_not(mcp: Mcp) -> None:
    for origin in ("https://evil.example", "null", f"{ORIGIN}.evil.example"):
        assert (await mcp.send("tools/call", ADD, Origin=origin)).status_code == 403
    assert mcp.api.store.rows.tasks == {}
    assert (await mcp.send("tools/list", Origin=ORIGIN)).headers["Access-Control-Allow-Origin"] == ORIGIN


async def test_a_page_of_ours_may_send_what_mcp_needs(api: Api) -> None:
    asks = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,mcp-protocol-version,mcp-method,mcp-name",
    }
    assert (await api("OPTIONS", "/mcp", headers=asks)).status_code == 204


async def test_what_the_library_refuses_in_plain_text_has_the_envelope(mcp: Mcp) -> None:
    large = b'{"jsonrpc":"2.0","id":1,"method":"' + b"x" * 1_000_000 + b'"}'
    answers = {
        "MISDIRECTED_REQUEST": await mcp.send("tools/list", Host="evil.example"),
        "FORBIDDEN": await mcp.send("tools/list", Origin="https://evil.example"),
        "PAYLOAD_TOO_LARGE": await mcp.post(content=large),
        "UNSUPPORTED_MEDIA_TYPE": await mcp.post(content=b"{}", Content_Type="text/plain"),
    }
    for code, answer in answers.items():
        detail = answer.json()["detail"]
        assert (detail["code"], detail["request_id"]) == (code, answer.headers["X-Request-ID"])
        assert int(answer.headers["Content-Length"]) == len(answer.content)
    problem = await mcp.send("tools/list", Host="evil.example", Accept="application/problem+json")
    assert (problem.headers["Content-Type"], problem.json()["status"]) == ("application/problem+json", 421)


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b'[{"jsonrpc":"2.0","id":1,"method":"tools/list"}]', 400),
        (b'"text"', 400),
        (b"[" * 100_000, 400),
        (b'{"jsonrpc":"2.0","id":1,"method":' + b"[" * 100_000, 400),
        (b"\xff\xfe", 400),
        (b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"' + b"x" * 1_000_000 + b'"}}', 413),
    ],
)
async def test_what_is_no_message_is_refused(mcp: Mcp, content: bytes, status: int) -> None:
    answer = await mcp.post(content=content)
    assert answer.status_code == status
    assert "Traceback" not in answer.text


async def test_calls_are_limited_per_user(mcp: Mcp) -> None:
    mcp.api.mcp_limiter.limit = 2
    for _ in range(2):
        assert (await mcp.send("tools/list")).status_code == 200
    refused = await mcp.send("tools/list")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert refused.headers["RateLimit-Policy"] == '"default";q=2;w=60'
    mcp.api.headers = await mcp.api.sign_up("bob")
    assert (await mcp.send("tools/list")).status_code == 200


async def test_each_request_writes_one_line_and_neither_its_token_nor_its_body(
    mcp: Mcp, caplog: pytest.LogCaptureFixture
) -> None:
    token = mcp.api.headers["Authorization"].removeprefix("Bearer ")
    caplog.set_level(logging.INFO)
    with structlog.testing.capture_logs() as lines:
        await mcp.send("tools/call", {"name": "add_task", "arguments": {"title": "birthday-secret"}})
        await mcp.post(content=b'{"birthday-secret": [}')
        await mcp.send("tools/call", {"name": "birthday-secret", "arguments": "birthday-secret"})
    assert [(each["route"], each["status"]) for each in lines][:2] == [("/mcp", 200), ("/mcp", 400)]
    assert lines[0]["user"] == "id-1"
    written = json.dumps([each.getMessage() for each in caplog.records]) + str(lines) + caplog.text
    assert token not in written
    assert "birthday-secret" not in written


async def test_two_endpoints_share_no_memory(mcp: Mcp) -> None:
    """A client may shake hands with one server and call another."""
    other = Api(public_url="https://tasks.example.com")
    other.headers = await other.sign_up("ann")
    hello: dict[str, Any] = {
        "protocolVersion": mcp.revision,
        "capabilities": {},
        "clientInfo": {"name": "t", "version": "1"},
    }
    await mcp.send("initialize", hello)
    async with other.mcp.running(other.app):
        assert (await Mcp(other, mcp.revision).call("add_task", {"title": "a"}))["structuredContent"]["success"]
    await other.client.aclose()
