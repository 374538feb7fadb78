"""What a conversation is about. It is stored with each answer of the assistant, so any server may go on with it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec
from msgspec import Struct

from adapters.language_models.builtin.acting.lookup.seen import outcome
from adapters.language_models.builtin.requests import Fields, Request
from domain.chat.messages import Answer, Message, ToolResult, UserMessage

SOURCE = "builtin"
MAX_REMEMBERED = 500


class Question(Struct, frozen=True, omit_defaults=True):
    """An open question about a request: confirm, which (of the candidates), title, rename, when or target."""

    kind: str
    request: Request
    candidates: tuple[int, ...] = ()


class Did(Struct, frozen=True, omit_defaults=True):
    """What was done last."""

    op: str
    ids: tuple[int, ...] = ()
    fields: Fields = {}


class Memory(Struct, frozen=True, omit_defaults=True):
    """`shown` are the numbers of the tasks in the list that was shown last, and `focus` those of the tasks that "it"
    or "them" mean. `listed` is the name of the list whose tasks were shown last, and `day` the one that was spoken of.
    `looked` is which status was asked for, if tasks were. `now` and `lists` are the user's time
    at the beginning of a turn, and those of their lists that the message names."""

    question: Question | None = None
    shown: tuple[int, ...] = ()
    focus: tuple[int, ...] = ()
    did: Did | None = None
    listed: str = ""
    day: str = ""
    looked: str = ""
    now: str = ""
    lists: tuple[str, ...] = ()


@dataclass(slots=True)
class Exchange:
    """One turn: what the user said, and what came of it so far."""

    said: str
    answers: list[Answer] = field(default_factory=list)
    results: list[ToolResult] = field(default_factory=list)


def exchanges(messages: Iterable[Message]) -> list[Exchange]:
    found: list[Exchange] = []
    for message in messages:
        match message:
            case UserMessage(text):
                found.append(Exchange(text))
            case Answer() if found:
                found[-1].answers.append(message)
            case ToolResult() if found:
                found[-1].results.append(message)
            case _:
                pass
    return found


def remembered(before: Iterable[Exchange]) -> Memory:
    """Returns what is remembered of the turns before. Of turns that another model answered, that is what its tools
    gave."""
    memory = Memory()
    for exchange in before:
        last = exchange.answers[-1] if exchange.answers else None
        memory = (last and stored(last)) or _from_results(exchange.results, memory)
    return memory


def stored(answer: Answer) -> Memory | None:
    if answer.provider_data is None or answer.provider_data.source != SOURCE:
        return None
    try:
        return msgspec.convert(answer.provider_data.data, Memory)
    except msgspec.ValidationError:
        return None


def as_data(memory: Memory) -> dict[str, Any]:
    short = msgspec.structs.replace(memory, shown=memory.shown[:MAX_REMEMBERED], focus=memory.focus[:MAX_REMEMBERED])
    data: dict[str, Any] = msgspec.to_builtins(short)
    return data


def _from_results(results: Iterable[ToolResult], memory: Memory) -> Memory:
    shown, focus = memory.shown, memory.focus
    for result in results:
        ids = tuple(task.id for task in outcome(result.output).tasks())
        if result.name == "list_tasks":
            shown, focus = ids or shown, ids if len(ids) == 1 else focus
        else:
            focus = ids or focus
    return Memory(None, shown, focus)
