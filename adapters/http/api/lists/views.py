from typing import Annotated

from litestar import Controller, Response, delete, get, patch, post
from litestar.params import JSONBody, PathParameter

from adapters.http.api.lists.parameters import InTrash
from adapters.http.api.lists.schemas import ViewOut, ViewsOut, view_out
from adapters.http.api.tasks.changes import After, Limit, page_out
from adapters.http.api.tasks.etags import IfNoneMatch, answer_unless_known, tag_headers
from adapters.http.api.tasks.event_schemas import EventPageOut
from adapters.http.api.tasks.tasks import NOT_MODIFIED
from adapters.http.errors import errors
from adapters.http.handlers.dependencies import Dependency
from adapters.http.handlers.idempotency import AnswerOnce
from adapters.http.schemas import MessageOut
from application.tasks.commands import Expected
from application.tasks.lists.inputs import ViewChanges, ViewDraft
from application.tasks.lists.views import Views
from application.tasks.log.change_log import ChangeLog
from domain.accounts.account import Caller
from domain.tasks.task import MAX_ID
from domain.tasks.view import View

VIEWS = "/api/users/{user_id:str}/views"
ONE = f"{VIEWS}/{{view_id:int}}"

ViewId = Annotated[int, PathParameter(ge=1, le=MAX_ID, description="The user's own number of the view.")]


class ViewController(Controller):
    tags = ("Lists, views, tags",)

    @get(VIEWS, summary="List the views", responses=errors(400, 401, 403))
    async def list_views(
        self, caller: Dependency[Caller], views: Dependency[Views], status: InTrash = "all"
    ) -> ViewsOut:
        """Returns the views in your order, or those in the trash, newest there first."""
        found = await (views.trashed(caller) if status == "trashed" else views.all(caller))
        return ViewsOut([view_out(each) for each in found])

    @post(VIEWS, summary="Add a view", responses=errors(400, 401, 403, 409, 413, 415, 422))
    async def create_view(
        self,
        caller: Dependency[Caller],
        views: Dependency[Views],
        answer_once: Dependency[AnswerOnce],
        data: JSONBody[ViewDraft],
    ) -> Response[ViewOut]:
        """Adds a view, behind the others. The filter is checked as that of a query: a list in it must exist. The status
        is 409 if another view has that name."""
        return await answer_once(lambda: views.add(caller, data), View, view_out, tag_headers)

    @get(ONE, summary="Get a view", responses=NOT_MODIFIED | errors(400, 401, 403, 404))
    async def get_view(
        self,
        caller: Dependency[Caller],
        views: Dependency[Views],
        view_id: ViewId,
        if_none_match: IfNoneMatch = None,
    ) -> Response[ViewOut]:
        """The status is 304 if `If-None-Match` has its `ETag`, and 404 if the view is in the trash."""
        return answer_unless_known(await views.get(caller, view_id), if_none_match, view_out)

    @patch(ONE, summary="Change a view", responses=errors(400, 401, 403, 404, 409, 412, 413, 415, 422))
    async def update_view(
        self,
        caller: Dependency[Caller],
        views: Dependency[Views],
        answer_once: Dependency[AnswerOnce],
        view_id: ViewId,
        expected: Dependency[Expected],
        data: JSONBody[ViewChanges],
    ) -> Response[ViewOut]:
        """Takes a merge patch (RFC 7396): an absent field keeps its value, and null clears `sort`. `before_id` or
        `after_id` moves the view. A filter that comes as it was shown may name lists that are gone."""
        return await answer_once(lambda: views.update(caller, view_id, data, expected), View, view_out, tag_headers)

    @delete(ONE, summary="Delete a view", status_code=200, responses=errors(400, 401, 403, 404, 412))
    async def delete_view(
        self,
        caller: Dependency[Caller],
        views: Dependency[Views],
        view_id: ViewId,
        expected: Dependency[Expected],
    ) -> MessageOut:
        """Moves the view to the trash. `status=trashed` lists it, and it can be restored until it is purged."""
        deleted = await views.delete(caller, view_id, expected)
        return MessageOut(f"View {deleted.id} is deleted.")

    @post(
        f"{ONE}/restore",
        summary="Take a view out of the trash",
        status_code=200,
        responses=errors(400, 401, 403, 404, 409, 422),
    )
    async def restore_view(
        self,
        caller: Dependency[Caller],
        views: Dependency[Views],
        answer_once: Dependency[AnswerOnce],
        view_id: ViewId,
    ) -> Response[ViewOut]:
        """Brings the view back. If its name is taken by now, it is called “Today (2)”. Idempotent."""
        return await answer_once(lambda: views.restore(caller, view_id), View, view_out, tag_headers)

    @get(f"{ONE}/events", summary="List the changes of a view", responses=errors(400, 401, 403, 404))
    async def list_view_events(
        self,
        caller: Dependency[Caller],
        change_log: Dependency[ChangeLog],
        view_id: ViewId,
        limit: Limit = 50,
        after: After = None,
    ) -> EventPageOut:
        """Returns the changes of the view, from the oldest that is still kept. It may be in the trash."""
        return page_out(await change_log.of_entity(caller, View, view_id, limit, after=after or 0), limit)
