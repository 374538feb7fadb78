"""Resources: the user's tasks as documents, and the view of MCP Apps that shows a list of them."""

from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    ListResourcesResult,
    ListResourceTemplatesResult,
    PaginatedRequestParams,
    ReadResourceRequestParams,
    ReadResourceResult,
    Resource,
    ResourceTemplate,
    TextResourceContents,
)

from application.tasks.use_cases import Tasks
from domain.accounts.account import Caller
from domain.errors import Refusal
from domain.tasks.task import Status

UI_EXTENSION = "io.modelcontextprotocol/ui"
VIEW = "ui://tasktalk/task-list.html"
VIEW_TYPE = "text/html;profile=mcp-app"
VIEW_META = {"ui": {"csp": {"connectDomains": [], "resourceDomains": []}, "prefersBorder": True}}
"""The view loads nothing from anywhere, and asks for no permission."""
SHOWN_BY = {"list_tasks": {"ui": {"resourceUri": VIEW}}}
"""The `_meta` of the tools whose results the view shows."""
LISTS = "tasktalk://lists/"
ONE = "tasktalk://tasks/"
JSON = "application/json"
PAGE, CHARACTERS = 100, 50_000
RESOURCES = ListResourcesResult(
    resources=[
        Resource(uri=f"{LISTS}pending", name="pending", title="Pending tasks", mime_type=JSON),
        Resource(uri=f"{LISTS}completed", name="completed", title="Completed tasks", mime_type=JSON),
        Resource(uri=VIEW, name="task-list", title="A list of tasks", mime_type=VIEW_TYPE, _meta=VIEW_META),
    ]
)
TEMPLATES = ListResourceTemplatesResult(
    resource_templates=[ResourceTemplate(uri_template=f"{ONE}{{id}}", name="task", title="A task", mime_type=JSON)]
)


class Resources:
    """`caller_of` returns the caller of a request. Raises `MCPError` for what is not there."""

    def __init__(self, tasks: Tasks, caller_of: Callable[[Any], Awaitable[Caller]]) -> None:
        self._tasks = tasks
        self._caller_of = caller_of

    async def list(self, _: Any, page: PaginatedRequestParams | None) -> ListResourcesResult:
        _check_first(page)
        return RESOURCES

    async def templates(self, _: Any, page: PaginatedRequestParams | None) -> ListResourceTemplatesResult:
        _check_first(page)
        return TEMPLATES

    async def read(self, context: Any, params: ReadResourceRequestParams) -> ReadResourceResult:
        uri = str(params.uri)
        if uri == VIEW:
            return _contents(uri, VIEW_TYPE, view(), VIEW_META)
        try:
            found = await self._found(await self._caller_of(context.request), uri)
        except Refusal as refusal:
            raise MCPError(INVALID_PARAMS, refusal.message, {"uri": uri}) from None
        if found is None:
            raise MCPError(
                INVALID_PARAMS, "There is no such resource; resources/list names those there are.", {"uri": uri}
            )
        return _contents(uri, JSON, msgspec.json.encode(found).decode())

    async def _found(self, caller: Caller, uri: str) -> Any:
        status, number = uri.removeprefix(LISTS), uri.removeprefix(ONE)
        if uri.startswith(LISTS) and status in (Status.PENDING, Status.COMPLETED):
            page = (await self._tasks.page(caller, Status(status), PAGE)).within(CHARACTERS)
            return {"tasks": page.tasks, "total": page.total.count}
        if uri.startswith(ONE) and number.isdecimal() and number.isascii():
            return await self._tasks.get(caller, int(number))
        return None


@cache
def view() -> str:
    return (Path(__file__).parent / "task_list.html").read_text("utf-8")


def _contents(uri: str, kind: str, text: str, meta: dict[str, Any] | None = None) -> ReadResourceResult:
    return ReadResourceResult(contents=[TextResourceContents(uri=uri, mime_type=kind, text=text, _meta=meta)])


def _check_first(page: PaginatedRequestParams | None) -> None:
    if page and page.cursor:
        raise MCPError(INVALID_PARAMS, "There is no such cursor: all is on the first page.")
