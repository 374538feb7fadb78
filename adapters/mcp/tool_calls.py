"""Calls of tools: at once, or after the user has been asked."""

import json
from typing import Any

import msgspec
from mcp_types import CallToolRequestParams, CallToolResult, InputRequiredResult, TextContent
from starlette.requests import Request

from adapters.mcp.elicitation import asking, can_ask, is_answer, is_yes
from application.idempotency import Once
from application.tools.call_approvals import CallApprovals, Question
from application.tools.results import ToolOutput, short_form
from application.tools.toolbox import Toolbox
from domain.accounts.account import Caller
from domain.chat.approval import REFUSED
from domain.chat.messages import ToolCall
from domain.errors import Conflict, Invalid
from domain.idempotency import FormerAnswer, Key

HEADER = "Idempotency-Key"


class ToolCalls:
    def __init__(self, toolbox: Toolbox, once: Once, approvals: CallApprovals) -> None:
        self._toolbox = toolbox
        self._once = once
        self._approvals = approvals

    async def answer(
        self, context: Any, caller: Caller, params: CallToolRequestParams
    ) -> CallToolResult | InputRequiredResult:
        """Returns the result, or the question to the user. Raises what refuses the call."""
        call = ToolCall("", params.name, as_text(params.arguments or {}))
        key = _key(context.request, caller, call)
        if is_answer(params):
            return await self._answered(caller, params, call, key)
        if question := await self._question(context, caller, call, key):
            return asking(question)

        async def act() -> ToolOutput:
            return await self._toolbox.call(caller, call.name, call.arguments)

        return _done(await self._once.run(caller, key, act, ToolOutput))

    async def _question(self, context: Any, caller: Caller, call: ToolCall, key: Key | None) -> Question | None:
        """Returns None if the call need not wait, or if its client can't ask."""
        if not can_ask(context) or not self._approvals.holds(call) or await self._once.has_run(caller, key):
            return None
        return await self._approvals.question(caller, call)

    async def _answered(
        self, caller: Caller, params: CallToolRequestParams, call: ToolCall, key: Key | None
    ) -> CallToolResult:
        state = params.request_state or ""
        if not is_yes(params):
            await self._approvals.refuse(caller, call, state)
            raise Conflict(REFUSED)

        async def act() -> ToolOutput:
            return await self._approvals.run(caller, call, state)

        return _done(await self._once.run(caller, key, act, ToolOutput))


def as_text(arguments: dict[str, Any]) -> str:
    """Returns the arguments as they were sent. NaN and lone surrogates are kept, so that decoding refuses them."""
    try:
        return json.dumps(arguments, sort_keys=True)
    except RecursionError:
        raise Invalid.field("arguments", "must not be nested so deep") from None


def _key(request: Request | None, caller: Caller, call: ToolCall) -> Key | None:
    given = request.headers.get(HEADER) if request else None
    content = f"tools/call\n{call.name}\n{call.arguments}\n{caller.limits}"
    return None if given is None else Key.of(given, content.encode(), HEADER)


def _done(result: Any) -> CallToolResult:
    """Returns the short form of the outcome. What is kept with a key is the full one."""
    outcome = result.body if isinstance(result, FormerAnswer) else msgspec.json.encode(result.value)
    short = short_form(msgspec.json.decode(outcome))
    text = msgspec.json.encode(short).decode()
    return CallToolResult(content=[TextContent(text=text)], structured_content=short, is_error=not short["success"])
