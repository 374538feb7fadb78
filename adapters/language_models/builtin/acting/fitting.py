"""Selects the tasks that a request can be for by their state: for example, only a pending task can be completed."""

from adapters.language_models.builtin.acting.scene import Finding, Scene, SeenTasks
from adapters.language_models.builtin.requests import Act, Targeted, Verb
from domain.tasks.task import Status

_LIVE = (Status.PENDING, Status.COMPLETED)
_STATES: dict[Verb | None, tuple[Status, ...]] = {
    Verb.COMPLETE: (Status.PENDING,),
    Verb.REOPEN: (Status.COMPLETED,),
    Verb.RESTORE: (Status.TRASHED,),
    Verb.PUT_BACK: (Status.COMPLETED, Status.TRASHED),
}


def of_status(tasks: SeenTasks, status: Status) -> SeenTasks:
    return tuple(task for task in tasks if status in (Status.ALL, task.status))


def fitting(tasks: SeenTasks, request: Targeted) -> SeenTasks:
    return tuple(task for task in tasks if task.status in _states(request))


def known(scene: Scene, request: Targeted) -> Finding:
    """Returns the tasks that are known. Those in the trash are among them if the request may be for one of them."""
    tasks = yield from scene.tasks()
    return (*tasks, *(yield from scene.trash())) if Status.TRASHED in _states(request) else tasks


def verb_of(request: Targeted) -> Verb | None:
    return request.verb if isinstance(request, Act) else None


def _states(request: Targeted) -> tuple[Status, ...]:
    return _STATES.get(verb_of(request), _LIVE)
