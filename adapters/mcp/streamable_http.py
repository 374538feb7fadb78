"""MCP over HTTP on top of the SDK. There are no sessions: any server may take any request."""

from contextlib import AbstractAsyncContextManager
from typing import Any

from mcp.server.streamable_http_manager import RequestBodyLimitMiddleware, StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from adapters.mcp.content_negotiation import NegotiatedResponse, wants_events
from adapters.mcp.messages import InvalidMessage, read_message
from adapters.mcp.server import task_server
from application.idempotency import Once
from application.tasks.use_cases import Tasks
from application.tools.call_approvals import CallApprovals
from application.tools.toolbox import Toolbox
from domain.accounts.account import Caller

MAX_BODY_BYTES = 1_000_000
ACCEPT = (b"accept", b"application/json, text/event-stream")
UNCHECKED = TransportSecuritySettings(enable_dns_rebinding_protection=False)
"""The endpoint checks hosts and origins before it calls the SDK."""


class StreamableHttp:
    """An ASGI application, to be run once. `scope["user"]` is the `Caller`.

    Raises `InsufficientScope` if the token does not cover the called tool. The protocol's chapter on authorization (see
    ADR 9) requires a status for that, so it is checked before the SDK reads the message.
    """

    def __init__(self, toolbox: Toolbox, once: Once, approvals: CallApprovals, tasks: Tasks) -> None:
        self._tools = toolbox.tools
        self._manager = StreamableHTTPSessionManager(
            task_server(toolbox, once, approvals, tasks, _caller_of),
            json_response=True,
            stateless=True,
            security_settings=UNCHECKED,
            max_request_body_size=MAX_BODY_BYTES,
        )
        self._limited = RequestBodyLimitMiddleware(self._checked, MAX_BODY_BYTES)

    def run(self) -> AbstractAsyncContextManager[None]:
        return self._manager.run()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Strips white space around header values (RFC 9110, 5.5), which the server keeps. Clients whose `Accept` names
        neither form get JSON."""
        headers = [(name, value.strip(b" \t")) for name, value in scope["headers"]]
        answer = NegotiatedResponse(send, as_events=wants_events(headers))
        others = [each for each in headers if each[0] != b"accept"]
        await self._limited({**scope, "headers": [*others, ACCEPT]}, receive, answer.send)

    async def _checked(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Checks the message. Its body comes in one piece, because the middleware before this one collects it."""
        whole = [await receive()]
        try:
            message = read_message(whole[0].get("body", b""))
        except InvalidMessage as error:
            await error.respond(send)
            return
        if tool := self._tools.get(message.tool):
            scope["user"].check(tool.scope)
        whole[0] = {**whole[0], "body": message.body}

        async def again() -> Message:
            return whole.pop() if whole else await receive()

        await self._manager.handle_request(scope, again, send)


async def _caller_of(request: Request | None) -> Caller:
    assert request is not None, "nothing comes here but over HTTP"
    caller: Caller = request.scope["user"]
    return caller
