from typing import Annotated, Literal

from litestar import Controller, Response, get, post
from litestar.params import FromPath, PathParameter, QueryParameter

from adapters.http.api.tasks.event_schemas import DeltaOut, EventPageOut, UndoneOut, delta_out, event_out, undone_out
from adapters.http.api.tasks.tasks import LIST, TaskId
from adapters.http.errors import errors
from adapters.http.handlers.dependencies import Dependency
from adapters.http.handlers.idempotency import AnswerOnce
from application.tasks.log.change_log import ChangeLog, EventPage
from application.tasks.log.undo import Undo
from application.tasks.results import UndoneEntities, undone_entities
from domain.accounts.account import Caller
from domain.tasks.task import MAX_ID, Task

EVENTS = "/api/users/{user_id:str}/events"

Limit = Annotated[int, QueryParameter(ge=1, le=100, description="Changes per page.")]
SyncLimit = Annotated[int, QueryParameter(ge=1, le=1_000, description="Tasks per page.")]
After = Annotated[
    int | None,
    QueryParameter(
        ge=0, le=MAX_ID, required=False, description="Only changes after this revision.", schema_extra={"minimum": 0}
    ),
]
Before = Annotated[
    int | None, QueryParameter(ge=1, le=MAX_ID, required=False, description="Only changes before this revision.")
]
Revision = Annotated[int, PathParameter(ge=1, le=MAX_ID, description="The revision of the change.")]
Token = Annotated[str | None, QueryParameter(required=False, description="`next_token` of the previous call.")]


class ChangeController(Controller):
    tags = ("Changes",)

    @get(EVENTS, summary="List changes", responses=errors(400, 401, 403, 410))
    async def list_events(
        self,
        caller: Dependency[Caller],
        change_log: Dependency[ChangeLog],
        limit: Limit = 50,
        after: After = None,
        before: Before = None,
        order: Annotated[Literal["oldest", "newest"], QueryParameter(description="Which come first.")] = "oldest",
    ) -> EventPageOut:
        """Returns every change of your tasks, by you or by a program or assistant of yours."""
        newest_first = order == "newest"
        page = await change_log.page(caller, limit, after=after, before=before, newest_first=newest_first)
        return page_out(page, limit)

    @get(f"{LIST}/{{task_id:int}}/events", summary="List the changes of a task", responses=errors(400, 401, 403, 404))
    async def list_task_events(
        self,
        caller: Dependency[Caller],
        change_log: Dependency[ChangeLog],
        task_id: TaskId,
        limit: Limit = 50,
        after: After = None,
    ) -> EventPageOut:
        """Returns the changes from the oldest that is still kept. The task may be in the trash."""
        return page_out(await change_log.of_entity(caller, Task, task_id, limit, after=after or 0), limit)

    @get("/api/users/{user_id:str}/sync", summary="Get what has changed", responses=errors(400, 401, 403, 410))
    async def sync_tasks(
        self,
        caller: Dependency[Caller],
        change_log: Dependency[ChangeLog],
        token: Token = None,
        limit: SyncLimit = 200,
    ) -> DeltaOut:
        """Returns what has changed since your token, in pages. Without a token, returns everything.

        Apply the pages in order. A task may come again in a later page, in a newer state.

        The status is 410 if the log no longer goes back to your token. Then delete your copy and start without a token.
        """
        return delta_out(await change_log.sync(caller, token, limit))

    @post(
        f"{EVENTS}/{{revision:int}}/undo",
        status_code=200,
        summary="Undo a change",
        responses=errors(400, 401, 403, 404, 409, 410, 422),
    )
    async def undo_event(
        self,
        caller: Dependency[Caller],
        undo: Dependency[Undo],
        answer_once: Dependency[AnswerOnce],
        revision: Revision,
    ) -> Response[UndoneOut]:
        """Undoes this change and those that were made together with it. The undo is itself a change, which can be
        undone.

        The status is 409, and nothing is undone, if one of these tasks has been changed since.
        """

        async def run() -> UndoneEntities:
            return undone_entities(await undo.event(caller, revision))

        return await answer_once(run, UndoneEntities, undone_out)

    @post(
        "/api/users/{user_id:str}/turns/{turn_id:str}/undo",
        status_code=200,
        summary="Undo what a chat turn did",
        responses=errors(400, 401, 403, 404, 409, 422),
    )
    async def undo_turn(
        self,
        caller: Dependency[Caller],
        undo: Dependency[Undo],
        answer_once: Dependency[AnswerOnce],
        turn_id: FromPath[str],
    ) -> Response[UndoneOut]:
        """Undoes all that the turn did, or nothing: a 409 names a task that has changed since."""

        async def run() -> UndoneEntities:
            return undone_entities(await undo.turn(caller, turn_id))

        return await answer_once(run, UndoneEntities, undone_out)


def page_out(page: EventPage, limit: int) -> EventPageOut:
    return EventPageOut([event_out(event) for event in page.events], limit, page.next_cursor)
