"""Finds the tasks that are pointed at: by number, by their place in the last list, or by a pronoun."""

from adapters.language_models.builtin.acting import replies
from adapters.language_models.builtin.acting.lookup.matching import Tasks
from adapters.language_models.builtin.acting.lookup.seen import Seen
from adapters.language_models.builtin.acting.scene import Answered, Finding, Scene
from adapters.language_models.builtin.reading.parts.qualifiers import quoted_name
from adapters.language_models.builtin.requests import Request
from adapters.language_models.builtin.tables import phrases
from domain.tasks.task import Status

_DELETED = phrases("deleted before")
MAX_CHOICES = 10


def by_ids(scene: Scene, ids: tuple[int, ...]) -> Finding:
    """Returns the tasks of these numbers. Of one that was not seen, only the number is known."""
    if not all(number in scene.known for number in ids):
        yield from scene.recent()
    return tuple(scene.known.get(number) or Seen(number, "") for number in ids)


def numbered(scene: Scene, request: Request, ids: tuple[int, ...]) -> Finding:
    """Returns them as `by_ids` does, and looks in the trash for what is to be restored or was not found."""
    tasks = yield from by_ids(scene, ids)
    if request.op == "restore" or (scene.sees_all and not all(task.title for task in tasks)):
        yield from scene.trash()
        tasks = yield from by_ids(scene, ids)
    return tasks


def in_place(scene: Scene, request: Request) -> Finding:
    shown = scene.shown
    if not shown and request.ref.places == (-1,):
        tasks = yield from scene.recent()
        return tuple(
            sorted((task for task in tasks if task.status is not Status.TRASHED), key=lambda task: -task.id)[:1]
        )
    if not shown:
        raise Answered("I haven't shown a list yet. Ask “what's due today?” first, or name the task.")
    if not all(-len(shown) <= place < len(shown) for place in request.ref.places):
        raise Answered(f"The list I showed has only {len(shown)}. Tell me the task's number instead.")
    return (yield from by_ids(scene, tuple(shown[place] for place in request.ref.places)))


def _rest(scene: Scene, request: Request) -> Finding:
    """Returns what is left of the list that was shown, or else of the list of the task that was spoken of."""
    if scene.shown and not set(scene.shown) <= set(scene.focus):
        tasks = yield from by_ids(scene, scene.shown)
    else:
        lists = {task.list for task in (yield from by_ids(scene, scene.focus))} - {None}
        if len(lists) != 1:
            scene.ask("target", request)
            raise Answered(replies.for_op("which task", request.op))
        tasks = yield from scene.every(status="pending", filter=f"#{quoted_name(lists.pop() or '')}")
    return tuple(task for task in tasks if task.id not in scene.focus and task.status is Status.PENDING)


def spoken_of(scene: Scene, request: Request) -> Finding:
    if request.ref.pronoun == "rest":
        return (yield from _rest(scene, request))
    if request.ref.pronoun == "other":
        others = tuple(number for number in scene.shown if number not in scene.focus)
        if len(others) != 1:
            raise Answered("Which other one do you mean? Tell me its number, or words of its title.")
        return (yield from by_ids(scene, others))
    several = scene.focus if len(scene.focus) > 1 else scene.shown
    spoken_of = (several or scene.focus) if request.ref.pronoun == "them" else scene.focus
    if not spoken_of and request.op == "restore":
        return (yield from _only_deleted(scene, request))
    if (
        request.op in ("delete", "complete")
        and request.ref.pronoun == "it"
        and scene.talk.looked
        and len(scene.shown) > 1
    ):
        raise ask_which(scene, request, (yield from by_ids(scene, scene.shown)))
    if not spoken_of:
        scene.ask("target", request)
        raise Answered(replies.for_op("which task", request.op))
    tasks = yield from numbered(scene, request, spoken_of)
    if request.ref.pronoun == "it" and len(tasks) > 1 and not (scene.did and scene.did.ids == spoken_of):
        raise ask_which(scene, request, tasks)
    fitting = tuple(task for task in tasks if request.op != "complete" or task.status is Status.PENDING)
    return fitting or tasks


def _only_deleted(scene: Scene, request: Request) -> Finding:
    """Returns the only task in the trash, if it was said that it was deleted. Else, asks whether it is meant."""
    trashed = yield from scene.trash()
    if len(trashed) != 1:
        scene.ask("target", request)
        raise Answered(replies.for_op("which task", request.op))
    if not _DELETED.search(scene.said):
        scene.ask("confirm", request, trashed)
        raise Answered(replies.SHALL_I["restore"].format(trashed[0].named))
    return trashed


def ask_which(scene: Scene, request: Request, tasks: Tasks) -> Answered:
    scene.ask("which", request, tasks)
    scene.show(tasks)
    return Answered(f"Which one do you mean?\n{replies.lines(tasks, scene.context, MAX_CHOICES)}")
