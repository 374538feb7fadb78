"""Carries out requests that only show tasks, and returns the text to show."""

from adapters.language_models.builtin.acting.finding import targets
from adapters.language_models.builtin.acting.fitting import of_status
from adapters.language_models.builtin.acting.scene import Acting, Scene, SeenTasks
from adapters.language_models.builtin.reading.matching import matches
from adapters.language_models.builtin.requests import Every, Find, Listing, Words
from adapters.language_models.builtin.talking import replies
from domain.tasks.task import Status


def listing(request: Listing, scene: Scene) -> Acting:
    page = yield from scene.page(request.status)
    scene.show(page.tasks)
    if not page.tasks:
        return replies.one_of(replies.EMPTY[request.status], scene.said)
    return f"{replies.heading(request.status, page.tasks, page.total)}\n{replies.lines(page.tasks)}"


def find(request: Find, scene: Scene) -> Acting:
    if isinstance(request.task, Every):
        return (yield from listing(Listing(request.task.status or Status.ALL), scene))
    tasks = yield from scene.tasks()
    if isinstance(request.task, Words):
        found = matches(request.task.text, tasks, is_report=True)
        chosen = found.sure or found.near
    else:
        wanted = yield from targets(scene, request)
        chosen = tuple(task for task in tasks if task.id in {each.id for each in wanted})
    if not chosen:
        return "I found no such task on your list." if scene.sees_all else "I found no such task among the newest ones."
    scene.show(chosen)
    return _state(chosen, request.is_it_done)


def _state(tasks: SeenTasks, is_it_done: bool) -> str:
    pending = of_status(tasks, Status.PENDING)
    if len(tasks) > 1:
        return f"I found {len(tasks)}, {len(pending)} still to do:\n{replies.lines(tasks)}"
    named = replies.described(tasks[0])
    if is_it_done:
        return f"Not yet: {named} is still to do." if pending else f"Yes, {named} is done."
    return f"{named}: {'still to do' if pending else 'done'}."
