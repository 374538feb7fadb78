from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from adapters.http.errors import errors
from adapters.http.schemas import ChatOut, out
from application.chat import Chat, ChatMessage
from domain.account import Caller


class ChatController(Controller):
    tags = ("Chat",)

    @post(
        "/api/users/{user_id:str}/chat",
        status_code=200,
        summary="Tell the assistant something",
        responses=errors(400, 401, 403, 404, 413, 415, 429, 502, 504),
    )
    async def say(
        self, caller: NamedDependency[Caller], chat: NamedDependency[Chat], data: JSONBody[ChatMessage]
    ) -> ChatOut:
        reply: ChatOut = out(await chat.say(caller, data), ChatOut)
        return reply
