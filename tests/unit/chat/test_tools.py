"""The tool table, called as the chat and MCP call it."""

import pytest

from application.tools.table import TOOLS
from application.tools.toolbox import Toolbox
from domain.accounts.account import Caller, Scope
from domain.errors import InsufficientScope
from tests.tasks_on import tools_on
from tests.unit.tasks.changes_world import World
from tests.unit.tasks.changes_world import world as world

ARGUMENTS = {"add_task": '{"title": "x"}', "list_tasks": "{}", "undo_last_changes": "{}"}


@pytest.mark.parametrize("tool", [tool for tool in TOOLS if not tool.reads_only], ids=lambda tool: tool.name)
async def test_a_caller_who_may_only_read_changes_nothing_by_any_tool(world: World, tool: object) -> None:
    await world.add("a")
    name = tool.name  # type: ignore[attr-defined]
    toolbox = Toolbox(tools_on(world.tasks, world.undo, world.store, world.clock))
    reader = Caller("ann", scopes=frozenset({Scope.READ}))
    with pytest.raises(InsufficientScope, match="tasks:write"):
        await toolbox.call(reader, name, ARGUMENTS.get(name, '{"task_id": 1}'))
    assert len(world.store.rows.events) == 1
    assert (await toolbox.call(reader, "list_tasks", "{}")).success
