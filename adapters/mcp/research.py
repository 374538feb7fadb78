"""The tools `search` and `fetch` in the form that ChatGPT's research mode and others like it expect. They only read.
They stand beside the tool table, since their results are prescribed, and the chat has better tools."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Annotated, Any

import msgspec
from mcp_types import CallToolResult, TextContent, ToolAnnotations
from mcp_types import Tool as McpTool
from msgspec import Meta, Struct

from application.tasks.use_cases import Tasks
from application.tools.arguments import read_arguments
from application.tools.schemas import parameters
from domain.accounts.account import Caller
from domain.errors import NotFound
from domain.tasks.task import Status, Task

MAX_RESULTS = 20
PAGE, MAX_PAGES = 100, 10
"""The newest tasks are looked through, as many as a conversation may be about."""
READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)


class Search(Struct, forbid_unknown_fields=True):
    query: Annotated[str, Meta(max_length=1_000, description="Words that the task must have in its title or details.")]


class Fetch(Struct, forbid_unknown_fields=True):
    id: Annotated[str, Meta(max_length=20, description="The id of a result of search.")]


class Result(Struct):
    id: str
    title: str
    url: str


class Results(Struct):
    results: list[Result]


class Document(Struct):
    id: str
    title: str
    text: str
    url: str
    metadata: dict[str, str]


class Research:
    def __init__(self, tasks: Tasks) -> None:
        self._tasks = tasks
        self.tools: Mapping[str, Callable[[Caller, str, str], Coroutine[Any, Any, Struct]]] = {
            "search": self.search,
            "fetch": self.fetch,
        }

    async def call(self, caller: Caller, name: str, arguments: str, base: str) -> CallToolResult:
        """Raises what the use-cases raise, and `Invalid` for the arguments."""
        found = await self.tools[name](caller, arguments, base)
        text = msgspec.json.encode(found).decode()
        return CallToolResult(content=[TextContent(text=text)], structured_content=msgspec.to_builtins(found))

    async def search(self, caller: Caller, arguments: str, base: str) -> Results:
        """Returns tasks with all words, those first that have them in their title."""
        words = read_arguments(arguments, Search).query.casefold().split()
        tasks = [task async for task in self._newest(caller) if _has(words, f"{task.title} {task.description or ''}")]
        tasks.sort(key=lambda task: not _has(words, task.title))
        return Results([Result(str(task.id), task.title, _address(task, base)) for task in tasks[:MAX_RESULTS]])

    async def fetch(self, caller: Caller, arguments: str, base: str) -> Document:
        number = read_arguments(arguments, Fetch).id
        if not number.isdecimal():
            raise NotFound("There is no such task. Take an id from the results of search.")
        task = await self._tasks.get(caller, int(number))
        metadata = {"status": "completed" if task.completed else "pending", "created_at": task.created_at.isoformat()}
        text = f"{task.title}\n\n{task.description}" if task.description else task.title
        return Document(str(task.id), task.title, text, _address(task, base), metadata)

    async def _newest(self, caller: Caller) -> Any:
        cursor: str | None = None
        for _ in range(MAX_PAGES):
            page = await self._tasks.page(caller, Status.ALL, PAGE, cursor=cursor)
            for task in page.tasks:
                yield task
            if (cursor := page.next_cursor) is None:
                return


def definitions() -> list[McpTool]:
    return [
        _definition(
            "search", "Search tasks", "Find the user's tasks by words. For research; list_tasks lists.", Search
        ),
        _definition("fetch", "Fetch a task", "Get the whole text of a task that search has found.", Fetch),
    ]


def _definition(name: str, title: str, description: str, arguments: type[Struct]) -> McpTool:
    schema = parameters(arguments)
    return McpTool(name=name, title=title, description=description, input_schema=schema, annotations=READS)


def _has(words: list[str], text: str) -> bool:
    folded = text.casefold()
    return all(word in folded for word in words)


def _address(task: Task, base: str) -> str:
    return f"{base}/#/tasks/{task.id}" if base else f"tasktalk://tasks/{task.id}"
