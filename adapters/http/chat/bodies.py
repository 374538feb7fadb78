"""The request bodies of a chat: our own, and the one that the AI SDK's `useChat` sends."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from litestar.openapi.spec import (
    OpenAPIMediaType,
    OpenAPIResponse,
    OpenAPIType,
    Operation,
    Reference,
    RequestBody,
    Schema,
)
from msgspec import Meta, Raw, Struct

from adapters.http.server.json_request import JsonRequest
from application.chat.inputs import ChatMessage
from application.chat.message_references import MessageReference
from domain.chat.approval import turn_of_approval
from domain.chat.turn import MAX_CLIENT_ID_LENGTH
from domain.errors import Invalid

EVENT_STREAM = "text/event-stream"


class UIApproval(Struct):
    id: str
    approved: bool | None = None


class UIPart(Struct):
    """A part of a message. `text` is given if `type` is `text`, and `approval` if it is a tool that was asked about.
    Parts of other types are ignored."""

    type: str
    text: str = ""
    state: str = ""
    approval: UIApproval | None = None


class UIMessage(Struct):
    role: str
    parts: list[UIPart] = []
    id: str = ""


class UIChat(Struct, rename={"message_id": "messageId"}):
    """The AI SDK's own body. Unknown fields are ignored.

    Only the last message is used. The database has the messages before it. It must be the user's, or an answer of the
    assistant with the user's decision on what it asked.
    """

    id: Annotated[str, Meta(description="The conversation; it is started if there is none with this id.")]
    messages: list[UIMessage] = []
    message: Annotated[
        UIMessage | None, Meta(description="Used instead of `messages` if only the last one is sent.")
    ] = None
    trigger: Literal["submit-message", "regenerate-message"] = "submit-message"
    message_id: Annotated[
        str | None,
        Meta(description="The message that is edited or answered again; without an id, the last one."),
    ] = None

    def decision(self) -> tuple[str, bool] | None:
        """Returns the id of an approval and whether the user gave it, for all calls together, or None if the last
        message is not the assistant's with a decision. Of the message, nothing else is believed."""
        last = self._newest_message()
        given = [part.approval for part in last.parts if part.approval] if last and last.role == "assistant" else []
        answered = [each for each in given if each.approved is not None]
        if not answered or self.trigger == "regenerate-message":
            return None
        asked = turn_of_approval(answered[-1].id)
        return answered[-1].id, all(each.approved for each in answered if turn_of_approval(each.id) == asked)

    def newest(self) -> ChatMessage:
        """Returns the last message. Raises `Invalid` if that is not the user's, as answering an older one could repeat
        its effects, or if it has a file."""
        parts = self._last().parts
        if any(part.type == "file" for part in parts):
            raise Invalid.field("messages", "have a file, and files can't be read here: say it in words")
        return ChatMessage("".join(part.text for part in parts if part.type == "text"), self.id)

    def client_id(self) -> str | None:
        name = self._last().id
        return name if 0 < len(name) <= MAX_CLIENT_ID_LENGTH and name.isprintable() else None

    def place(self) -> MessageReference:
        """Returns the place of the message that is edited or answered again. The client shows nothing after it."""
        answers = [message.id for message in self.messages if message.role == "assistant"]
        return MessageReference(self.message_id or self._last().id, answers)

    def _newest_message(self) -> UIMessage | None:
        return self.message or (self.messages[-1] if self.messages else None)

    def _last(self) -> UIMessage:
        last = self._newest_message()
        if last is None or last.role != "user":
            raise Invalid.field("messages", "the last one must be the user's")
        return last


async def read_body(request: JsonRequest) -> ChatMessage | UIChat:
    """Decodes the AI SDK's body if it has message objects. msgspec has no union of two structs without a tag."""
    fields = await request.read(dict[str, Raw])
    is_object = bytes(fields.get("message", b"")).startswith(b"{")
    return await request.read(UIChat if is_object or "messages" in fields else ChatMessage)


def wants_stream(request: JsonRequest) -> bool:
    return request.accept.best_match(["application/json", EVENT_STREAM]) == EVENT_STREAM


@dataclass
class StreamedOperation(Operation):
    """Declares in the OpenAPI document that the response may also be a stream."""

    def __post_init__(self) -> None:
        description = "The turn as it happens: the AI SDK's UI message stream, version 1."
        answer = (self.responses or {})["200"]
        assert isinstance(answer, OpenAPIResponse)
        stream = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, description=description))
        answer.content = {**(answer.content or {}), EVENT_STREAM: stream}


@dataclass
class ChatOperation(StreamedOperation):
    """Declares both request bodies in the OpenAPI document, since Litestar sees only one type per body."""

    bodies: ClassVar[tuple[type[Struct], ...]] = (ChatMessage, UIChat)

    def __post_init__(self) -> None:
        super().__post_init__()
        schema = Schema(any_of=[Reference(f"#/components/schemas/{each.__name__}") for each in self.bodies])
        self.request_body = RequestBody({"application/json": OpenAPIMediaType(schema=schema)}, required=True)
