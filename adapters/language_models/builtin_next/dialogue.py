"""Acts out a turn: reads what was said in the light of the conversation, clause by clause, and does it."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from msgspec.structs import replace as changed

from adapters.language_models.builtin_next.acting import changing, looking
from adapters.language_models.builtin_next.acting.finding import by_ids, candidates, look_for
from adapters.language_models.builtin_next.acting.matching import matches
from adapters.language_models.builtin_next.acting.memory import Exchange, Memory, exchanges, remembered, stored
from adapters.language_models.builtin_next.acting.scene import Acting, Answered, Round, Scene
from adapters.language_models.builtin_next.acting.seen import outcome
from adapters.language_models.builtin_next.answering import answer_to
from adapters.language_models.builtin_next.reading.reading import Talk, clauses, read
from adapters.language_models.builtin_next.reading.text import normalised
from adapters.language_models.builtin_next.requests import Ref, Request
from adapters.language_models.builtin_next.tables import replies
from adapters.language_models.builtin_next.tables.small_talk import HELP, TALK
from application.tasks.date_words import DateContext
from domain.chat.conversation import Message, ToolResult

MAX_READ = 5_000
_TAKEN_BACK = re.compile(r"[,.!;-] *(?:oh |no |but |ah )*(?:never mind|forget it|scratch that|forget about it)[\s.!]*$", re.IGNORECASE)
LOST = "Sorry, I lost the thread here. Please tell me again what I should do, or say “show my tasks”."
UNCLEAR = "I'm not sure what you mean. Say “help” to see what I can do."


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
    told, talked, undone = [], [], False
    for clause in clauses(text, scene.context, _talk(scene)):
        request = read(clause, scene.context, _talk(scene)).request
        if request.op == "undo" and undone:
            continue
        undone = undone or request.op == "undo"
        (talked if request.op == "talk" else told).append((yield from _said(request, scene)))
    return "\n".join(filter(None, told or talked[:1])) or UNCLEAR


def _talk(scene: Scene) -> Talk:
    return Talk(bool(scene.focus), scene.did.op if scene.did else "")


def _said(request: Request, scene: Scene) -> Acting:
    try:
        return (yield from carry_out(request, scene))
    except Answered as answered:
        return answered.text


def carry_out(request: Request, scene: Scene) -> Acting:
    match request.op:
        case "add":
            return (yield from changing.add(request, scene))
        case "complete" | "reopen" | "delete" | "restore" | "update":
            return (yield from changing.act(request, scene))
        case "put" | "bare":
            return (yield from _put(request, scene))
        case "list":
            return (yield from looking.listing(request, scene))
        case "find":
            return (yield from looking.find(request, scene))
        case "names":
            return (yield from looking.names(request, scene))
        case "undo":
            return (yield from changing.undo(request, scene))
        case "again":
            return (yield from changing.again(request, scene))
        case "correct":
            return (yield from changing.correct(request, scene))
        case "confirmed":
            tasks = yield from by_ids(scene, request.ref.ids)
            return (yield from changing.act_on(changed(request, op=request.topic), scene, tasks))
    if request.topic == "not done" and request.ref.words:
        yield from _spoken_of(request, scene)
    return _talked(request)


def _spoken_of(request: Request, scene: Scene) -> Acting:
    """Remembers the task that was spoken of, so that "move it to tomorrow" may follow."""
    pool = yield from candidates(scene, request, request.ref.words)
    pending = [task for task in pool if not task.completed]
    found = matches(request.ref.words, pending, is_report=True).sure or matches(request.ref.words, pool, is_report=True).sure
    scene.focus = tuple(task.id for task in found) if len(found) == 1 else scene.focus
    return ""


def _put(request: Request, scene: Scene) -> Acting:
    """Changes the task that is meant, if there is one, and adds one otherwise."""
    ref, has_value = request.ref, bool(request.fields or request.shift)
    if not ref.words or ref.every:
        if has_value and (not ref.is_empty() or scene.focus):
            return (yield from changing.act(changed(request, op="update", ref=ref if not ref.is_empty() else Ref(pronoun="it")), scene))
        return (yield from looking.find(changed(request, op="find", topic="state"), scene)) if not ref.is_empty() else UNCLEAR
    pool = yield from candidates(scene, request, ref.words)
    found = look_for(changed(request, op="put"), pool)
    if has_value and found:
        return (yield from changing.act(changed(request, op="update"), scene))
    if has_value or (request.topic == "fact" and not found) or (request.topic == "chore" and not _same_title(request, pool)):
        return (yield from changing.add(changed(request, op="add"), scene))
    if found:
        return (yield from looking.find(changed(request, op="find", topic="list"), scene))
    return _offered(request, scene)


def _same_title(request: Request, pool: Iterable[object]) -> bool:
    return bool(request.items and matches(request.items[0]["title"], [task for task in pool if not task.completed]).sure)  # type: ignore[attr-defined,misc]


def _offered(request: Request, scene: Scene) -> str:
    if request.asked or not request.items:
        return UNCLEAR
    titles = ", ".join(f"“{replies.shortened(item['title'])}”" for item in request.items)
    scene.ask("confirm", changed(request, op="add"))
    return f"Shall I add {titles}? Say yes, or tell me what to do."


def _talked(request: Request) -> str:
    topic = request.topic
    if topic.startswith("help"):
        return HELP[topic.removeprefix("help").strip()][1]
    if topic in replies.CANNOT:
        return replies.CANNOT[topic]
    if topic in ("keep", "not done"):
        return replies.NOT_DONE
    return TALK[topic][1] if topic in TALK else UNCLEAR
