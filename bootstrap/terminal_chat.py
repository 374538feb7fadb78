import httpx2

from application.chat.inputs import ChatMessage
from bootstrap.asgi import close
from bootstrap.configuration.settings import Settings
from bootstrap.container import Container
from domain.accounts.account import Caller
from domain.errors import Refusal

LOCAL_USER = "local"
"""The user of this machine without an account. Signing in as this user is not possible."""


async def in_process(settings: Settings, message: str) -> str:
    container = Container(settings=settings)
    try:
        await container.accounts().provision(LOCAL_USER)
        reply = await container.chat().say(Caller(LOCAL_USER), ChatMessage(message))
    finally:
        await close(container)
    return reply.response


def over_http(server: str, token: str | None, message: str) -> str:
    """Raises `Refusal` with the server's message."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        with httpx2.Client(base_url=server, headers=headers, timeout=120) as client:
            answer = client.post("/api/users/me/chat", json={"message": message})
        body = answer.json()
        if answer.is_error:
            raise Refusal(body["detail"]["message"])
        return str(body["response"])
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, KeyError, TypeError) as error:
        raise Refusal(f"No tasktalk server answers at {server} ({type(error).__name__}).") from None
