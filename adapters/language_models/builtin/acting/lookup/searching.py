"""Searches for the tasks that have the words of a message, in as few rounds as it takes."""

from adapters.language_models.builtin.acting.scene import Call, Finding, Scene
from adapters.language_models.builtin.reading.words.stems import SAYING_NOTHING, words
from adapters.language_models.builtin.requests import Request
from domain.tasks.task import Status

MIN_STEM, MAX_SEARCHED, MAX_FOUND = 3, 6, 40


def candidates(scene: Scene, request: Request, text: str) -> Finding:
    """Returns the tasks among which those words are looked for: the newest ones, and all that have one of the words."""
    yield from scene.recent()
    if not scene.sees_all:
        yield from _search(scene, text)
    if request.op == "restore":
        yield from scene.trash()
    return tuple(task for task in scene.known.values() if request.op == "restore" or task.status is not Status.TRASHED)


def _search(scene: Scene, text: str) -> Finding:
    """Searches for the words, and in the same round for those of the further clauses."""
    wanted = [each for said in (text, *scene.ahead) for each in _searches(said)]
    new = [each for each in dict.fromkeys(wanted) if each not in scene.searched]
    scene.searched += new
    yield from scene.call(Call("list_tasks", {"status": "all", "filter": each, "limit": MAX_FOUND}) for each in new)
    return ()


def _searches(text: str) -> list[str]:
    """Returns the filters for tasks with all of the words, and for those with any."""
    telling = [word for word in words(text) if word not in SAYING_NOTHING and len(word) >= MIN_STEM][:MAX_SEARCHED]
    beginnings = [f"search: {word[: max(MIN_STEM, len(word) - 2)]}" for word in telling]
    return [joint.join(beginnings) for joint in (" & ", " | ")] if beginnings else []
