from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain.chat.conversation import Conversation
from domain.chat.turn import DayUsage, Feedback, Step, Turn, TurnState

ConversationCursor = tuple[datetime, str]
"""The keyset of a conversation in its user's list: the time of its last message, and its id."""


class ConversationRepository(Protocol):
    """A deleted conversation counts as absent, and `add` and `open` may use its id again."""

    async def get(self, user_id: str, conversation_id: str) -> Conversation | None: ...

    async def add(self, conversation: Conversation) -> None:
        """Raises `Conflict` if the id is taken, and `NotAuthenticated` if the user no longer exists."""

    async def open(self, user_id: str, conversation_id: str, now: datetime) -> Conversation:
        """Creates the conversation if it does not exist. Raises `NotAuthenticated` if the user no longer exists."""

    async def get_to_change(self, user_id: str, conversation_id: str) -> Conversation | None:
        """Returns the conversation and locks it until this unit of work ends."""

    async def newest(
        self, user_id: str, limit: int, *, before: ConversationCursor | None = None, include_deleted: bool = False
    ) -> Sequence[Conversation]:
        """Returns the conversations with the newest messages first. `before` is a keyset."""

    async def rename(self, user_id: str, conversation_id: str, title: str) -> None: ...

    async def delete(self, user_id: str, conversation_id: str, now: datetime) -> None: ...

    async def purge(self, deleted_before: datetime, limit: int) -> int:
        """Erases the deleted conversations of all users: up to `limit` hidden turns, and then empty conversations.
        Returns how many of both were erased, and 0 if nothing is left."""

    async def summarize(self, conversation: Conversation, summary: str, until: int) -> None:
        """`until` is a turn number. Nothing is stored if the summary is no longer that of `conversation`."""


class TurnRepository(Protocol):
    """The storage of turns. Writes name the lease of the turn, and raise `TurnTaken` if another one holds it."""

    async def add(self, turn: Turn) -> Turn | None:
        """Numbers the turn. Returns None, and adds nothing, while another one is running."""

    async def get(self, user_id: str, turn_id: str) -> Turn | None:
        """Returns the turn with all its steps."""

    async def running(self, user_id: str, conversation_id: str) -> Turn | None: ...

    async def claim(self, turn: Turn, lease: str, until: datetime) -> Turn:
        """Leases a failed or abandoned turn, or one that awaits an approval. Raises `TurnTaken` if it is no longer as
        `turn` says."""

    async def renew(self, turn: Turn, until: datetime, said: str = "") -> bool:
        """Renews the lease and appends what the model `said` to the draft. Returns whether the turn is to stop."""

    async def add_step(self, turn: Turn, step: Step, now: datetime, until: datetime | None) -> Turn:
        """Stores the step and the usage in `turn`. Returns the turn with the step and an empty draft. `until` is None
        for the last step, which completes the turn, and for a request of an approval, which holds it up. Outside a unit
        of work, it runs in one of its own."""

    async def end(self, turn: Turn, state: TurnState, now: datetime, error: str | None = None) -> Turn: ...

    async def interrupt(self, turn: Turn, now: datetime) -> None:
        """Ends an abandoned turn. Its lease is not checked."""

    async def request_stop(self, user_id: str, turn_id: str) -> None: ...

    async def newest(
        self, user_id: str, conversation_id: str, limit: int, *, before: int | None = None, after: int = 0
    ) -> Sequence[Turn]:
        """Returns the turns with their steps, newest first, without hidden ones. Both bounds are turn numbers."""

    async def prior_to(self, turn: Turn, limit: int) -> tuple[str, Sequence[Turn]]:
        """Returns the conversation's summary, and the turns after the summary and before this turn, newest first."""

    async def following(
        self, user_id: str, conversation_id: str, limit: int, *, after: int, hidden: bool = False
    ) -> Sequence[Turn]:
        """Returns the turns with greater numbers, oldest first. With `hidden`, returns the hidden ones."""

    async def of_client_message(self, user_id: str, conversation_id: str, client_message_id: str) -> Turn | None:
        """Returns the newest shown turn, since a client may have used an id twice."""

    async def hide(self, user_id: str, conversation_id: str, now: datetime, turn_id: str | None = None) -> None:
        """Hides this turn of the conversation, or all of its turns."""

    async def hide_between(self, user_id: str, conversation_id: str, first: int, before: int, now: datetime) -> None:
        """Hides the turns from number `first` to the one before `before`."""

    async def set_feedback(
        self, user_id: str, turn_id: str, feedback: Feedback | None, comment: str | None
    ) -> None: ...

    async def charge(self, turn: Turn) -> None:
        """Stores the usage in `turn`. Its lease is not checked."""

    async def usage(self, user_id: str, since: datetime) -> Sequence[DayUsage]:
        """Returns the usage by day (UTC) and model, newest day first, including hidden turns."""
