"""What a chat may be told: our own body, or the one that the AI SDK's `useChat` sends."""

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

from adapters.http.json_request import JsonRequest
from application.chat import ChatMessage
from domain.errors import Invalid

EVENT_STREAM = "text/event-stream"


class UIPart(Struct):
    """`text` is that of a part of type `text`; other parts are not looked at."""

    type: str
    text: str = ""


class UIMessage(Struct):
    role: str
    parts: list[UIPart] = []


class UIChat(Struct, rename={"message_id": "messageId"}):
    """The AI SDK's own body; further fields are ignored.

    Only the last message's text is believed, and it must be the user's: what was said before is in the database.
    """

    id: Annotated[str, Meta(description="The conversation; it is started where there is none of this id.")]
    messages: list[UIMessage]
    trigger: Literal["submit-message", "regenerate-message"] = "submit-message"
    message_id: Annotated[str | None, Meta(description="Which answer to give anew; without one, the last.")] = None

    def newest(self) -> ChatMessage:
        """Raises `Invalid`. An older message is not taken up: what it asked for may be done."""
        if not self.messages or self.messages[-1].role != "user":
            raise Invalid.field("messages", "the last one must be the user's")
        return ChatMessage("".join(part.text for part in self.messages[-1].parts if part.type == "text"), self.id)


async def read_body(request: JsonRequest) -> ChatMessage | UIChat:
    """msgspec knows no union of two structs without a tag: the SDK's is the one with `messages`."""
    fields = await request.read(dict[str, Raw])
    return await request.read(UIChat if "messages" in fields else ChatMessage)


def wants_stream(request: JsonRequest) -> bool:
    return request.accept.best_match(["application/json", EVENT_STREAM]) == EVENT_STREAM


@dataclass
class StreamedOperation(Operation):
    """Says that the answer may also be a stream."""

    def __post_init__(self) -> None:
        description = "The turn as it happens: the AI SDK's UI message stream, version 1."
        answer = (self.responses or {})["200"]
        assert isinstance(answer, OpenAPIResponse)
        stream = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, description=description))
        answer.content = {**(answer.content or {}), EVENT_STREAM: stream}


@dataclass
class ChatOperation(StreamedOperation):
    """Says which bodies are read; Litestar sees one type per body only."""

    bodies: ClassVar[tuple[type[Struct], ...]] = (ChatMessage, UIChat)

    def __post_init__(self) -> None:
        super().__post_init__()
        schema = Schema(any_of=[Reference(f"#/components/schemas/{each.__name__}") for each in self.bodies])
        self.request_body = RequestBody({"application/json": OpenAPIMediaType(schema=schema)}, required=True)
