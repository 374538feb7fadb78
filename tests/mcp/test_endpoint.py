"""The door of `/mcp`: who comes in, in which form, and what others are told."""

import json
import logging
import re
from typing import Any

import pytest
import structlog

from domain.account import Scope
from tests.http.conftest import ORIGIN, Api
from tests.mcp.conftest import META, MODERN, Mcp

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
        "authorization_servers": ["https://login.example.com"],
    }
    await api.client.aclose()


async def test_without_a_public_url_the_address_that_was_called_is_ours_and_no_issuer_is_named() -> None:
    api = Api()
    metadata = (await api("GET", METADATA)).json()
    assert metadata["resource"] == "http://test/mcp"
    assert "authorization_servers" not in metadata
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


NGINX = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "todo.example.net"}


@pytest.mark.parametrize(
    ("proxies", "headers", "base"),
    [
        (("127.0.0.1",), NGINX, "https://todo.example.net"),
        (("127.0.0.1",), {"X-Forwarded-Proto": "https", "Host": "Todo.Example.Net:443"}, "https://todo.example.net"),
        (("127.0.0.1",), {"X-Forwarded-Proto": "https, http", "Host": "a.example:8443"}, "https://a.example:8443"),
        (("127.0.0.1",), {"X-Forwarded-Proto": "gopher", "Host": "test"}, "http://test"),
        (("127.0.0.1",), {"X-Forwarded-Host": 'x"y', "Host": "test"}, "http://localhost"),
        (("10.0.0.0/8",), NGINX, "http://test"),
        ((), NGINX, "http://test"),
    ],
)
async def test_a_trusted_proxy_says_by_which_address_we_were_called(
    proxies: tuple[str, ...], headers: dict[str, str], base: str
) -> None:
    api = Api(proxies=proxies)
    assert (await api("GET", METADATA, headers=headers)).json()["resource"] == f"{base}/mcp"
    refused = await api("POST", "/mcp", headers=headers)
    assert f'resource_metadata="{base}{METADATA}"' in refused.headers["WWW-Authenticate"]
    await api.client.aclose()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (NGINX, 200),
        ({**NGINX, "Origin": "https://todo.example.net"}, 200),
        ({**NGINX, "Origin": "http://todo.example.net"}, 403),
        ({**NGINX, "Origin": "https://evil.example"}, 403),
        ({**NGINX, "X-Forwarded-Proto": "http"}, 421),
        ({"Host": "todo.example.net"}, 421),
    ],
)
async def test_without_a_public_url_a_name_that_a_trusted_proxy_has_a_certificate_for_is_ours(
    headers: dict[str, str], status: int
) -> None:
    api = Api(proxies=("127.0.0.1",))
    api.headers = await api.sign_up("ann")
    async with api.mcp.running(api.app):
        given = {name.replace("-", "_"): value for name, value in headers.items()}
        assert (await Mcp(api).send("tools/list", **given)).status_code == status
    await api.client.aclose()


async def test_hosts_are_compared_without_case_and_default_ports(mcp: Mcp) -> None:
    for host in ("tasks.example.com", "Tasks.Example.COM", "tasks.example.com:443", "tasks.example.com:80"):
        assert (await mcp.send("tools/list", Host=host)).status_code == 200
    for host in ("localhost", "LOCALHOST:8000", "127.0.0.1:1", "[::1]:8000", "[::1]"):
        assert (await mcp.send("tools/list", Host=host)).status_code == 200
    for host in ("tasks.example.com:444", "127.0.0.1.evil.example", "localhost.evil.example:8000", "[::2]"):
        assert (await mcp.send("tools/list", Host=host)).status_code == 421


async def test_pages_are_compared_without_case_and_default_ports(mcp: Mcp) -> None:
    for origin in ("https://tasks.example.com", "https://TASKS.example.com:443", ORIGIN):
        assert (await mcp.send("tools/list", Origin=origin)).status_code == 200


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


async def test_an_unknown_cursor_is_an_error_of_the_protocol(mcp: Mcp) -> None:
    says = "There is no such cursor: all tools are on the first page."
    for cursor in ("2", "abc", "null"):
        error = (await mcp.send("tools/list", {"cursor": cursor})).json()["error"]
        assert (error["code"], error["message"]) == (-32602, says)
    assert (await mcp.send("tools/list", {"cursor": ""})).json()["result"]["tools"]


ONE: dict[str, Any] = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": META}}
WRONG_MESSAGES: list[tuple[Any, int]] = [
    ([], -32600),
    ([ONE], -32600),
    ("text", -32600),
    ({"id": 1, "method": "tools/list"}, -32600),
    ({**ONE, "jsonrpc": "1.0"}, -32600),
    ({**ONE, "method": 5}, -32600),
    ({**ONE, "id": True}, -32600),
    ({**ONE, "id": [1]}, -32600),
    ({**ONE, "id": None}, -32600),
    ({**ONE, "params": [1]}, -32600),
    ({**ONE, "params": {"cursor": 5, "_meta": META}}, -32602),
    ({**ONE, "method": "tools/call", "params": {"name": 5, "_meta": META}}, -32602),
    ({**ONE, "method": "tools/call", "params": {"_meta": META}}, -32602),
    ({**ONE, "method": "tools/call", "params": {**ADD, "arguments": [1], "_meta": META}}, -32602),
    ({**ONE, "method": "tools/call", "params": {**ADD, "arguments": "x", "_meta": META}}, -32602),
    ({**ONE, "method": "no/such"}, -32601),
]
HEADERS_DIFFER = -32020


@pytest.mark.parametrize(("message", "code"), WRONG_MESSAGES)
async def test_what_is_wrong_with_a_message_is_told_in_our_words(mcp: Mcp, message: Any, code: int) -> None:
    named = {}
    if mcp.revision == MODERN and isinstance(message, dict):
        named["Mcp_Method"] = str(message.get("method"))
        named["Mcp_Name"] = "add_task" if "arguments" in message.get("params", {}) else ""
    answer = await mcp.post(message, **named)
    error = answer.json()["error"]
    assert error["code"] in ({code, HEADERS_DIFFER} if mcp.revision == MODERN else {code}), error
    assert not re.search(r"pydantic|alidation error|Input should|type=|JSONRPC|errors\.", error["message"])


@pytest.mark.parametrize("content", [b"{", b"\xff", b"{'a': 1}", b'{"jsonrpc": NaN}', b'{"id": "\\ud800"}'])
async def test_what_is_no_json_is_a_parse_error_in_our_words(mcp: Mcp, content: bytes) -> None:
    answer = await mcp.post(content=content)
    says = "The body must be a message in JSON and UTF-8."
    assert (answer.status_code, answer.json()["error"]) == (400, {"code": -32700, "message": says})


async def test_arguments_may_come_as_a_text(mcp: Mcp) -> None:
    assert (await mcp.call("add_task", '{"title": "a"}'))["structuredContent"]["success"]
    for nothing in (None, "", [], "{}"):
        params = {"name": "list_tasks", "arguments": nothing}
        assert (await mcp.send("tools/call", params)).json()["result"]["structuredContent"]["success"]


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
