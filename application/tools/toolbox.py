"""Calls tools by their names, for the chat assistant and MCP clients."""

from collections.abc import Sequence
from contextlib import suppress
from functools import cache

from application.ports import ToolDefinition
from application.tools.arguments import read_arguments
from application.tools.changing import UseCases
from application.tools.fields import ChangeTasks
from application.tools.results import ToolOutput, full_form, tasks_in
from application.tools.schemas import parameters
from application.tools.table import TOOLS, Tool
from domain.accounts.account import Caller
from domain.errors import Invalid, NotFound


@cache
def definitions(tools: tuple[Tool, ...]) -> Sequence[ToolDefinition]:
    return [ToolDefinition(tool.name, tool.description, parameters(tool.arguments)) for tool in tools]


class Toolbox:
    """Calls a tool by its name, with arguments as JSON text, for one caller."""

    def __init__(self, use_cases: UseCases, tools: tuple[Tool, ...] = TOOLS) -> None:
        self._use_cases = use_cases
        self.tools = {tool.name: tool for tool in tools}
        self.reading = frozenset(tool.name for tool in tools if tool.reads_only)
        self.definitions = definitions(tools)

    async def call(self, caller: Caller, name: str, arguments: str) -> ToolOutput:
        """Returns the full output, as plain data. Raises what the use-case raises, `InsufficientScope`, `NotFound` for
        an unknown tool, and `Invalid` for its arguments."""
        output = await self.run(caller, name, arguments)
        names_lists = any(task.list_id for task in tasks_in(output.data))
        return full_form(output, await self._use_cases.names.lists(caller.user_id) if names_lists else {})

    async def run(self, caller: Caller, name: str, arguments: str) -> ToolOutput:
        """Returns the output of a call with its tasks as objects. Raises what `call` raises."""
        tool = self.tools.get(name)
        if tool is None:
            raise NotFound(f"There is no such tool; there are {', '.join(self.tools)}.")
        caller.check(tool.scope)
        return await tool.run(self._use_cases, caller, read_arguments(arguments, tool.arguments))

    def actions(self, name: str, arguments: str) -> list[str]:
        """Names changes as `change_tasks` does. A call that will be refused has none."""
        tool = self.tools.get(name)
        if tool is None or tool.reads_only:
            return []
        with suppress(Invalid):
            given = read_arguments(arguments, tool.arguments)
            return [change.action for change in given.changes] if isinstance(given, ChangeTasks) else [tool.action]
        return []
