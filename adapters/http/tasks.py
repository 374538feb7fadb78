from typing import Annotated

from litestar import Controller, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter, QueryParameter

from adapters.http.errors import errors
from adapters.http.idempotency import AnswerOnce
from adapters.http.schemas import MessageOut, TaskOut, TaskPageOut, out
from application.tasks import TaskChanges, TaskDraft, Tasks
from domain.account import Caller
from domain.errors import Invalid
from domain.task import Status

OFFSET_MOST = 10_000_000
ID_MOST = 2**53 - 1
LIST = "/api/users/{user_id:str}/tasks"
ONE = [f"{LIST}/{{task_id:int}}", "/api/tasks/{task_id:int}"]
COMPLETE = [f"{path}/complete" for path in ONE]
UNCOMPLETE = [f"{path}/uncomplete" for path in ONE]

TaskId = Annotated[int, PathParameter(ge=1, le=ID_MOST, description="The user's own number of the task.")]
Limit = Annotated[int, QueryParameter(ge=1, le=100, description="Tasks per page.")]
Offset = Annotated[int, QueryParameter(ge=0, le=OFFSET_MOST, description="Tasks to skip. `cursor` is faster.")]
Cursor = Annotated[str | None, QueryParameter(description="`next_cursor` of the page before.", required=False)]


class TaskController(Controller):
    tags = ("Tasks",)

    @get(LIST, summary="List tasks", responses=errors(400, 401, 403))
    async def list_tasks(
        self,
        caller: NamedDependency[Caller],
        tasks: NamedDependency[Tasks],
        limit: Limit = 50,
        offset: Offset = 0,
        cursor: Cursor = None,
        status: Annotated[Status, QueryParameter(description="Which tasks.")] = Status.ALL,
    ) -> TaskPageOut:
        """Newest first."""
        page = await tasks.page(caller, status, limit, offset=offset, before=_before(cursor, offset))
        following = None if page.next_cursor is None else str(page.next_cursor)
        return TaskPageOut(out(page.tasks, list[TaskOut]), page.total, offset, limit, following)

    @post(LIST, summary="Add a task", responses=errors(400, 401, 403, 409, 413, 415, 422))
    async def add_task(
        self,
        caller: NamedDependency[Caller],
        tasks: NamedDependency[Tasks],
        answer_once: NamedDependency[AnswerOnce],
        data: JSONBody[TaskDraft],
    ) -> Response[TaskOut]:
        return await answer_once(lambda: tasks.add(caller, data), TaskOut)

    @get(ONE, summary="Get a task", responses=errors(400, 401, 403, 404))
    async def get_task(
        self, caller: NamedDependency[Caller], tasks: NamedDependency[Tasks], task_id: TaskId
    ) -> TaskOut:
        return _out(await tasks.get(caller, task_id))

    @patch(ONE, summary="Change a task", responses=errors(400, 401, 403, 404, 413, 415))
    async def update_task(
        self,
        caller: NamedDependency[Caller],
        tasks: NamedDependency[Tasks],
        task_id: TaskId,
        data: JSONBody[TaskChanges],
    ) -> TaskOut:
        """A merge patch (RFC 7396): an absent field keeps its value, null clears it."""
        return _out(await tasks.update(caller, task_id, data))

    @delete(ONE, summary="Delete a task", status_code=200, responses=errors(400, 401, 403, 404))
    async def delete_task(
        self, caller: NamedDependency[Caller], tasks: NamedDependency[Tasks], task_id: TaskId
    ) -> MessageOut:
        task = await tasks.delete(caller, task_id)
        return MessageOut(f"Task {task.id} is deleted.")

    @patch(COMPLETE, summary="Mark a task as done", responses=errors(400, 401, 403, 404))
    async def complete_task(
        self, caller: NamedDependency[Caller], tasks: NamedDependency[Tasks], task_id: TaskId
    ) -> TaskOut:
        """Idempotent."""
        return _out(await tasks.complete(caller, task_id))

    @patch(UNCOMPLETE, summary="Mark a task as not done", responses=errors(400, 401, 403, 404))
    async def uncomplete_task(
        self, caller: NamedDependency[Caller], tasks: NamedDependency[Tasks], task_id: TaskId
    ) -> TaskOut:
        """Idempotent."""
        return _out(await tasks.uncomplete(caller, task_id))


def _out(task: object) -> TaskOut:
    converted: TaskOut = out(task, TaskOut)
    return converted


def _before(cursor: str | None, offset: int) -> int | None:
    if cursor is None:
        return None
    if not (cursor.isascii() and cursor.isdecimal() and 0 < int(cursor[:20]) <= ID_MOST):
        raise Invalid.field("cursor", "must be the next_cursor of a page")
    if offset:
        raise Invalid.field("offset", "give either offset or cursor")
    return int(cursor)
