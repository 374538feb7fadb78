from datetime import date
from typing import Annotated, Literal

from litestar.params import PathParameter
from msgspec import Meta, Struct

from adapters.http.chat.reply_schemas import ApprovalOut
from adapters.http.schemas import Time, ToolCallOut, out
from domain.chat.conversation import CONVERSATION_ID, Conversation

ConversationId = Annotated[str, PathParameter(schema_extra={"pattern": f"^{CONVERSATION_ID.pattern}$"})]


class ConversationOut(Struct):
    id: Annotated[str, Meta(examples=["default"])]
    user_id: str
    title: Annotated[str | None, Meta(description="Null until something is said.", examples=["Groceries"])]
    created_at: Time
    updated_at: Annotated[Time, Meta(description="When something was last said.")]


class ConversationPageOut(Struct):
    conversations: list[ConversationOut]
    limit: int
    next_cursor: Annotated[
        str | None, Meta(description="Give it as `cursor` for the next page; null: this is the last one.")
    ]


class FeedbackOut(Struct):
    value: Literal["up", "down"]
    comment: str | None


class ConversationMessageOut(Struct):
    id: Annotated[str, Meta(description="The assistant's is the id of the turn.")]
    number: Annotated[int, Meta(description="Rises through the conversation, with gaps.")]
    role: Literal["user", "assistant"]
    text: Annotated[str, Meta(description="While the assistant is at work, what it has said so far.")]
    tool_calls: list[ToolCallOut]
    created_at: Time
    state: Literal["running", "awaiting_approval", "done", "failed", "stopped", "interrupted"]
    approval: Annotated[ApprovalOut | None, Meta(description="What the assistant asked for last.")]
    feedback: FeedbackOut | None


class MessagePageOut(Struct):
    """The messages are sorted from oldest to newest."""

    messages: list[ConversationMessageOut]
    limit: int
    previous_cursor: Annotated[int | None, Meta(description="Give it as `before`; null: nothing is older.")]
    next_cursor: Annotated[int | None, Meta(description="Give it as `after`; null: nothing is newer.")]


class ConversationExportOut(Struct):
    conversation: ConversationOut
    messages: list[ConversationMessageOut]


class KeptConversationOut(ConversationExportOut):
    """A conversation in the export of an account."""

    deleted_at: Annotated[Time | None, Meta(description="It is purged TRASH_DAYS later; null: it is not deleted.")]
    deleted_messages: Annotated[
        list[ConversationMessageOut], Meta(description="Deleted or replaced, and not purged yet.")
    ]


class UsageOut(Struct):
    turns: int
    prompt_tokens: int
    completion_tokens: int
    cached_tokens: Annotated[int, Meta(description="Part of the prompt tokens.")]
    model_milliseconds: Annotated[int, Meta(description="How long the model was at work.")]


class DayUsageOut(UsageOut):
    date: Annotated[date, Meta(description="In UTC.")]
    model: Annotated[str | None, Meta(description="Null for turns that no model answered.")]


class UsageReportOut(Struct):
    """The newest day comes first, with one entry for each model. Days without a turn are left out."""

    days: list[DayUsageOut]
    total: UsageOut
    daily_tokens: Annotated[int | None, Meta(description="What you may use in a day (UTC); null: no limit.")]


def conversation_out(conversation: Conversation) -> ConversationOut:
    converted: ConversationOut = out(conversation, ConversationOut)
    return converted
