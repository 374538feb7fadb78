"""The tool table as an MCP server, with the same tools, rules and texts as the chat."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    InputRequiredResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    ToolAnnotations,
)
from mcp_types import Tool as McpTool
from pydantic import ValidationError
from starlette.requests import Request

from adapters.mcp.prompts import get_prompt, list_prompts
from adapters.mcp.research import Research
from adapters.mcp.research import definitions as research_definitions
from adapters.mcp.resources import SHOWN_BY, UI_EXTENSION, VIEW_TYPE, Resources
from adapters.mcp.tool_calls import ToolCalls, as_text
from application.idempotency import Once
from application.tasks.use_cases import Tasks
from application.tools.call_approvals import CallApprovals
from application.tools.results import ToolOutput, refusal_output
from application.tools.schemas import parameters
from application.tools.table import Tool
from application.tools.toolbox import Toolbox
from application.validation import MAX_SHOWN_LENGTH
from domain.accounts.account import Caller
from domain.errors import Refusal

NAME, TITLE, VERSION = "tasktalk", "Tasktalk", "1"
INSTRUCTIONS = (
    "The user's todo list. Name a task by its small number, never guessed, or by find with words of its title."
    " Dates may be English words, such as tomorrow at 9; list and tags are names."
)
CRASHED = "Something went wrong on our side, and nothing was changed. Trying again may help."

CallerOf = Callable[[Request | None], Awaitable[Caller]]
"""Returns the caller; the request is None if it did not come over HTTP. Raises `NotAuthenticated`."""

log = logging.getLogger(__name__)


class ToolHandlers:
    def __init__(
        self, toolbox: Toolbox, once: Once, approvals: CallApprovals, tasks: Tasks, caller_of: CallerOf
    ) -> None:
        self._tools = toolbox.tools
        self._calls = ToolCalls(toolbox, once, approvals)
        self._research = Research(tasks)
        self._caller_of = caller_of
        self._listed = ListToolsResult(tools=[*map(definition, self._tools.values()), *research_definitions()])

    async def list(self, _: Any, page: PaginatedRequestParams | None) -> ListToolsResult:
        if page and page.cursor:
            raise MCPError(INVALID_PARAMS, "There is no such cursor: all tools are on the first page.")
        return self._listed

    async def call(self, context: Any, call: CallToolRequestParams) -> CallToolResult | InputRequiredResult:
        is_research = call.name in self._research.tools
        if call.name not in self._tools and not is_research:
            raise MCPError(INVALID_PARAMS, f"There is no such tool; there are {', '.join(self._tools)}.")
        try:
            caller = await self._caller_of(context.request)
            if is_research:
                arguments = as_text(call.arguments or {})
                return await self._research.call(caller, call.name, arguments, _base(context.request))
            return await self._calls.answer(context, caller, call)
        except Refusal as refusal:
            return _failed(refusal_output(refusal))
        except Exception:
            log.exception("the tool %s crashed", call.name)
            return _failed(ToolOutput(False, CRASHED))


def task_server(
    toolbox: Toolbox, once: Once, approvals: CallApprovals, tasks: Tasks, caller_of: CallerOf
) -> Server[Any]:
    tools, resources = ToolHandlers(toolbox, once, approvals, tasks, caller_of), Resources(tasks, caller_of)
    server: Server[Any] = Server(
        NAME,
        version=VERSION,
        title=TITLE,
        instructions=INSTRUCTIONS,
        get_tool_input_schema=_no_header_schema,
        on_list_tools=tools.list,
        on_call_tool=tools.call,
        on_list_resources=resources.list,
        on_list_resource_templates=resources.templates,
        on_read_resource=resources.read,
        on_list_prompts=list_prompts,
        on_get_prompt=get_prompt,
    )
    server.extensions[UI_EXTENSION] = {"mimeTypes": [VIEW_TYPE]}
    server.middleware.append(_in_our_words)
    return server


async def _in_our_words(ctx: Any, call_next: Callable[[Any], Awaitable[Any]]) -> Any:
    """Describes errors in a message's params without the wording of the library that found them."""
    try:
        return await call_next(ctx)
    except ValidationError as error:
        found = [str(each) for each in error.errors()[0]["loc"]]
        where = ".".join(found if found[:1] == ["params"] else ["params", *found])
        message = f"{where[:MAX_SHOWN_LENGTH]} is missing, or is not what the protocol has there for {ctx.method}."
        raise MCPError(INVALID_PARAMS, message) from None


def definition(tool: Tool) -> McpTool:
    return McpTool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=parameters(tool.arguments),
        output_schema=tool.outcome(),
        _meta=SHOWN_BY.get(tool.name),
        annotations=ToolAnnotations(
            read_only_hint=tool.reads_only,
            destructive_hint=tool.destroys,
            idempotent_hint=tool.idempotent,
            open_world_hint=False,
        ),
    )


def _base(request: Request | None) -> str:
    """Returns our own address, as the endpoint has found it, or "" if the call did not come over HTTP."""
    return str(request.scope.get("base", "")) if request else ""


def _failed(outcome: ToolOutput) -> CallToolResult:
    structured = msgspec.to_builtins(outcome)
    return CallToolResult(content=[TextContent(text=outcome.message)], structured_content=structured, is_error=True)


def _no_header_schema(_: str) -> None:
    """No argument of our tools is repeated in a header (`x-mcp-header`), so the SDK need not look for one."""
