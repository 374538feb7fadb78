"""Conversations and their turns."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain.chat.conversation import Conversation, DayUsage, Feedback, Step, Turn, TurnState

ConversationCursor = tuple[datetime, str]
"""A conversation's place among its user's: when something was last said in it, and its id."""


class ConversationRepository(Protocol):
    """A deleted conversation is as one that never was: its id may be added or opened anew."""

    async def get(self, user_id: str, conversation_id: str) -> Conversation | None: ...

    async def add(self, conversation: Conversation) -> None:
        """Raises `Conflict` for a taken id, and `NotAuthenticated` where the user is gone."""

    async def open(self, user_id: str, conversation_id: str, now: datetime) -> Conversation:
        """Get it, or start it. Raises `NotAuthenticated` where the user is gone."""

    async def lock(self, user_id: str, conversation_id: str) -> Conversation | None:
        """Get it, and whoever else locks it waits until this unit of work ends."""

    async def newest(
        self, user_id: str, limit: int, *, before: ConversationCursor | None = None, include_deleted: bool = False
    ) -> Sequence[Conversation]:
        """Newest activity first; `before` is a keyset."""

    async def rename(self, user_id: str, conversation_id: str, title: str) -> None: ...

    async def delete(self, user_id: str, conversation_id: str, now: datetime) -> None: ...

    async def purge(self, deleted_before: datetime, limit: int) -> int:
        """Erases what is deleted since then, of all users: up to `limit` hidden turns, then empty conversations.

        Returns how many of both are gone; 0 when nothing is left to erase.
        """

    async def summarize(self, conversation: Conversation, summary: str, until: int) -> None:
        """Of its turns up to number `until`. Dropped where the stored one is not `conversation`'s any more."""


class TurnRepository(Protocol):
    """Writes to a turn name the lease it was claimed with, and raise `TurnTaken` where another holds it by now."""

    async def add(self, turn: Turn) -> Turn | None:
        """Gives the turn with its number: the next of its conversation. None, and nothing is added, while one runs."""

    async def get(self, user_id: str, turn_id: str) -> Turn | None:
        """With all its steps."""

    async def running(self, user_id: str, conversation_id: str) -> Turn | None: ...

    async def claim(self, turn: Turn, lease: str, until: datetime) -> Turn:
        """Take up a left over turn. Raises `TurnTaken` where it was not left over as `turn` says."""

    async def renew(self, turn: Turn, until: datetime, said: str = "") -> bool:
        """Also adds what the model `said` to the draft. True: somebody asked to stop."""

    async def add_step(self, turn: Turn, step: Step, now: datetime, until: datetime | None) -> Turn:
        """Gives the turn with the step; the draft is empty then. What `turn` says it has used is stored too.

        `until` is None with the last step: the turn is done. Outside of a unit of work it is one of its own.
        """

    async def end(self, turn: Turn, state: TurnState, now: datetime, error: str | None = None) -> Turn: ...

    async def interrupt(self, turn: Turn, now: datetime) -> None:
        """Close a left over turn, whoever held its lease."""

    async def request_stop(self, user_id: str, turn_id: str) -> None: ...

    async def newest(
        self, user_id: str, conversation_id: str, limit: int, *, before: int | None = None, after: int = 0
    ) -> Sequence[Turn]:
        """Whole turns with their steps, newest first, hidden ones left out; both bounds are turn numbers."""

    async def prior_to(self, turn: Turn, limit: int) -> tuple[str, Sequence[Turn]]:
        """The summary of its conversation, and the turns between that and this one, as `newest` gives them."""

    async def following(
        self, user_id: str, conversation_id: str, limit: int, *, after: int, hidden: bool = False
    ) -> Sequence[Turn]:
        """The same, oldest first: only greater turn numbers. With `hidden`, the hidden ones and no others."""

    async def of_client_message(self, user_id: str, conversation_id: str, client_message_id: str) -> Turn | None:
        """The newest of those that are shown, where a client has used an id twice."""

    async def hide(self, user_id: str, conversation_id: str, now: datetime, turn_id: str | None = None) -> None:
        """This turn of the conversation, or all it has."""

    async def hide_between(self, user_id: str, conversation_id: str, first: int, before: int, now: datetime) -> None:
        """The turns with these numbers."""

    async def set_feedback(
        self, user_id: str, turn_id: str, feedback: Feedback | None, comment: str | None
    ) -> None: ...

    async def charge(self, turn: Turn) -> None:
        """Store what `turn` says it has used, whoever holds its lease."""

    async def usage(self, user_id: str, since: datetime) -> Sequence[DayUsage]:
        """By day (UTC) and model, newest day first, hidden turns included."""
