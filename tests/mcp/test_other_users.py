"""Another user's rows over MCP: none is read, none is written, however it is asked for."""

from copy import deepcopy
from typing import Any

import pytest

from tests.mcp.conftest import Mcp

SPELLINGS = (
    "user_id",
    "userId",
    "userID",
    "USER_ID",
    "user-id",
    "user",
    "uid",
    "owner_id",
    "_user_id",
    "user_id\u200b",
)
NO_TASKS = {"tasks": [], "total": 0, "next_cursor": None}
ARGUMENTS: dict[str, dict[str, Any]] = {
    "add_task": {"title": "stolen"},
    "list_tasks": {},
    "complete_task": {"task_id": 1},
    "update_task": {"task_id": 1, "title": "stolen"},
    "delete_task": {"task_id": 1},
    "restore_task": {"task_id": 1},
    "undo_last_changes": {},
}


@pytest.fixture
async def bobs(mcp: Mcp) -> str:
    """His user id; he has one task, and `mcp` stays Ann's."""
    headers = await mcp.api.sign_up("bob")
    task = await mcp.api("POST", "/api/users/me/tasks", json={"title": "Bob's own"}, headers=headers)
    user_id: str = task.json()["user_id"]
    return user_id


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_no_argument_names_another_user(mcp: Mcp, bobs: str, spelling: str) -> None:
    before = deepcopy(mcp.api.store.rows)
    for tool, arguments in ARGUMENTS.items():
        result = await mcp.call(tool, {**arguments, spelling: bobs})
        assert result["isError"]
        assert result["content"][0]["text"].startswith(f"{spelling}: is not a known field; there are ")
    assert mcp.api.store.rows == before


async def test_his_numbers_lead_to_none_of_his_tasks(mcp: Mcp, bobs: str) -> None:
    before = deepcopy(mcp.api.store.rows.tasks)
    for tool in ("complete_task", "update_task", "delete_task", "restore_task", "undo_last_changes"):
        result = await mcp.call(tool, ARGUMENTS[tool])
        assert result["isError"]
        assert "Bob" not in str(result)
    assert mcp.api.store.rows.tasks == before
    assert (await mcp.call("list_tasks"))["structuredContent"]["data"] == NO_TASKS


async def test_no_header_and_no_metadata_names_another_user(mcp: Mcp, bobs: str) -> None:
    smuggled = {"X_User_Id": bobs, "User_Id": bobs, "X_Forwarded_User": bobs, "Mcp_Session_Id": bobs}
    result = await mcp.call("list_tasks", {}, **smuggled)
    assert result["structuredContent"]["data"] == NO_TASKS
