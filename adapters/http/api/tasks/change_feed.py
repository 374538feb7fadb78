"""The log of changes as server-sent events (WHATWG HTML, 9.2), whose ids are revisions."""

import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import Annotated

import msgspec
from litestar import Controller, get
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter, QueryParameter
from litestar.response import Stream

from adapters.http.api.tasks.changes import EVENTS
from adapters.http.api.tasks.event_schemas import event_out
from adapters.http.chat.bodies import EVENT_STREAM
from adapters.http.errors import errors
from adapters.http.handlers.dependencies import Dependency
from adapters.http.server.authentication import TokenIsValid
from adapters.http.server.concurrency_limits import LIMIT, RequestKind
from application.tasks.log.change_log import ChangeLog
from domain.accounts.account import Caller
from domain.errors import Invalid
from domain.reminders.ring import REMINDER
from domain.tasks.changes import Event
from domain.tasks.task import MAX_ID

MAX_SECONDS = 900.0
"""A feed ends after this time. Its client reconnects with the last id, so its token is checked again and a server that
shuts down loses its feeds."""
HEADERS = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}
FEED = {200: ResponseSpec(str, media_type=EVENT_STREAM, generate_examples=False, description="Changes as they happen")}

encoder = msgspec.json.Encoder()

After = Annotated[
    int | None,
    QueryParameter(
        ge=0,
        le=MAX_ID,
        required=False,
        description="Begin behind this revision; else now.",
        schema_extra={"minimum": 0},
    ),
]
LastEventId = Annotated[
    str | None,
    HeaderParameter(
        name="Last-Event-ID",
        required=False,
        description="As `after`; what an EventSource sends itself.",
        schema_extra={"pattern": "^[0-9]{1,15}$"},
    ),
]
Events = AsyncGenerator[Sequence[Event], None]


class ChangeFeedController(Controller):
    tags = ("Changes",)

    @get(
        f"{EVENTS}/stream",
        summary="Watch changes",
        opt={LIMIT: RequestKind.STREAMS},
        responses=FEED | errors(400, 401, 403, 410, 429),
    )
    async def watch_events(
        self,
        caller: Dependency[Caller],
        change_log: Dependency[ChangeLog],
        token_is_valid: Dependency[TokenIsValid],
        after: After = None,
        last_event_id: LastEventId = None,
    ) -> Stream:
        """Sends server-sent events named `change`, and `reminder` if one rang, in the form of `GET …/events`, with the
        revision as their id.

        A client that reconnects with the last id misses nothing. A client that reads nothing is disconnected after a
        while, and one whose token is revoked or expires is disconnected within a minute.
        """
        changes = change_log.follow(caller, after if last_event_id is None else _revision(last_event_id))
        nothing: list[Event] = []  # no tuple: CPython would take that for an exception's arguments
        first = await anext(changes, nothing)
        return Stream(frames(first, changes, token_is_valid), media_type=EVENT_STREAM, headers=HEADERS)


async def frames(
    first: Sequence[Event], changes: Events, token_is_valid: TokenIsValid, clock: Callable[[], float] = time.monotonic
) -> AsyncGenerator[bytes, None]:
    ends_at = clock() + MAX_SECONDS
    async with aclosing(changes):
        yield b": watching\n\n" + _frame(first)
        async for events in changes:
            if not await token_is_valid():
                return
            yield _frame(events) or b": ping\n\n"
            if clock() >= ends_at:
                return


def _frame(events: Sequence[Event]) -> bytes:
    shown = ((event.revision, _name(event), encoder.encode(event_out(event))) for event in events)
    return b"".join(b"id: %d\nevent: %b\ndata: %b\n\n" % each for each in shown)


def _name(event: Event) -> bytes:
    """Returns another name for reminders that rang, so that a client that knows only changes passes over them."""
    return b"reminder" if event.entity == REMINDER else b"change"


def _revision(last_event_id: str) -> int:
    if not (last_event_id.isascii() and last_event_id.isdecimal() and len(last_event_id) <= 15):
        raise Invalid.field("Last-Event-ID", "must be the id of an event, or leave it out")
    return int(last_event_id)
