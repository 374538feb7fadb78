"""The schemas of what the assistant answers, and of what it asks before it goes on."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from adapters.http.schemas import Time, ToolCallOut
from domain.chat.approval import MAX_SHOWN_CHANGES


class PlannedChangeOut(Struct):
    entity: Annotated[str, Meta(examples=["task"])]
    id: Annotated[int | None, Meta(description="Null for a new one.")]
    title: str
    action: Annotated[
        Literal["created", "updated", "completed", "uncompleted", "deleted", "restored", "purged"],
        Meta(examples=["deleted"]),
    ]
    before: Annotated[dict[str, Any], Meta(description="The fields that would change, as they are.")]
    after: Annotated[dict[str, Any], Meta(description="The fields that would change, as they would be.")]


class ApprovalOut(Struct):
    """What the assistant would do if the user agrees."""

    id: Annotated[str, Meta(description="Answer it at `/chat/approvals/{approval_id}`, or with a plain yes or no.")]
    state: Annotated[
        Literal["pending", "approved", "refused", "expired", "changed"],
        Meta(description="`changed`: the user agreed, but the tasks were not as shown any more, so nothing was done."),
    ]
    question: Annotated[str, Meta(examples=["This would delete 3 tasks (“Milk”, “Eggs”, “Bread”). Shall I?"])]
    expires_at: Annotated[Time, Meta(description="There can be no yes after that.")]
    changes: Annotated[list[PlannedChangeOut], Meta(description=f"The first {MAX_SHOWN_CHANGES}.")]
    total_changes: int


class ChatOut(Struct):
    response: Annotated[str, Meta(examples=["I've added “Buy groceries” as task 1."])]
    tool_calls: Annotated[list[ToolCallOut], Meta(description="What the assistant did, in order.")]
    conversation_id: str
    message_id: str
    state: Annotated[
        Literal["done", "stopped", "awaiting_approval"],
        Meta(description="`awaiting_approval`: it goes on when the user has answered `approval`."),
    ]
    approval: Annotated[ApprovalOut | None, Meta(description="What the assistant asked for last.")]


class ApprovalAnswer(Struct, forbid_unknown_fields=True):
    approved: Annotated[bool, Meta(description="True: do it; false: leave all as it is.")]
