from typing import Annotated, Any, Literal

from litestar import Controller, Response, delete, get, patch, post, put
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Stream

from adapters.http.chat.bodies import StreamedOperation
from adapters.http.chat.chat import turn_response
from adapters.http.chat.conversation_cursors import decode_cursor, encode_cursor
from adapters.http.chat.conversation_export import exported
from adapters.http.chat.conversation_schemas import (
    ConversationExportOut,
    ConversationId,
    ConversationMessageOut,
    ConversationOut,
    ConversationPageOut,
    MessagePageOut,
    conversation_out,
)
from adapters.http.chat.reply_schemas import ChatOut
from adapters.http.chat.ui_messages import UIMessagePageOut, ui_message
from adapters.http.errors import errors
from adapters.http.handlers import downloads
from adapters.http.handlers.dependencies import Dependency
from adapters.http.handlers.idempotency import AnswerOnce
from adapters.http.internals.litestar_responses import JsonResponse
from adapters.http.schemas import MessageOut, out
from adapters.http.server.concurrency_limits import LIMIT, RequestKind
from adapters.http.server.json_request import JsonRequest
from application.chat.chat import Chat
from application.chat.conversations import Conversations
from application.chat.inputs import ConversationChanges, ConversationDraft, FeedbackForm
from domain.accounts.account import Caller
from domain.chat.conversation import Conversation
from domain.idempotency import Key

LIST = "/api/users/{user_id:str}/conversations"
ONE = f"{LIST}/{{conversation_id:str}}"
MESSAGES = f"{ONE}/messages"
MESSAGE = f"{MESSAGES}/{{message_id:str}}"
MAX_NUMBER = 2**31 - 1
TURN = {200: ResponseSpec(ChatOut, generate_examples=False, description="The new turn, when it is over")}
EXPORT = {200: ResponseSpec(ConversationExportOut, generate_examples=False, description="The whole conversation")}
SHAPES: Any = MessagePageOut | UIMessagePageOut
PAGE = {200: ResponseSpec(SHAPES, generate_examples=False, description="A page of it")}

Limit = Annotated[int, QueryParameter(ge=1, le=100, description="Entries per page.")]
Cursor = Annotated[str | None, QueryParameter(description="`next_cursor` of the page before.", required=False)]
Number = Annotated[
    int | None,
    QueryParameter(ge=0, le=MAX_NUMBER, required=False, description="A message number.", schema_extra={"minimum": 0}),
]
Shape = Annotated[
    Literal["plain", "ui"],
    QueryParameter(name="format", required=False, description="`ui`: as npm's `ai` has messages, for `useChat`."),
]


class ConversationController(Controller):
    tags = ("Conversations",)

    @get(LIST, summary="List conversations", responses=errors(400, 401, 403))
    async def list_conversations(
        self,
        caller: Dependency[Caller],
        conversations: Dependency[Conversations],
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> ConversationPageOut:
        """Returns the conversations, those with the newest activity first. A conversation that gets a message moves to
        the first page."""
        page = await conversations.page(caller, limit, decode_cursor(cursor))
        return ConversationPageOut(
            out(page.conversations, list[ConversationOut]), limit, encode_cursor(page.next_cursor)
        )

    @post(LIST, summary="Start a conversation", responses=errors(400, 401, 403, 409, 413, 415, 422))
    async def create_conversation(
        self,
        caller: Dependency[Caller],
        conversations: Dependency[Conversations],
        answer_once: Dependency[AnswerOnce],
        data: JSONBody[ConversationDraft],
    ) -> Response[ConversationOut]:
        """Starts an empty conversation. Sending a message to the assistant starts one too."""
        return await answer_once(lambda: conversations.add(caller, data), Conversation, conversation_out)

    @get(ONE, summary="Get a conversation", responses=errors(400, 401, 403, 404))
    async def get_conversation(
        self,
        caller: Dependency[Caller],
        conversations: Dependency[Conversations],
        conversation_id: ConversationId,
    ) -> ConversationOut:
        """Returns the title and the times. The messages are at `…/messages`."""
        return conversation_out(await conversations.get(caller, conversation_id))

    @patch(ONE, summary="Rename a conversation", responses=errors(400, 401, 403, 404, 413, 415))
    async def update_conversation(
        self,
        caller: Dependency[Caller],
        conversations: Dependency[Conversations],
        conversation_id: ConversationId,
        data: JSONBody[ConversationChanges],
    ) -> ConversationOut:
        """Changes the title. It is not replaced by the first message afterwards."""
        return conversation_out(await conversations.rename(caller, conversation_id, data))

    @delete(ONE, summary="Delete a conversation", status_code=200, responses=errors(400, 401, 403, 404))
    async def delete_conversation(
        self,
        caller: Dependency[Caller],
        conversations: Dependency[Conversations],
        conversation_id: ConversationId,
    ) -> MessageOut:
        """Deletes the conversation; the tasks keep what the assistant did. A new conversation may take the same id."""
        await conversations.delete(caller, conversation_id)
        return MessageOut("The conversation is deleted.")

    @get(
        f"{ONE}/export",
        summary="Download a conversation",
        opt=downloads.EXPORT,
        responses=EXPORT | errors(400, 401, 403, 404, 429),
    )
    async def export_conversation(
        self,
        caller: Dependency[Caller],
        conversations: Dependency[Conversations],
        conversation_id: ConversationId,
    ) -> Stream:
        """Returns the whole conversation as JSON."""
        conversation = await conversations.get(caller, conversation_id)
        content = exported(conversation, conversations.export(conversation))
        return downloads.download(content, f"conversation-{conversation.id}")

    @get(MESSAGES, summary="Read a conversation", responses=PAGE | errors(400, 401, 403, 404))
    async def list_messages(
        self,
        caller: Dependency[Caller],
        conversations: Dependency[Conversations],
        conversation_id: ConversationId,
        limit: Limit = 50,
        before: Number = None,
        after: Number = None,
        shape: Shape = "plain",
    ) -> Response[Any]:
        """Returns the newest messages, or those before or after a message number. Each page is sorted from oldest to
        newest."""
        page = await conversations.messages(caller, conversation_id, limit, before=before, after=after)
        cursors = (page.previous_cursor, page.next_cursor)
        if shape == "ui":
            return JsonResponse(UIMessagePageOut([*map(ui_message, page.messages)], limit, *cursors))
        return JsonResponse(MessagePageOut(out(page.messages, list[ConversationMessageOut]), limit, *cursors))

    @post(
        f"{MESSAGE}/regenerate",
        status_code=200,
        summary="Have the last message answered anew",
        operation_class=StreamedOperation,
        opt={LIMIT: RequestKind.TURNS},
        responses=TURN | errors(400, 401, 403, 404, 409, 422, 429, 502, 504),
    )
    async def regenerate_message(
        self,
        request: JsonRequest,
        caller: Dependency[Caller],
        chat: Dependency[Chat],
        key: Dependency[Key | None],
        conversation_id: ConversationId,
        message_id: FromPath[str],
    ) -> Response[Any]:
        """Replaces the answer with this id by a new one. What the old answer did stays done.

        Answers as the chat does, and streams if `Accept` asks for it.
        """
        turn = await chat.regenerate(caller, conversation_id, message_id, key)
        return await turn_response(request, chat, caller, turn)

    @put(f"{MESSAGE}/feedback", summary="Judge an answer", responses=errors(400, 401, 403, 404, 413, 415))
    async def set_feedback(
        self,
        caller: Dependency[Caller],
        conversations: Dependency[Conversations],
        conversation_id: ConversationId,
        message_id: FromPath[str],
        data: JSONBody[FeedbackForm],
    ) -> ConversationMessageOut:
        """Only the assistant's messages can be rated; null removes the rating."""
        judged = await conversations.set_feedback(caller, conversation_id, message_id, data)
        message: ConversationMessageOut = out(judged, ConversationMessageOut)
        return message
