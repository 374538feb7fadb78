"""Views of a conversation as messages, instead of turns and steps."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from application.chat.replies import ApprovalView, ToolUse, approval_view, reply_text, tool_uses
from domain.chat.turn import Feedback, Turn, TurnState
from domain.errors import NotFound

USER_SUFFIX = "-user"
"""The user's message has the id of the turn with this suffix. The answer has the id of the turn."""


@dataclass(frozen=True, slots=True)
class FeedbackView:
    value: Feedback
    comment: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """A message as it is shown. Turn n has the message 2n - 1 of the user, and the answer 2n of the assistant."""

    id: str
    number: int
    role: Literal["user", "assistant"]
    text: str
    tool_calls: Sequence[ToolUse] = ()
    created_at: datetime
    state: TurnState
    approval: ApprovalView | None = None
    feedback: FeedbackView | None = None
    turn: Turn


@dataclass(frozen=True, slots=True)
class MessagePage:
    """Messages are oldest first. Cursors are message numbers: older messages are before `previous_cursor`, newer ones
    after `next_cursor`."""

    messages: Sequence[MessageView]
    previous_cursor: int | None
    next_cursor: int | None


def shown_turn(turn: Turn | None, conversation_id: str) -> Turn:
    if turn is None or not turn.is_shown_in(conversation_id):
        raise NotFound("There is no such answer of the assistant in this conversation. Load its messages again.")
    return turn


def message_views(turns: Iterable[Turn]) -> Iterator[MessageView]:
    for turn in turns:
        yield _user_message_view(turn)
        yield answer_view(turn)


def _user_message_view(turn: Turn) -> MessageView:
    return MessageView(
        id=turn.id + USER_SUFFIX,
        number=2 * turn.number - 1,
        role="user",
        text=turn.message,
        created_at=turn.created_at,
        state=TurnState.DONE,
        turn=turn,
    )


def answer_view(turn: Turn) -> MessageView:
    texts = (reply_text(turn), turn.draft)
    return MessageView(
        id=turn.id,
        number=2 * turn.number,
        role="assistant",
        text="\n\n".join(filter(None, texts)),
        tool_calls=tool_uses(turn),
        created_at=turn.created_at,
        state=turn.state,
        approval=approval_view(turn),
        feedback=FeedbackView(turn.feedback, turn.feedback_comment) if turn.feedback else None,
        turn=turn,
    )
