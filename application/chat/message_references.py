"""Finds the turn that a client refers to when it edits a message or regenerates an answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from application.chat.messages import USER_SUFFIX
from application.ports import TurnRepository
from domain.chat.turn import MAX_CLIENT_ID_LENGTH, Turn
from domain.errors import Conflict

CHANGED = "The conversation is not as you see it any more. Load its messages again."


@dataclass(frozen=True, slots=True)
class MessageReference:
    """`message_id` is our id of a user's message or of its answer, or the client's own id of the user's message.
    `answers` are the ids of the answers that the client shows above it, oldest first."""

    message_id: str | None
    answers: Sequence[str] = ()


async def find_turn(turns: TurnRepository, user_id: str, conversation_id: str, place: MessageReference) -> Turn | None:
    """Returns the turn of the message, or None if the message was never stored and the client shows all that was
    stored. Raises `Conflict` if the client shows an outdated conversation."""
    if place.message_id and (turn := await _named(turns, user_id, conversation_id, place.message_id)):
        return turn
    newest = await turns.newest(user_id, conversation_id, 1)
    if [each.id for each in newest] != list(place.answers[-1:]):
        raise Conflict(CHANGED)
    return None


async def _named(turns: TurnRepository, user_id: str, conversation_id: str, message_id: str) -> Turn | None:
    if len(message_id) > MAX_CLIENT_ID_LENGTH:
        return None
    turn = await turns.get(user_id, message_id.removesuffix(USER_SUFFIX))
    if turn and turn.is_shown_in(conversation_id):
        return turn
    return await turns.of_client_message(user_id, conversation_id, message_id)
