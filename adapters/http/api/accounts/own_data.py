"""The download of everything that is kept of a user."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated

import msgspec
from litestar import Controller, get
from litestar.openapi.datastructures import ResponseSpec
from litestar.response import Stream
from msgspec import Meta, Struct

from adapters.http.api.tasks.event_schemas import EventOut, event_out
from adapters.http.api.tasks.export_documents import Lists, Tasks, Views, sections
from adapters.http.api.webhook_schemas import WebhookOut
from adapters.http.chat.conversation_export import exported as exported_conversation
from adapters.http.chat.conversation_schemas import KeptConversationOut
from adapters.http.errors import errors
from adapters.http.handlers.dependencies import Dependency
from adapters.http.handlers.downloads import EXPORT, download
from adapters.http.handlers.json_stream import Pieces, json_array, json_array_of, json_object
from adapters.http.schemas import Time, UserOut, out
from application.accounts.accounts import Accounts
from application.chat.conversations import Conversations
from application.ports import Clock, ConversationCursor
from application.tasks.files.formats.own.shapes import VERSION
from application.tasks.import_export import ImportExport
from application.tasks.log.change_log import ChangeLog
from application.webhooks.webhooks import Webhooks
from domain.accounts.account import Caller

PAGE = 100


class OwnDataOut(Struct):
    version: Annotated[int, Meta(description="The version of the format.", examples=[VERSION])]
    exported_at: Time
    account: UserOut
    webhooks: list[WebhookOut]
    lists: Lists
    views: Views
    tasks: Tasks
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
        """Returns everything as JSON, without passwords and secrets. Its `tasks`, `lists` and `views` can be
        imported again."""
        caller.check_is_user()
        account = out(await accounts.me(caller), UserOut)
        now, hooks = clock(), out(await webhooks.all(caller), list[WebhookOut])
        parts = {
            **sections(caller, import_export),
            "conversations": json_array_of(_conversations(caller, conversations)),
            "events": json_array(_events(caller, change_log)),
        }
        frame = msgspec.structs.asdict(OwnDataOut(VERSION, now, account, hooks, [], [], [], [], []))
        return download(json_object(frame | parts), f"tasktalk-everything-{now:%Y-%m-%d}")


async def _events(caller: Caller, change_log: ChangeLog) -> AsyncIterator[Sequence[EventOut]]:
    after: int | None = 0
    while after is not None:
        page = await change_log.page(caller, PAGE, after=after)
        yield [event_out(event) for event in page.events]
        after = page.next_cursor


async def _conversations(caller: Caller, conversations: Conversations) -> AsyncIterator[Pieces]:
    before: ConversationCursor | None = None
    is_more = True
    while is_more:
        page = await conversations.page(caller, PAGE, before, include_deleted=True)
        for conversation in page.conversations:
            messages, deleted = conversations.export(conversation), conversations.deleted_messages(conversation)
            yield exported_conversation(conversation, messages, deleted)
        before, is_more = page.next_cursor, page.next_cursor is not None
