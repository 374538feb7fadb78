from collections.abc import AsyncIterator

from adapters.http.chat.conversation_schemas import ConversationMessageOut, conversation_out
from adapters.http.handlers.json_stream import json_array, json_object
from adapters.http.schemas import out
from application.chat.messages import MessageView
from domain.chat.conversation import Conversation


def exported(
    conversation: Conversation, messages: AsyncIterator[MessageView], deleted: AsyncIterator[MessageView] | None = None
) -> AsyncIterator[bytes]:
    """Returns what `ConversationExportOut` would be, encoded, or with `deleted`, `KeptConversationOut`."""
    members = {"conversation": conversation_out(conversation), "messages": _listed(messages)}
    if deleted:
        members |= {"deleted_at": conversation.deleted_at, "deleted_messages": _listed(deleted)}
    return json_object(members)


def _listed(messages: AsyncIterator[MessageView]) -> AsyncIterator[bytes]:
    return json_array([out(message, ConversationMessageOut)] async for message in messages)
