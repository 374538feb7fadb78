from datetime import datetime
from typing import Annotated

from litestar import Controller, delete, get
from litestar.params import FromPath
from msgspec import Meta, Struct

from adapters.http.errors import errors
from adapters.http.handlers.dependencies import Dependency
from adapters.http.schemas import MessageOut, Time
from application.oauth.connections import Connections
from domain.accounts.account import Caller, Scope
from domain.oauth.connections import Connection

LIST = "/api/users/{user_id:str}/connections"
ONE = f"{LIST}/{{connection_id:str}}"


class ConnectionOut(Struct):
    """An app that a user has connected by signing in, such as Claude or ChatGPT."""

    id: str
    name: Annotated[str, Meta(description="As the app calls itself.", examples=["Claude"])]
    host: Annotated[str, Meta(description="Where the user was sent back to.", examples=["claude.ai"])]
    scopes: Annotated[list[Scope], Meta(description="What it may do.", examples=[["tasks:read"]])]
    created_at: Time
    last_used_at: Annotated[Time | None, Meta(description="Right to within a minute.")]
    expires_at: Annotated[Time, Meta(description="When it ends if it is not used until then.")]


class ConnectionsOut(Struct):
    connections: list[ConnectionOut]


def shown(connection: Connection) -> ConnectionOut:
    times: tuple[datetime, datetime | None, datetime] = (
        connection.created_at,
        connection.last_used_at,
        connection.expires_at,
    )
    return ConnectionOut(connection.id, connection.client_name, connection.host, sorted(connection.scopes), *times)


class ConnectionController(Controller):
    tags = ("Connections",)

    @get(LIST, summary="List connected apps", responses=errors(400, 401, 403))
    async def list_connections(
        self, caller: Dependency[Caller], connections: Dependency[Connections]
    ) -> ConnectionsOut:
        """Returns the apps that can use the account, oldest first. No API token and no app may call this."""
        return ConnectionsOut([shown(each) for each in await connections.all(caller)])

    @delete(ONE, summary="End a connection", status_code=200, responses=errors(400, 401, 403, 404))
    async def revoke_connection(
        self, caller: Dependency[Caller], connections: Dependency[Connections], connection_id: FromPath[str]
    ) -> MessageOut:
        """Every server refuses the app within a minute. No API token and no app may call this."""
        await connections.end(caller, connection_id)
        return MessageOut("The connection has ended: within a minute the app can't see or change anything.")
