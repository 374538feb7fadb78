from typing import Annotated, Any

from litestar import Controller, Response, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody
from msgspec import UNSET, Meta, Struct, UnsetType, defstruct
from msgspec.structs import fields

from adapters.http.api.tasks.tasks import LIST
from adapters.http.errors import errors
from adapters.http.handlers.dependencies import Dependency
from adapters.http.handlers.idempotency import AnswerOnce
from adapters.http.internals.litestar_responses import JsonResponse
from adapters.http.schemas import TaskOut, out
from application.tasks.quick_add import QuickAdded, QuickAddLine, QuickAddTasks, UnderstoodPart
from domain.accounts.account import Caller

NUMBERS = ("id", "revision", "position")
"""What a task has only when it is stored."""
TaskPreviewOut: Any = defstruct(
    "TaskPreviewOut", [(each.name, each.type) for each in fields(TaskOut) if each.name not in NUMBERS]
)


class UnderstoodOut(Struct, omit_defaults=True):
    """A part of the text. What is read of one field may stand in several places, and one place may be of several
    fields."""

    field: Annotated[str, Meta(description="A field of a task; `list` for `list_id`.", examples=["list"])]
    value: Annotated[str | None, Meta(examples=["Home"])]
    start: Annotated[int, Meta(description="In code points, from 0.", examples=[9])]
    end: Annotated[int, Meta(examples=[14])]
    new: Annotated[bool | UnsetType, Meta(description="True: the list is made with the task.")] = UNSET
    archived: Annotated[bool | UnsetType, Meta(description="True: filters leave this list out.")] = UNSET


class QuickAddOut(Struct):
    task: TaskOut
    understood: list[UnderstoodOut]


class QuickAddPreviewOut(Struct):
    task: TaskPreviewOut
    understood: list[UnderstoodOut]


PREVIEW = {
    200: ResponseSpec(QuickAddPreviewOut, generate_examples=False, description="With `dry_run`: what would be added")
}


class QuickAddController(Controller):
    tags = ("Tasks",)

    @post(
        f"{LIST}/quick-add",
        summary="Add a task from one line",
        responses=PREVIEW | errors(400, 401, 403, 409, 413, 415, 422),
    )
    async def create_task_from_text(
        self,
        caller: Dependency[Caller],
        quick_add: Dependency[QuickAddTasks],
        answer_once: Dependency[AnswerOnce],
        data: JSONBody[QuickAddLine],
    ) -> Response[QuickAddOut]:
        """Reads list, tags, priority, dates, deadline, estimate and description out of the line; the rest is the title.

        A list of a name that you do not have is made with the task, and one undo takes both. The value of each part is
        the one that the task has, such as a tag in the spelling that it has already.
        """
        if data.dry_run:
            preview = _previewed(await quick_add.add(caller, data))
            return JsonResponse(preview, status_code=200)  # type: ignore[arg-type]
        return await answer_once(lambda: quick_add.add(caller, data), QuickAdded, _added)


def _added(added: QuickAdded) -> QuickAddOut:
    return QuickAddOut(out(added.task, TaskOut), [_part(each) for each in added.understood])


def _previewed(added: QuickAdded) -> QuickAddPreviewOut:
    return QuickAddPreviewOut(out(added.task, TaskPreviewOut), [_part(each) for each in added.understood])


def _part(part: UnderstoodPart) -> UnderstoodOut:
    return UnderstoodOut(part.field, part.value, part.start, part.end, part.is_new or UNSET, part.is_archived or UNSET)
