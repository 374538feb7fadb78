from typing import Annotated

from litestar import Controller, Response, delete, get, patch, post
from litestar.params import JSONBody, PathParameter

from adapters.http.api.lists.parameters import InTrash
from adapters.http.api.lists.schemas import ListOut, ListsOut, list_out
from adapters.http.api.tasks.changes import After, Limit, page_out
from adapters.http.api.tasks.etags import IfNoneMatch, answer_unless_known, tag_headers
from adapters.http.api.tasks.event_schemas import EventPageOut
from adapters.http.api.tasks.tasks import NOT_MODIFIED
from adapters.http.errors import errors
from adapters.http.handlers.dependencies import Dependency
from adapters.http.handlers.idempotency import AnswerOnce
from adapters.http.schemas import MessageOut, out
from application.tasks.commands import Expected
from application.tasks.lists.inputs import ListChanges, ListDraft
from application.tasks.lists.lists import Lists
from application.tasks.log.change_log import ChangeLog
from domain.accounts.account import Caller
from domain.tasks.task import MAX_ID
from domain.tasks.task_list import TaskList

LISTS = "/api/users/{user_id:str}/lists"
ONE = f"{LISTS}/{{list_id:int}}"

ListId = Annotated[int, PathParameter(ge=1, le=MAX_ID, description="The user's own number of the list.")]


class ListController(Controller):
    tags = ("Lists, views, tags",)

    @get(LISTS, summary="List the lists", responses=errors(400, 401, 403))
    async def list_lists(
        self, caller: Dependency[Caller], lists: Dependency[Lists], status: InTrash = "all"
    ) -> ListsOut:
        """Returns the lists in your order, or those in the trash, newest there first."""
        found = await (lists.trashed(caller) if status == "trashed" else lists.all(caller))
        return ListsOut(out(found, list[ListOut]))

    @post(LISTS, summary="Add a list", responses=errors(400, 401, 403, 409, 413, 415, 422))
    async def create_list(
        self,
        caller: Dependency[Caller],
        lists: Dependency[Lists],
        answer_once: Dependency[AnswerOnce],
        data: JSONBody[ListDraft],
    ) -> Response[ListOut]:
        """Adds a list, behind the others. The status is 409 if another one has that name, compared without case and
        accents."""
        return await answer_once(lambda: lists.add(caller, data), TaskList, list_out, tag_headers)

    @get(ONE, summary="Get a list", responses=NOT_MODIFIED | errors(400, 401, 403, 404))
    async def get_list(
        self,
        caller: Dependency[Caller],
        lists: Dependency[Lists],
        list_id: ListId,
        if_none_match: IfNoneMatch = None,
    ) -> Response[ListOut]:
        """The status is 304 if `If-None-Match` has its `ETag`, and 404 if the list is in the trash."""
        return answer_unless_known(await lists.get(caller, list_id), if_none_match, list_out)

    @patch(ONE, summary="Change a list", responses=errors(400, 401, 403, 404, 409, 412, 413, 415, 422))
    async def update_list(
        self,
        caller: Dependency[Caller],
        lists: Dependency[Lists],
        answer_once: Dependency[AnswerOnce],
        list_id: ListId,
        expected: Dependency[Expected],
        data: JSONBody[ListChanges],
    ) -> Response[ListOut]:
        """Takes a merge patch (RFC 7396): an absent field keeps its value, and null clears the color. `before_id` or
        `after_id` moves the list. Views follow a new name."""
        return await answer_once(lambda: lists.update(caller, list_id, data, expected), TaskList, list_out, tag_headers)

    @delete(ONE, summary="Delete a list with its tasks", status_code=200, responses=errors(400, 401, 403, 404, 412))
    async def delete_list(
        self,
        caller: Dependency[Caller],
        lists: Dependency[Lists],
        list_id: ListId,
        expected: Dependency[Expected],
    ) -> MessageOut:
        """Moves the list and its tasks to the trash. `status=trashed` lists it, and it can be restored with those tasks
        until it is purged."""
        deleted = await lists.delete(caller, list_id, expected)
        return MessageOut(f"List {deleted.id} is deleted with its tasks.")

    @post(
        f"{ONE}/restore",
        summary="Take a list out of the trash",
        status_code=200,
        responses=errors(400, 401, 403, 404, 409, 422),
    )
    async def restore_list(
        self,
        caller: Dependency[Caller],
        lists: Dependency[Lists],
        answer_once: Dependency[AnswerOnce],
        list_id: ListId,
    ) -> Response[ListOut]:
        """Brings the list back, with the tasks that went into the trash with it. If its name is taken by now, it is
        called “Home (2)”. Idempotent."""
        return await answer_once(lambda: lists.restore(caller, list_id), TaskList, list_out, tag_headers)

    @get(f"{ONE}/events", summary="List the changes of a list", responses=errors(400, 401, 403, 404))
    async def list_list_events(
        self,
        caller: Dependency[Caller],
        change_log: Dependency[ChangeLog],
        list_id: ListId,
        limit: Limit = 50,
        after: After = None,
    ) -> EventPageOut:
        """Returns the changes of the list itself, from the oldest that is still kept. It may be in the trash."""
        return page_out(await change_log.of_entity(caller, TaskList, list_id, limit, after=after or 0), limit)
