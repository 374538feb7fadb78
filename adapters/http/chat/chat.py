from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from adapters.http.chat.bodies import EVENT_STREAM, ChatOperation, StreamedOperation, UIChat, read_body, wants_stream
from adapters.http.chat.conversation_schemas import ConversationId
from adapters.http.chat.reply_schemas import ApprovalAnswer, ChatOut
from adapters.http.chat.stream import streamed
from adapters.http.errors import errors
from adapters.http.handlers.dependencies import Dependency
from adapters.http.handlers.idempotency import replay_headers
from adapters.http.internals.litestar_responses import JsonResponse
from adapters.http.schemas import StopOut, out
from adapters.http.server.concurrency_limits import LIMIT, RequestKind
from adapters.http.server.json_request import JsonRequest
from application.chat.chat import Chat
from application.chat.inputs import ChatMessage
from domain.accounts.account import Caller
from domain.chat.turn import Turn, TurnState
from domain.idempotency import Key

CHAT = "/api/users/{user_id:str}/chat"
ONE = f"{CHAT}/{{conversation_id:str}}"
MAX_BODY_BYTES = 4_000_000
"""The AI SDK sends the whole conversation each time."""
TURN = {200: ResponseSpec(ChatOut, generate_examples=False, description="The turn, when it is over")}
STREAM = {200: ResponseSpec(str, media_type=EVENT_STREAM, generate_examples=False, description="The running turn")}


class StopTurn(Struct, forbid_unknown_fields=True):
    turn_id: Annotated[
        str | None, Meta(description="Stop this turn only: another one that runs by now is left alone.")
    ] = None


class ChatController(Controller):
    tags = ("Chat",)

    @post(
        CHAT,
        status_code=200,
        summary="Tell the assistant something",
        operation_class=ChatOperation,
        opt={LIMIT: RequestKind.TURNS},
        request_max_body_size=MAX_BODY_BYTES,
        responses=TURN | errors(400, 401, 403, 404, 409, 413, 415, 422, 429, 502, 504),
    )
    async def send_message(
        self,
        request: JsonRequest,
        caller: Dependency[Caller],
        chat: Dependency[Chat],
        key: Dependency[Key | None],
    ) -> Response[Any]:
        """Waits for the answer. Instead, the answer is streamed if `Accept` is `text/event-stream`, or if the body has
        the form of the AI SDK.

        Closing the stream does not stop the turn.
        """
        body = await read_body(request)
        if isinstance(body, ChatMessage) and not wants_stream(request):
            reply = await chat.say(caller, body, key)
            return JsonResponse(out(reply, ChatOut), headers=replay_headers(reply.replayed))
        turn = await _start_turn(chat, caller, body, key)
        is_over, was_decided = turn.state is not TurnState.RUNNING, turn.was_just_decided()
        return streamed(chat.follow(turn), replayed=is_over, since_decision=was_decided)

    @post(
        f"{CHAT}/approvals/{{approval_id:str}}",
        status_code=200,
        summary="Answer what the assistant asked",
        operation_class=StreamedOperation,
        opt={LIMIT: RequestKind.TURNS},
        responses=TURN | errors(400, 401, 403, 404, 409, 413, 415, 422, 429, 502, 504),
    )
    async def answer_approval(
        self,
        request: JsonRequest,
        caller: Dependency[Caller],
        chat: Dependency[Chat],
        key: Dependency[Key | None],
        approval_id: FromPath[str],
        data: JSONBody[ApprovalAnswer],
    ) -> Response[Any]:
        """Lets the turn go on under its own id, with a yes or a no. The answer has the same form as that of the chat.

        A yes is good for ten minutes, once, for exactly the changes that were shown. If the tasks have changed since
        then, nothing is done, and the assistant says so.
        """
        turn = await chat.decide(caller, approval_id, data.approved, key)
        return await turn_response(request, chat, caller, turn)

    @get(
        f"{ONE}/stream",
        summary="Watch the running turn",
        opt={LIMIT: RequestKind.STREAMS},
        responses=STREAM | {204: ResponseSpec(None, description="No turn runs")} | errors(400, 401, 403, 429),
    )
    async def watch_turn(
        self, caller: Dependency[Caller], chat: Dependency[Chat], conversation_id: ConversationId
    ) -> Response[Any]:
        """Streams the turn from its beginning and then live, from any server. The AI SDK's `resume` reads this."""
        turn = await chat.running(caller, conversation_id)
        return streamed(chat.follow(turn)) if turn else JsonResponse(None, status_code=204)

    @post(f"{ONE}/stop", status_code=200, summary="Stop the running turn", responses=errors(400, 401, 403, 413, 415))
    async def stop_turn(
        self,
        caller: Dependency[Caller],
        chat: Dependency[Chat],
        conversation_id: ConversationId,
        data: JSONBody[StopTurn | None] = None,
    ) -> StopOut:
        """Stops the running turn. The text so far is kept, and no further tool runs."""
        stopped = await chat.stop(caller, conversation_id, data.turn_id if data else None)
        return StopOut("The turn is being stopped." if stopped else "No such turn runs.", stopped)

    @post(
        "/api/users/{user_id:str}/turns/{turn_id:str}/resume",
        status_code=200,
        summary="Go on with a turn that was cut off",
        operation_class=StreamedOperation,
        opt={LIMIT: RequestKind.TURNS},
        responses=TURN | errors(400, 401, 403, 404, 409, 429, 502, 504),
    )
    async def resume_turn(
        self,
        request: JsonRequest,
        caller: Dependency[Caller],
        chat: Dependency[Chat],
        turn_id: FromPath[str],
    ) -> Response[Any]:
        """Continues a turn after its last step, so that nothing is done twice. The answer has the same form as that of
        the chat. If the turn has ended, its answer is returned again."""
        if wants_stream(request):
            return streamed(chat.follow(await chat.resume(caller, turn_id)))
        return JsonResponse(out(await chat.resume_to_end(caller, turn_id), ChatOut))


async def _start_turn(chat: Chat, caller: Caller, body: ChatMessage | UIChat, key: Key | None) -> Turn:
    if isinstance(body, ChatMessage):
        return await chat.begin_in_background(caller, body, key)
    if decision := body.decision():
        return chat.started(caller, await chat.decide(caller, *decision, key))
    if body.trigger == "regenerate-message":
        return chat.started(caller, await chat.regenerate(caller, body.id, body.place(), key))
    edits = body.place() if body.message_id else None
    return await chat.begin_in_background(caller, body.newest(), key, client_id=body.client_id(), edits=edits)


async def turn_response(request: JsonRequest, chat: Chat, caller: Caller, turn: Turn) -> Response[Any]:
    """Runs the turn. Streams it if `Accept` asks for that, and otherwise waits for its end."""
    if wants_stream(request):
        return streamed(chat.follow(chat.started(caller, turn)))
    reply = await chat.reply(caller, turn)
    return JsonResponse(out(reply, ChatOut), headers=replay_headers(reply.replayed))
