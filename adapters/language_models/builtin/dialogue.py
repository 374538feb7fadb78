"""Acts out a turn: reads what was said in the light of the conversation, clause by clause, and does it."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from msgspec.structs import replace as changed

from adapters.language_models.builtin.acting import changing, looking, replies
from adapters.language_models.builtin.acting.finding import by_ids, candidates
from adapters.language_models.builtin.acting.matching import look_for, matches, spoken_of
from adapters.language_models.builtin.acting.memory import Exchange, Memory, exchanges, remembered, stored
from adapters.language_models.builtin.acting.scene import Acting, Answered, Round, Scene
from adapters.language_models.builtin.acting.seen import Seen, outcome
from adapters.language_models.builtin.answering import answer_to
from adapters.language_models.builtin.reading.clauses import clauses
from adapters.language_models.builtin.reading.reading import read
from adapters.language_models.builtin.reading.words.talk import HELP, TALK
from adapters.language_models.builtin.reading.words.text import Clause, normalised
from adapters.language_models.builtin.requests import Ref, Request
from adapters.language_models.builtin.tables import phrases
from application.tasks.date_words import DateContext
from domain.chat.messages import Message

MAX_READ = 5_000
MAX_ROUNDS = 5
"""After so many calls of tools no further part of a message is begun, since a turn may take only 8."""
_SPARE = {"add": 2, "talk": 2} | dict.fromkeys(("complete", "reopen", "delete", "update"), 1)
"""What takes few rounds may begin so much later."""
_TAKEN_BACK, _UNDO_AT_END = phrases("taken back"), phrases("undo at the end")
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
    if _TAKEN_BACK.search(text.rstrip(" .!")):
        return TALK["never mind"][1]
    if _UNDO_AT_END.search(text.rstrip(" .!")):
        return (yield from _said(Request("undo", said=text), scene))
    told: list[str] = []
    talked: list[str] = []
    waiting = clauses(text, scene.context, scene.talk)
    scene.ahead = tuple(read(each, scene.context, scene.talk).request.ref.words for each in waiting[1:MAX_ROUNDS])
    while waiting:
        following = read(waiting[0], scene.context, scene.talk).request
        if scene.rounds >= MAX_ROUNDS + (0 if following.ref.every else _SPARE.get(following.op, 0)):
            told.append(f"I stopped there. Tell me the rest again: “{'; '.join(each.text for each in waiting)}”")
            break
        waiting.pop(0)
        following = _with_what_follows(following, waiting, scene)
        (talked if following.op == "talk" else told).append((yield from _said(following, scene)))
    return "\n".join(filter(None, told or talked[:1])) or replies.UNCLEAR


def _with_what_follows(request: Request, waiting: list[Clause], scene: Scene) -> Request:
    """Takes further tasks to add into the same call, and leaves out what says the same twice."""
    while waiting and request.op in ("add", "delete", "undo"):
        following = read(waiting[0], scene.context, scene.talk).request
        if following.op == "correct" and request.op == "undo":
            request = following
        elif following.op == request.op == "delete" and following.ref.pronoun == "it":
            pass
        elif request.op == "delete" or following.op != request.op or bool(following.items) != bool(request.items):
            break
        else:
            request = changed(request, items=request.items + following.items)
        waiting.pop(0)
    return request


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


def _put(request: Request, scene: Scene) -> Acting:
    """Changes a task if it exists, and adds it if it does not: "put the kettle on my list"."""
    ref, has_value = request.ref, bool(request.fields or request.shift or any("due" in each for each in request.items))
    if not ref.words or ref.every:
        return (yield from _pointed_at(request, scene, has_value=has_value))
    pool = yield from candidates(scene, request, ref.words)
    found = look_for(changed(request, op="put"), pool)
    if found and has_value:
        return (yield from changing.act(changed(request, op="update"), scene))
    if request.asked and not found:
        return replies.UNCLEAR
    is_fact = request.topic == "fact" and not found
    if has_value or is_fact or (request.topic == "chore" and not _has_same_title(request, pool)):
        return (yield from changing.add(changed(request, op="add"), scene))
    if found:
        return (yield from looking.find(changed(request, op="find", topic="list"), scene))
    return _offered(request, scene)


def _pointed_at(request: Request, scene: Scene, *, has_value: bool) -> Acting:
    is_empty = request.ref.is_empty()
    if has_value and (scene.focus or not is_empty):
        ref = Ref(pronoun="it") if is_empty else request.ref
        return (yield from changing.act(changed(request, op="update", ref=ref), scene))
    if is_empty:
        return replies.UNCLEAR
    return (yield from looking.find(changed(request, op="find", topic="state"), scene))


def _has_same_title(request: Request, pool: Iterable[Seen]) -> bool:
    pending = [task for task in pool if not task.completed]
    return bool(request.items and matches(request.items[0]["title"], pending).sure)


def _offered(request: Request, scene: Scene) -> str:
    if request.asked or not request.items:
        return replies.UNCLEAR
    titles = ", ".join(f"“{replies.shortened(item['title'])}”" for item in request.items)
    scene.ask("confirm", changed(request, op="add"))
    return f"Shall I add {titles}? Say yes, or tell me what to do."


_ACTS: dict[str, Callable[[Request, Scene], Acting]] = {
    "add": changing.add,
    **dict.fromkeys(("complete", "reopen", "delete", "restore", "update"), changing.act),
    **dict.fromkeys(("put", "bare"), _put),
    "list": looking.listing,
    "find": looking.find,
    "names": looking.names,
    "subtask": changing.add_below,
    "swap": changing.swap,
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
