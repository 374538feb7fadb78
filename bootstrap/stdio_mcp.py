"""MCP over standard input and output, for clients that start a command of their own."""

import logging

from mcp.server.stdio import stdio_server
from starlette.requests import Request

from adapters.mcp.server import task_server
from bootstrap.asgi import close
from bootstrap.configuration.settings import Settings
from bootstrap.container import Container
from bootstrap.terminal_chat import LOCAL_USER
from domain.accounts.account import Caller

log = logging.getLogger(__name__)


async def serve(settings: Settings, token: str | None) -> None:
    """Serves until the client closes the input. The token is checked at each call, so revoking it takes effect. Raises
    `NotAuthenticated` at once if the token is not valid at the start."""
    container = Container(settings=settings)
    authenticator = container.authenticator()

    async def caller_of(_: Request | None) -> Caller:
        return await authenticator.authenticate(token) if token else Caller(LOCAL_USER)

    try:
        caller = await caller_of(None)
        if not token:
            await container.accounts().provision(caller.user_id)
        server = task_server(
            container.toolbox(), container.once(), container.call_approvals(), container.tasks(), caller_of
        )
        async with stdio_server() as (read, write):
            log.info("serving MCP to %s", caller.user_id)
            await server.run(read, write, server.create_initialization_options())
    finally:
        await close(container)
