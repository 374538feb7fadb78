"""Acts out a turn: reads what was said in the light of the conversation, clause by clause, and does it."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from msgspec.structs import replace as changed

from adapters.language_models.builtin import waiting as beside
from adapters.language_models.builtin.acting import adding, amending, changing, looking, replies
from adapters.language_models.builtin.acting.lookup.matching import named_in
from adapters.language_models.builtin.acting.lookup.pointing import by_ids
from adapters.language_models.builtin.acting.lookup.searching import candidates
from adapters.language_models.builtin.acting.lookup.seen import outcome
from adapters.language_models.builtin.acting.lookup.weighing import as_a_task, weighed
from adapters.language_models.builtin.acting.memory import Exchange, Memory, exchanges, remembered, stored
from adapters.language_models.builtin.acting.putting import offer_instead, put
from adapters.language_models.builtin.acting.scene import Acting, Answered, NothingFound, Round, Scene
from adapters.language_models.builtin.answering import answer_to
from adapters.language_models.builtin.reading.clauses import clauses
from adapters.language_models.builtin.reading.intents.heard import Talk
from adapters.language_models.builtin.reading.known import in_full, lists_in
from adapters.language_models.builtin.reading.reading import read
from adapters.language_models.builtin.reading.sentences import corrected
from adapters.language_models.builtin.reading.words.talk import HELP, TALK
from adapters.language_models.builtin.reading.words.text import Clause, normalised
from adapters.language_models.builtin.requests import Request
from adapters.language_models.builtin.tables import phrases
from application.tasks.date_words import DateContext
from domain.chat.messages import Message

MAX_READ = 5_000
MAX_ROUNDS = 5
"""After so many calls of tools no further part of a message is begun, since a turn may take only 8."""
_SPARE = {"add": 2, "talk": 2} | dict.fromkeys(("complete", "reopen", "delete", "update"), 1)
"""What takes few rounds may begin so much later."""
_TAKEN_BACK, _UNDO_AT_END, _PUT_IT_DOWN = map(phrases, ("taken back", "undo at the end", "put it down"))
LOST = "Sorry, I lost the thread here. Please tell me again what I should do, or say “show my tasks”."


def next_move(
    messages: Iterable[Message], context: DateContext, lists: Iterable[str] = ()
) -> tuple[Round | str, Memory]:
    """Returns the next calls, or the answer, and what is to be remembered of it."""
    turns = exchanges(messages)
    if not turns:
        return LOST, Memory()
    memory, turn = remembered(turns[:-1]), turns[-1]
    begun = stored(turn.answers[0]) if turn.answers else None
    lists = lists_in(turn.said, lists)
    if begun and begun.now:
        context = replace(context, now=datetime.fromisoformat(begun.now).astimezone(context.now.tzinfo))
        lists = begun.lists
    return _play(turn, Scene(turn.said, memory, context, lists))


def _play(turn: Exchange, scene: Scene) -> tuple[Round | str, Memory]:
    acting, results = _turn(scene), list(turn.results)
    try:
        calls = next(acting)
        while results:
            taken, results = results[: len(calls)], results[len(calls) :]
            if [result.name for result in taken] != [call.name for call in calls]:
                return LOST, changed(scene.after(), question=None)
            calls = acting.send([outcome(result.output) for result in taken])
    except StopIteration as end:
        return end.value, scene.after()
    return calls, Memory(now=scene.context.now.isoformat(), lists=scene.lists)


def _turn(scene: Scene) -> Acting:
    text = in_full(normalised(scene.said[:MAX_READ]), scene.lists, scene.day, scene.context)
    if scene.asked and (request := answer_to(scene.asked, text, scene.context)):
        return (yield from _said(request, scene))
    text = _without_wish(text)
    if taken_back := _TAKEN_BACK.search(text.rstrip(" .!")):
        first, *_ = clauses(text[: taken_back.start()], scene.context, scene.talk)
        yield from looking.speak_of(read(first, scene.context).request, scene)
        return TALK["never mind"][1]
    if _UNDO_AT_END.search(text.rstrip(" .!")):
        return (yield from _said(Request("undo", said=text), scene))
    return (yield from _acted_out(clauses(corrected(text, scene.context), scene.context, scene.talk), scene))


def _without_wish(text: str) -> str:
    """Returns "the boiler drips" for "the boiler drips, can you put that down please"."""
    found = _PUT_IT_DOWN.search(text.rstrip(" .!?"))
    if not found or " " not in text[: found.start()].strip():
        return text
    return f"{text[: found.start()]} {found['date'] or ''}".rstrip()


def _acted_out(waiting: list[Clause], scene: Scene) -> Acting:
    """Does what the clauses ask for. Beside a clear request, what asks for nothing is a remark and has no answer."""
    told: list[str] = []
    missed: list[str] = []
    talked: list[str] = []
    asked = [each for each in waiting if not each.is_remark]
    requests = [read(each, scene.context, scene.talk).request for each in asked[:MAX_ROUNDS]]
    scene.ahead = tuple(request.ref.words for request in requests[1:])
    scene.beside = {request.op for request in requests if beside.is_clear(request) or request.topic == "not done"}
    while waiting:
        following = read(waiting[0], scene.context, scene.talk).request
        if scene.rounds >= MAX_ROUNDS + (0 if following.ref.every else _SPARE.get(following.op, 0)):
            told.append(f"I stopped there. Tell me the rest again: “{'; '.join(each.text for each in waiting)}”")
            break
        clause = waiting.pop(0)
        if clause.is_remark or beside.is_remark(following, scene):
            yield from _remarked(clause, waiting, scene)
            continue
        following = beside.with_what_follows(following, waiting, scene)
        try:
            said = yield from _done(following, clause, scene)
            (told if following.op != "talk" or beside.is_clear(following) else talked).append(said)
        except NothingFound as nothing:
            (missed if following.is_news else told).append(nothing.text)
        except Answered as answered:
            told.append(answered.text)
    return "\n".join(filter(None, told)) or "\n".join(missed or talked[:1]) or replies.UNCLEAR


def _done(request: Request, clause: Clause, scene: Scene) -> Acting:
    """Does what the clause asks for. What is only a guess, or finds no task, is weighed by its words."""
    if beside.is_guess(request):
        request = (yield from weighed(request, clause, scene)) or beside.more_of_it(request, clause, scene) or request
    try:
        return (yield from carry_out(request, scene))
    except NothingFound:
        meant = (yield from weighed(request, clause, scene)) or beside.without_remark(request, clause, scene)
        meant = meant or as_a_task(request, clause, scene)
        if meant is None:
            raise
    scene.question = None
    return (yield from carry_out(meant, scene))


def _remarked(remark: Clause, waiting: list[Clause], scene: Scene) -> Acting:
    """Remembers the task that a remark names, if the next clause says "it" and no other that is open was spoken of."""
    following = read(waiting[0], scene.context, Talk(has_focus=True)).request if waiting else Request("talk")
    if (following.ref.pronoun or following.is_news) and scene.finished.issuperset(scene.focus):
        found = named_in(remark.text, (yield from candidates(scene, Request("talk"), remark.text)))
        scene.focus = (found[0].id,) if len(found) == 1 else scene.focus
    return ""


def _said(request: Request, scene: Scene) -> Acting:
    try:
        return (yield from carry_out(request, scene))
    except Answered as answered:
        return answered.text


def carry_out(request: Request, scene: Scene) -> Acting:
    if act := _ACTS.get(request.op):
        return (yield from act(request, scene))
    if request.topic == "new list":
        scene.listed = request.fields.get("list", scene.listed)
    if request.topic == "not done" and (done := (yield from looking.speak_of(request, scene))):
        return (yield from changing.act_on(changed(request, op="reopen"), scene, done))
    return _talked(request)


def _confirmed(request: Request, scene: Scene) -> Acting:
    tasks = yield from by_ids(scene, request.ref.ids)
    return (yield from changing.act_on(changed(request, op=request.topic), scene, tasks))


_ACTS: dict[str, Callable[[Request, Scene], Acting]] = {
    "add": adding.add,
    **dict.fromkeys(("complete", "reopen", "delete", "restore", "update"), changing.act),
    **dict.fromkeys(("put", "bare"), put),
    "list": looking.listing,
    "find": looking.find,
    "names": looking.names,
    "subtask": adding.add_below,
    "swap": adding.swap,
    "offer": offer_instead,
    "ask": changing.ask,
    "undo": amending.undo,
    "again": amending.again,
    "copy": adding.copy,
    "correct": amending.correct,
    "confirmed": _confirmed,
}


def _talked(request: Request) -> str:
    topic = request.topic
    if topic.startswith("help"):
        return HELP[topic.removeprefix("help ")][1]
    if topic in replies.CANNOT:
        return replies.CANNOT[topic]
    if topic in ("keep", "not done"):
        return replies.NOT_DONE
    return TALK[topic][1] if topic in TALK else replies.UNCLEAR
