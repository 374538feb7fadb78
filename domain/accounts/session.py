"""A session: one sign-in of the user."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from domain.accounts.token_family import TokenFamily

MAX_USER_AGENT_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Session(TokenFamily):
    GRACE: ClassVar = timedelta(seconds=10)
    """Two tabs may refresh at once, and a response may get lost."""

    user_id: str
    id: str
    user_agent: str | None = None


def clean_user_agent(text: str | None) -> str | None:
    return "".join(filter(str.isprintable, text or ""))[:MAX_USER_AGENT_LENGTH].strip() or None
