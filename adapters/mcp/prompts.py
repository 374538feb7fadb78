"""Prompts that a user picks in a client, such as “plan my week”."""

from collections.abc import Mapping
from typing import Any

from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    GetPromptRequestParams,
    GetPromptResult,
    ListPromptsResult,
    PaginatedRequestParams,
    Prompt,
    PromptMessage,
    TextContent,
)

PROMPTS: Mapping[str, tuple[str, str, str]] = {
    "today": (
        "Today",
        "What to do today, in a good order.",
        "Look at my pending tasks. Say what I should do today: what is overdue or due first, then what fits into the "
        "day. At most seven, by number and title, with a reason of a few words each. Ask before you change anything.",
    ),
    "plan_my_week": (
        "Plan my week",
        "The pending tasks, spread over the coming days.",
        "Look at my pending tasks and plan my coming week with me: spread them over the days, put what belongs "
        "together on one day, and leave room. Show the plan as a list for each day, with numbers and titles. Change "
        "tasks only after I have agreed.",
    ),
    "review": (
        "Review",
        "What is done, what lies around, and what can go.",
        "Review my tasks with me: first what I have completed lately, then pending tasks that are old, unclear or "
        "twice there. For each of these, propose to keep, reword, split, complete or delete it, and do what I agree "
        "to.",
    ),
}
"""The title, the description and the text of each."""
LISTED = ListPromptsResult(
    prompts=[Prompt(name=name, title=title, description=about) for name, (title, about, _) in PROMPTS.items()]
)


async def list_prompts(_: Any, page: PaginatedRequestParams | None) -> ListPromptsResult:
    if page and page.cursor:
        raise MCPError(INVALID_PARAMS, "There is no such cursor: all prompts are on the first page.")
    return LISTED


async def get_prompt(_: Any, params: GetPromptRequestParams) -> GetPromptResult:
    if params.name not in PROMPTS:
        raise MCPError(INVALID_PARAMS, f"There is no such prompt; there are {', '.join(PROMPTS)}.")
    _title, description, text = PROMPTS[params.name]
    message = PromptMessage(role="user", content=TextContent(text=text))
    return GetPromptResult(description=description, messages=[message])
