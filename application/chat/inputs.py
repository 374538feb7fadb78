from typing import Annotated

from msgspec import Meta, Struct

from domain.chat.conversation import CONVERSATION_ID, MAX_CONVERSATION_TITLE_LENGTH, MAX_MESSAGE_LENGTH
from domain.chat.turn import MAX_COMMENT_LENGTH, Feedback

ConversationTitle = Annotated[
    str,
    Meta(
        description=f"1–{MAX_CONVERSATION_TITLE_LENGTH} characters after trimming.",
        examples=["Groceries"],
        extra_json_schema={"minLength": 1, "maxLength": MAX_CONVERSATION_TITLE_LENGTH},
    ),
]


class ChatMessage(Struct, forbid_unknown_fields=True):
    message: Annotated[
        str,
        Meta(
            description=f"What you tell the assistant: 1–{MAX_MESSAGE_LENGTH} characters.",
            examples=["Add a task to buy groceries"],
            extra_json_schema={"minLength": 1, "maxLength": MAX_MESSAGE_LENGTH},
        ),
    ]
    conversation_id: Annotated[
        str | None,
        Meta(
            description="Which conversation to go on with; without one, your default conversation.",
            extra_json_schema={"pattern": f"^{CONVERSATION_ID.pattern}$"},
        ),
    ] = None


class ConversationDraft(Struct, forbid_unknown_fields=True):
    id: Annotated[
        str | None,
        Meta(
            description="1–64 of A–Z, a–z, 0–9, _ and -; without one, we make it.",
            extra_json_schema={"pattern": f"^{CONVERSATION_ID.pattern}$"},
        ),
    ] = None
    title: Annotated[ConversationTitle | None, Meta(description="Without one, the first message makes it.")] = None


class ConversationChanges(Struct, forbid_unknown_fields=True):
    title: ConversationTitle


class FeedbackForm(Struct, forbid_unknown_fields=True):
    value: Annotated[Feedback | None, Meta(description="Null takes the feedback back, with its comment.")]
    comment: Annotated[
        str | None,
        Meta(
            description=f"At most {MAX_COMMENT_LENGTH} characters.",
            extra_json_schema={"maxLength": MAX_COMMENT_LENGTH},
        ),
    ] = None
