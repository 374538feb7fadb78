from collections.abc import Sequence
from functools import partial
from typing import Annotated

from litestar import Controller, Response, post
from litestar.params import JSONBody
from msgspec import UNSET, Meta, Struct, UnsetType

from adapters.http.api.tasks.tasks import LIST
from adapters.http.errors import errors, status_of_code
from adapters.http.handlers.dependencies import Dependency
from adapters.http.handlers.idempotency import AnswerOnce
from adapters.http.internals.litestar_responses import JsonResponse
from adapters.http.schemas import FieldOut, TaskOut, out
from application.tasks.commands import Batch, Command, Create
from application.tasks.results import CommandResult, command_result
from application.tasks.use_cases import Tasks
from domain.accounts.account import Caller


class OperationErrorOut(Struct, omit_defaults=True):
    error: str
    code: str
    message: str
    fields: list[FieldOut] | UnsetType = UNSET


class OperationOut(Struct, omit_defaults=True):
    status: Annotated[int, Meta(description="What the operation alone would have been answered with.", examples=[201])]
    task: TaskOut | UnsetType = UNSET
    error: OperationErrorOut | UnsetType = UNSET


class BatchOut(Struct):
    results: Annotated[list[OperationOut], Meta(description="In the order of the operations.")]
    dry_run: Annotated[bool, Meta(description="True: nothing was changed.")]


class BatchController(Controller):
    tags = ("Tasks",)

    @post(
        f"{LIST}/batch",
        status_code=200,
        summary="Change many tasks at once",
        responses=errors(400, 401, 403, 409, 413, 415, 422),
    )
    async def run_task_batch(
        self,
        caller: Dependency[Caller],
        tasks: Dependency[Tasks],
        answer_once: Dependency[AnswerOnce],
        data: JSONBody[Batch],
    ) -> Response[BatchOut]:
        """Runs 1–100 operations in order: `create`, `update`, `complete`, `uncomplete`, `delete`, `restore`.

        By default all of them are done or none: a 400 names the operations at fault. With `atomic: false` each
        operation has a status of its own.
        """

        async def run() -> list[CommandResult]:
            return [command_result(each) for each in await tasks.run(caller, data)]

        shown = partial(_shown, data)
        return JsonResponse(shown(await run())) if data.dry_run else await answer_once(run, list[CommandResult], shown)


def _shown(batch: Batch, results: Sequence[CommandResult]) -> BatchOut:
    pairs = zip(batch.operations, results, strict=True)
    return BatchOut([_operation(operation, result) for operation, result in pairs], batch.dry_run)


def _operation(operation: Command, result: CommandResult) -> OperationOut:
    if refusal := result.refusal:
        fields = UNSET if refusal.fields is None else out(refusal.fields, list[FieldOut])
        error = OperationErrorOut(refusal.title, refusal.code, refusal.message, fields)
        return OperationOut(status_of_code(refusal.code), error=error)
    return OperationOut(201 if isinstance(operation, Create) else 200, out(result.task, TaskOut))
