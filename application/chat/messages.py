"""A conversation as its user reads it: messages, not turns and steps."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from application.chat.replies import ToolUse, reply_text, tool_uses
from domain.chat.conversation import Feedback, Turn, TurnState
from domain.errors import NotFound

USER_SUFFIX = "-user"
"""After a turn's id: the id of what the user said in it. The turn's own is that of the answer."""


@dataclass(frozen=True, slots=True)
class FeedbackView:
    value: Feedback
    comment: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """A turn is two messages: number 2n - 1 is what the user said in turn n, 2n what the assistant answered."""

    id: str
    number: int
    role: Literal["user", "assistant"]
    text: str
    tool_calls: Sequence[ToolUse] = ()
    created_at: datetime
    state: TurnState
    feedback: FeedbackView | None = None
    turn: Turn


@dataclass(frozen=True, slots=True)
class MessagePage:
    """Oldest first. The cursors are message numbers: older ones are before the first, newer ones after the last."""

    messages: Sequence[MessageView]
    previous_cursor: int | None
    next_cursor: int | None


def shown_turn(turn: Turn | None, conversation_id: str) -> Turn:
    if turn is None or not turn.is_shown_in(conversation_id):
        raise NotFound("There is no such message of the assistant in this conversation.")
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
    """What has been said so far, where the turn is not over."""
    texts = (reply_text(turn), turn.draft)
    return MessageView(
        id=turn.id,
        number=2 * turn.number,
        role="assistant",
        text="\n\n".join(filter(None, texts)),
        tool_calls=tool_uses(turn),
        created_at=turn.created_at,
        state=turn.state,
        feedback=FeedbackView(turn.feedback, turn.feedback_comment) if turn.feedback else None,
        turn=turn,
    )
