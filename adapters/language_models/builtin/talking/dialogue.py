"""Replays the conversation, because the messages alone say which question is open, which list was shown, and what "it"
means.

The course of a turn depends only on the user's sentence, on what earlier turns left, and on the results of the tools.
So earlier turns are replayed to know what they left, and the running turn is replayed up to its last result.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from adapters.language_models.builtin.acting.acting import carry_out
from adapters.language_models.builtin.acting.scene import Acting, Memory, Round, Scene
from adapters.language_models.builtin.acting.seen import outcome
from adapters.language_models.builtin.talking.answering import requests_for
from domain.chat.conversation import Answer, Message, ToolResult, UserMessage

MAX_REPLAYED = 20
"""The number of turns that are replayed. "It" and "the second one" seldom refer further back than one or two."""
LOST = "Sorry, I lost the thread here. Please tell me again what I should do, or say “show my tasks”."


@dataclass(slots=True)
class Exchange:
    """One turn. `answer` is the last text of the assistant, or "" if there is none yet."""

    said: str
    results: list[ToolResult] = field(default_factory=list)
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Ending:
    text: str
    memory: Memory


def next_move(messages: Iterable[Message]) -> Round | Ending:
    exchanges = _exchanges(messages)[-MAX_REPLAYED:]
    if not exchanges:
        return Ending(LOST, Memory())
    memory = Memory()
    for exchange in exchanges[:-1]:
        memory = _remembered(exchange, memory)
    return _play(exchanges[-1], memory)


def _exchanges(messages: Iterable[Message]) -> list[Exchange]:
    exchanges: list[Exchange] = []
    for message in messages:
        match message:
            case UserMessage(text):
                exchanges.append(Exchange(text))
            case ToolResult() if exchanges:
                exchanges[-1].results.append(message)
            case Answer(text) if exchanges:
                exchanges[-1].answer = text
            case _:
                pass
    return exchanges


def _play(exchange: Exchange, memory: Memory) -> Round | Ending:
    scene = Scene(exchange.said, memory)
    acting, results = _turn(scene), iter(exchange.results)
    try:
        calls = next(acting)
        while taken := _results_of(calls, results):
            calls = acting.send([outcome(result.output) for result in taken])
    except StopIteration as end:
        return Ending(end.value, scene.after())
    except _LostThread:
        return Ending(LOST, memory)
    return calls


def _turn(scene: Scene) -> Acting:
    text = ""
    for request in requests_for(scene.said, scene.before.question):
        text += "\n" + (yield from carry_out(request, scene))
    return text.strip()


class _LostThread(Exception):
    """The results do not belong to our calls, because another model began this turn."""


def _results_of(calls: Round, results: Iterator[ToolResult]) -> list[ToolResult]:
    taken = [result for _, result in zip(calls, results, strict=False)]
    if taken and [result.name for result in taken] != [call.name for call in calls]:
        raise _LostThread
    return taken


def _remembered(exchange: Exchange, memory: Memory) -> Memory:
    """Returns what is remembered after an exchange. If we answered it, that is the memory at the end of its replay. If
    another model answered it, that is what its tools returned."""
    played = _play(exchange, memory)
    if isinstance(played, Ending) and played.text == exchange.answer:
        return played.memory
    return _from_results(exchange.results, memory)


def _from_results(results: Iterable[ToolResult], memory: Memory) -> Memory:
    shown, focus = memory.shown, memory.focus
    for result in results:
        gave = outcome(result.output)
        if result.name == "list_tasks" and (page := gave.page()):
            shown = page.tasks
            focus = page.tasks if len(page.tasks) == 1 else focus
        else:
            focus = gave.tasks() or focus
    return Memory(None, shown, focus)
