from typing import Annotated

from litestar import Controller, Response, delete, get, patch, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody, PathParameter
from msgspec import UNSET, Struct, UnsetType

from adapters.http.api.tasks import search_parameters as parameters
from adapters.http.api.tasks.etags import IfNoneMatch, answer_unless_known, tag_headers
from adapters.http.errors import errors
from adapters.http.handlers.dependencies import Dependency
from adapters.http.handlers.idempotency import AnswerOnce
from adapters.http.schemas import MessageOut, TaskOut, TaskPageOut, task_out
from application.tasks.commands import Expected, Occurrence
from application.tasks.inputs import TaskChanges, TaskDraft
from application.tasks.query import TaskSearch
from application.tasks.use_cases import Tasks
from domain.accounts.account import Caller
from domain.tasks.task import MAX_ID, Task

LIST = "/api/users/{user_id:str}/tasks"
ONE = [f"{LIST}/{{task_id:int}}", "/api/tasks/{task_id:int}"]
COMPLETE = [f"{path}/complete" for path in ONE]
SKIP = [f"{path}/skip" for path in ONE]
UNCOMPLETE = [f"{path}/uncomplete" for path in ONE]
RESTORE = [f"{path}/restore" for path in ONE]
CHANGING = errors(400, 401, 403, 404, 409, 412, 415, 422)
NOT_MODIFIED = {304: ResponseSpec(None, description="It is still as you have it")}

TaskId = Annotated[int, PathParameter(ge=1, le=MAX_ID, description="The user's own number of the task.")]


class OccurrenceIn(Struct, forbid_unknown_fields=True):
    occurrence: Occurrence | UnsetType = UNSET


class TaskController(Controller):
    tags = ("Tasks",)

    @get(LIST, summary="List tasks", responses=errors(400, 401, 403))
    async def list_tasks(
        self,
        caller: Dependency[Caller],
        tasks: Dependency[Tasks],
        status: parameters.State = None,
        list_: parameters.InList = None,
        parent: parameters.Parent = None,
        tag: parameters.Tag = None,
        priority: parameters.WithPriority = None,
        due_before: parameters.DueBefore = None,
        due_after: parameters.DueAfter = None,
        q: parameters.Words = None,
        filter_: parameters.FilterText = None,
        sort: parameters.Sort = None,
        limit: parameters.Limit = 50,
        offset: parameters.Offset = 0,
        cursor: parameters.Cursor = None,
    ) -> TaskPageOut:
        """Returns the tasks that meet all conditions, a page at a time. Subtasks are found by themselves."""
        asked = TaskSearch(
            status=status,
            list=list_,
            parent=parent,
            tag=tuple(tag or ()),
            priority=priority,
            due_before=due_before,
            due_after=due_after,
            q=q,
            filter=filter_,
            sort=sort,
            limit=limit,
            cursor=cursor,
            offset=offset,
        )
        page = await tasks.search(caller, asked)
        shown, total = [task_out(task) for task in page.tasks], page.total
        return TaskPageOut(shown, total.count, offset, limit, page.next_cursor, total.is_exact)

    @post(LIST, summary="Add a task", responses=errors(400, 401, 403, 409, 413, 415, 422))
    async def create_task(
        self,
        caller: Dependency[Caller],
        tasks: Dependency[Tasks],
        answer_once: Dependency[AnswerOnce],
        data: JSONBody[TaskDraft],
    ) -> Response[TaskOut]:
        """Adds a task, which gets the next of your numbers."""
        return await answer_once(lambda: tasks.add(caller, data), Task, task_out)

    @get(ONE, summary="Get a task", responses=NOT_MODIFIED | errors(400, 401, 403, 404))
    async def get_task(
        self,
        caller: Dependency[Caller],
        tasks: Dependency[Tasks],
        task_id: TaskId,
        if_none_match: IfNoneMatch = None,
    ) -> Response[TaskOut]:
        """The status is 304 if `If-None-Match` has its `ETag`, and 404 if the task is in the trash."""
        return answer_unless_known(await tasks.get(caller, task_id), if_none_match, task_out)

    @patch(ONE, summary="Change a task", responses=errors(400, 401, 403, 404, 409, 412, 413, 415, 422))
    async def update_task(
        self,
        caller: Dependency[Caller],
        tasks: Dependency[Tasks],
        answer_once: Dependency[AnswerOnce],
        task_id: TaskId,
        expected: Dependency[Expected],
        data: JSONBody[TaskChanges],
    ) -> Response[TaskOut]:
        """Takes a merge patch (RFC 7396): an absent field keeps its value, null clears it. `completed: true` completes
        the task, after the other fields are set."""
        return await answer_once(lambda: tasks.update(caller, task_id, data, expected), Task, task_out, tag_headers)

    @delete(ONE, summary="Delete a task", status_code=200, responses=errors(400, 401, 403, 404, 412))
    async def delete_task(
        self,
        caller: Dependency[Caller],
        tasks: Dependency[Tasks],
        task_id: TaskId,
        expected: Dependency[Expected],
    ) -> MessageOut:
        """Moves the task to the trash. `status=trashed` lists it, and it can be restored until it is purged."""
        task = await tasks.delete(caller, task_id, expected)
        return MessageOut(f"Task {task.id} is deleted.")

    @post(
        RESTORE,
        summary="Take a task out of the trash",
        status_code=200,
        responses=errors(400, 401, 403, 404, 409, 422),
    )
    async def restore_task(
        self,
        caller: Dependency[Caller],
        tasks: Dependency[Tasks],
        answer_once: Dependency[AnswerOnce],
        task_id: TaskId,
    ) -> Response[TaskOut]:
        """Brings the task back as it was. Idempotent."""
        return await answer_once(lambda: tasks.restore(caller, task_id), Task, task_out)

    @patch(COMPLETE, summary="Mark a task as done", responses=CHANGING)
    async def complete_task(
        self,
        caller: Dependency[Caller],
        tasks: Dependency[Tasks],
        answer_once: Dependency[AnswerOnce],
        task_id: TaskId,
        expected: Dependency[Expected],
        data: JSONBody[OccurrenceIn | None] = None,
    ) -> Response[TaskOut]:
        """Marks the task as done, with its subtasks. A task that is done stays so.

        A recurring task moves on to its next date and stays open: send `occurrence` or an `Idempotency-Key`, so that a
        retry does not complete the next one too. What was done is kept as a completed task with `occurrence_of`.
        """
        occurrence = data.occurrence if data else UNSET
        return await answer_once(
            lambda: tasks.complete(caller, task_id, expected, occurrence), Task, task_out, tag_headers
        )

    @patch(SKIP, summary="Skip a date of a recurring task", responses=CHANGING)
    async def skip_task(
        self,
        caller: Dependency[Caller],
        tasks: Dependency[Tasks],
        answer_once: Dependency[AnswerOnce],
        task_id: TaskId,
        expected: Dependency[Expected],
        data: JSONBody[OccurrenceIn | None] = None,
    ) -> Response[TaskOut]:
        """Moves the task on to its next date, and nothing counts as done. The status is 409 if there is none."""
        occurrence = data.occurrence if data else UNSET
        return await answer_once(lambda: tasks.skip(caller, task_id, expected, occurrence), Task, task_out, tag_headers)

    @patch(UNCOMPLETE, summary="Mark a task as not done", responses=CHANGING)
    async def uncomplete_task(
        self,
        caller: Dependency[Caller],
        tasks: Dependency[Tasks],
        answer_once: Dependency[AnswerOnce],
        task_id: TaskId,
        expected: Dependency[Expected],
    ) -> Response[TaskOut]:
        """Marks the task as not done, and those above it. Idempotent.

        An occurrence of a recurring task is taken back: the answer is the recurring task, which has that date again.
        The status is 409 if it has changed since.
        """
        return await answer_once(lambda: tasks.uncomplete(caller, task_id, expected), Task, task_out, tag_headers)
