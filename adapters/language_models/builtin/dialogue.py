"""Acts out a turn: reads what was said in the light of the conversation, clause by clause, and does it."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from msgspec.structs import replace as changed

from adapters.language_models.builtin.acting import changing, looking, putting, replies
from adapters.language_models.builtin.acting.finding import by_ids, candidates, spoken_of
from adapters.language_models.builtin.acting.memory import Exchange, Memory, exchanges, remembered, stored
from adapters.language_models.builtin.acting.scene import Acting, Answered, Round, Scene
from adapters.language_models.builtin.acting.seen import outcome
from adapters.language_models.builtin.answering import answer_to
from adapters.language_models.builtin.reading.clauses import clauses
from adapters.language_models.builtin.reading.reading import Talk, read
from adapters.language_models.builtin.reading.words.talk import HELP, TALK
from adapters.language_models.builtin.reading.words.text import Clause, normalised
from adapters.language_models.builtin.requests import Request
from adapters.language_models.builtin.tables import regex
from application.tasks.date_words import DateContext
from domain.chat.conversation import Message

MAX_READ = 5_000
MAX_ROUNDS = 5
"""After so many calls of tools no further part of a message is begun, since a turn may take only 8."""
_TAKEN_BACK = regex("taken back")
LOST = "Sorry, I lost the thread here. Please tell me again what I should do, or say “show my tasks”."


def next_move(messages: Iterable[Message], context: DateContext) -> tuple[Round | str, Memory]:
    """Returns the next calls, or the answer, and what is to be remembered of it."""
    turns = exchanges(messages)
    if not turns:
        return LOST, Memory()
    memory, turn = remembered(turns[:-1]), turns[-1]
    begun = stored(turn.answers[0]) if turn.answers else None
    if begun and begun.now:
        context = replace(context, now=datetime.fromisoformat(begun.now).astimezone(context.now.tzinfo))
    return _play(turn, memory, context)


def _play(turn: Exchange, memory: Memory, context: DateContext) -> tuple[Round | str, Memory]:
    scene = Scene(turn.said, memory, context)
    acting, results = _turn(scene), list(turn.results)
    try:
        calls = next(acting)
        while results:
            taken, results = results[: len(calls)], results[len(calls) :]
            if [result.name for result in taken] != [call.name for call in calls]:
                return LOST, changed(memory, question=None)
            calls = acting.send([outcome(result.output) for result in taken])
    except StopIteration as end:
        return end.value, scene.after()
    return calls, Memory(now=context.now.isoformat())


def _turn(scene: Scene) -> Acting:
    text = normalised(scene.said[:MAX_READ])
    if scene.asked and (request := answer_to(scene.asked, text, scene.context)):
        return (yield from _said(request, scene))
    if _TAKEN_BACK.search(text):
        return TALK["never mind"][1]
    told: list[str] = []
    talked: list[str] = []
    waiting = clauses(text, scene.context, _talk(scene))
    while waiting and scene.rounds < MAX_ROUNDS:
        request = read(waiting.pop(0), scene.context, _talk(scene)).request
        request = _with_what_follows(request, waiting, scene)
        (talked if request.op == "talk" else told).append((yield from _said(request, scene)))
    if waiting:
        told.append(f"I stopped there. Tell me the rest again: “{'; '.join(each.text for each in waiting)}”")
    return "\n".join(filter(None, told or talked[:1])) or replies.UNCLEAR


def _with_what_follows(request: Request, waiting: list[Clause], scene: Scene) -> Request:
    """Takes further tasks to add into the same call, and leaves out what says "undo" twice."""
    while waiting and request.op in ("add", "undo"):
        following = read(waiting[0], scene.context, _talk(scene)).request
        if following.op == "correct" and request.op == "undo":
            request = following
        elif following.op != request.op or bool(following.items) != bool(request.items):
            break
        else:
            request = changed(request, items=request.items + following.items)
        waiting.pop(0)
    return request


def _talk(scene: Scene) -> Talk:
    return Talk(bool(scene.focus), scene.did.op if scene.did else "")


def _said(request: Request, scene: Scene) -> Acting:
    try:
        return (yield from carry_out(request, scene))
    except Answered as answered:
        return answered.text


def carry_out(request: Request, scene: Scene) -> Acting:
    if act := _ACTS.get(request.op):
        return (yield from act(request, scene))
    if request.topic == "not done":
        yield from _spoken_of(request, scene)
    return _talked(request)


def _confirmed(request: Request, scene: Scene) -> Acting:
    tasks = yield from by_ids(scene, request.ref.ids)
    return (yield from changing.act_on(changed(request, op=request.topic), scene, tasks))


_ACTS: dict[str, Callable[[Request, Scene], Acting]] = {
    "add": changing.add,
    **dict.fromkeys(("complete", "reopen", "delete", "restore", "update"), changing.act),
    **dict.fromkeys(("put", "bare"), putting.put),
    "list": looking.listing,
    "find": looking.find,
    "names": looking.names,
    "undo": changing.undo,
    "again": changing.again,
    "correct": changing.correct,
    "confirmed": _confirmed,
}


def _spoken_of(request: Request, scene: Scene) -> Acting:
    """Remembers the task that was spoken of, so that "move it to tomorrow" may follow."""
    found = spoken_of(request, (yield from candidates(scene, request, request.ref.words)))
    scene.focus = (found[0].id,) if len(found) == 1 else scene.focus
    return ""


def _talked(request: Request) -> str:
    topic = request.topic
    if topic.startswith("help"):
        return HELP[topic.removeprefix("help ")][1]
    if topic in replies.CANNOT:
        return replies.CANNOT[topic]
    if topic in ("keep", "not done"):
        return replies.NOT_DONE
    return TALK[topic][1] if topic in TALK else replies.UNCLEAR
