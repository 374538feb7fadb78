"""The download of everything that is kept of a user."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated

import msgspec
from litestar import Controller, get
from litestar.openapi.datastructures import ResponseSpec
from litestar.response import Stream
from msgspec import Meta, Struct

from adapters.http.api.tasks.event_schemas import EventOut, event_out
from adapters.http.api.webhook_schemas import WebhookOut
from adapters.http.chat.conversation_schemas import KeptConversationOut
from adapters.http.chat.conversations import exported as exported_conversation
from adapters.http.errors import errors
from adapters.http.handlers.dependencies import Dependency
from adapters.http.handlers.downloads import EXPORT, download
from adapters.http.schemas import TaskOut, Time, UserOut, out
from application.accounts.accounts import Accounts
from application.chat.conversations import Conversations
from application.ports import Clock, ConversationCursor
from application.tasks.change_log import ChangeLog
from application.tasks.import_export import VERSION, ImportExport
from application.webhooks.webhooks import Webhooks
from domain.accounts.account import Caller

PAGE = 100


class OwnDataOut(Struct):
    version: Annotated[int, Meta(description="The version of the format.", examples=[VERSION])]
    exported_at: Time
    account: UserOut
    webhooks: list[WebhookOut]
    tasks: Annotated[list[TaskOut], Meta(description="Oldest first, those in the trash too.")]
    conversations: Annotated[
        list[KeptConversationOut], Meta(description="Newest activity first; deleted ones until they are purged.")
    ]
    events: Annotated[list[EventOut], Meta(description="Every change that is still kept, oldest first.")]


OWN_DATA = {200: ResponseSpec(OwnDataOut, generate_examples=False, description="Everything")}


class OwnDataController(Controller):
    path = "/api/auth/me/export"
    tags = ("Accounts",)

    @get(summary="Download everything", opt=EXPORT, responses=OWN_DATA | errors(401, 403, 429))
    async def export_account(
        self,
        caller: Dependency[Caller],
        accounts: Dependency[Accounts],
        webhooks: Dependency[Webhooks],
        import_export: Dependency[ImportExport],
        conversations: Dependency[Conversations],
        change_log: Dependency[ChangeLog],
        clock: Dependency[Clock],
    ) -> Stream:
        """Returns everything as JSON, without passwords and secrets. Its `tasks` can be imported again."""
        caller.check_is_user()
        account = out(await accounts.me(caller), UserOut)
        now, hooks = clock(), out(await webhooks.all(caller), list[WebhookOut])
        sections = {
            "tasks": _listed(out(page, list[TaskOut]) async for page in import_export.export(caller)),
            "conversations": _conversations(caller, conversations),
            "events": _listed(_events(caller, change_log)),
        }
        content = _exported(OwnDataOut(VERSION, now, account, hooks, [], [], []), sections)
        return download(content, f"tasktalk-everything-{now:%Y-%m-%d}")


async def _exported(frame: OwnDataOut, sections: dict[str, AsyncIterator[bytes]]) -> AsyncIterator[bytes]:
    """Yields the bytes that encoding an `OwnDataOut` would give. Only one page at a time is in memory."""
    head = msgspec.json.encode(frame)
    yield head[: head.rindex(b',"tasks":')]
    for name, pieces in sections.items():
        yield f',"{name}":['.encode()
        async for piece in pieces:
            yield piece
        yield b"]"
    yield b"}"


async def _listed(pages: AsyncIterator[Sequence[Struct]]) -> AsyncIterator[bytes]:
    separator = b""
    async for page in pages:
        if page:
            yield separator + msgspec.json.encode(page)[1:-1]
            separator = b","


async def _events(caller: Caller, change_log: ChangeLog) -> AsyncIterator[Sequence[EventOut]]:
    after: int | None = 0
    while after is not None:
        page = await change_log.page(caller, PAGE, after=after)
        yield [event_out(event) for event in page.events]
        after = page.next_cursor


async def _conversations(caller: Caller, conversations: Conversations) -> AsyncIterator[bytes]:
    separator, is_more = b"", True
    before: ConversationCursor | None = None
    while is_more:
        page = await conversations.page(caller, PAGE, before, include_deleted=True)
        for conversation in page.conversations:
            yield separator
            messages, deleted = conversations.export(conversation), conversations.deleted_messages(conversation)
            async for piece in exported_conversation(conversation, messages, deleted):
                yield piece
            separator = b","
        before, is_more = page.next_cursor, page.next_cursor is not None
