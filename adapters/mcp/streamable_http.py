"""MCP over HTTP, as far as the SDK is concerned with it. No session: any server may take any request."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, suppress
from typing import Any

import msgspec
from mcp.server.streamable_http_manager import RequestBodyLimitMiddleware, StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from msgspec import Struct
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from adapters.mcp.server import task_server
from application.idempotency import Once
from application.tools import Toolbox
from application.validation import DECODE_ERRORS
from domain.account import Caller

BODY_BYTES_MOST = 1_000_000


class Params(Struct):
    name: str = ""


class Call(Struct):
    method: str
    params: Params


class StreamableHttp:
    """An ASGI application that is to be run once; `scope["user"]` is the `Caller`.

    Raises `InsufficientScope` for a call of a tool that the token is not good for: the authorization chapter of the
    protocol, as it is quoted (ADR 9), wants that told by the status, before the message is looked at.
    """

    def __init__(self, toolbox: Toolbox, once: Once, hosts: Sequence[str], origins: Sequence[str]) -> None:
        self._tools = toolbox.tools
        self._manager = StreamableHTTPSessionManager(
            task_server(toolbox, once, _caller_of),
            json_response=True,
            stateless=True,
            security_settings=TransportSecuritySettings(allowed_hosts=list(hosts), allowed_origins=list(origins)),
            max_request_body_size=BODY_BYTES_MOST,
        )
        self._limited = RequestBodyLimitMiddleware(self._checked, BODY_BYTES_MOST)

    def run(self) -> AbstractAsyncContextManager[None]:
        return self._manager.run()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """White space around a header's value is not part of it (RFC 9110, 5.5); the server leaves it there."""
        headers = [(name, value.strip(b" \t")) for name, value in scope["headers"]]
        await self._limited({**scope, "headers": headers}, receive, send)

    async def _checked(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The limit above hands the body on in one message."""
        whole = [await receive()]
        if tool := self._tools.get(called(whole[0].get("body", b""))):
            scope["user"].check(tool.scope)

        async def again() -> Message:
            return whole.pop() if whole else await receive()

        await self._manager.handle_request(scope, again, send)


def called(body: bytes) -> str:
    """The tool that a message calls; of one that can't be read, none: the SDK answers it."""
    with suppress(*DECODE_ERRORS):
        message = msgspec.json.decode(body, type=Call)
        return message.params.name if message.method == "tools/call" else ""
    return ""


async def _caller_of(request: Request | None) -> Caller:
    assert request is not None, "nothing comes here but over HTTP"
    caller: Caller = request.scope["user"]
    return caller
