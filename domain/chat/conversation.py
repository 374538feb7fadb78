"""A conversation has turns (`turn.py`), and a turn has messages (`messages.py`)."""

import re
from dataclasses import dataclass
from datetime import datetime

from domain.errors import Invalid
from domain.text import clean

DEFAULT_CONVERSATION = "default"
MAX_MESSAGE_LENGTH = 5000
MAX_CONVERSATION_TITLE_LENGTH = 200
MAX_GENERATED_TITLE_LENGTH = 60
"""The longest title that is made from the first message."""
CONVERSATION_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """`updated_at` is the time of the last message. A new title does not change it. `summary` replaces the turns up to
    number `summarized_until` for the model."""

    user_id: str
    id: str
    title: str | None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    summary: str = ""
    summarized_until: int = 0


def clean_title(text: str) -> str:
    return clean("title", text, longest=MAX_CONVERSATION_TITLE_LENGTH, shortest=1)


def title_from(message: str) -> str:
    """Returns the first words of the message, as many as fit. A single word that is too long is cut."""
    text = " ".join(message.split())
    if len(text) <= MAX_GENERATED_TITLE_LENGTH:
        return text
    return text[: MAX_GENERATED_TITLE_LENGTH + 1].rpartition(" ")[0] or text[:MAX_GENERATED_TITLE_LENGTH]


def clean_message(text: str) -> str:
    return clean("message", text, longest=MAX_MESSAGE_LENGTH, shortest=1)


def check_conversation_id(text: str) -> str:
    if not CONVERSATION_ID.fullmatch(text):
        raise Invalid.field("conversation_id", "must be 1 to 64 of A–Z, a–z, 0–9, _ and -")
    return text
