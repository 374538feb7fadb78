"""What a turn has done, in words for its user: said where the model itself can't say it."""

from collections.abc import Iterable, Iterator
from typing import Any

from application.chat.turns.repeated_calls import is_hint
from domain.chat.conversation import ToolResult, Turn

TOLD_MOST = 20
LINE_LONGEST = 120


def what_came_of(turn: Turn) -> str:
    """Every result of a tool in its own words, and the tasks that were found. Empty where no tool ran."""
    return "\n".join(_first(line for result in _results(turn) for line in _lines(result.output)))


def what_was_done(turn: Turn, reading: frozenset[str]) -> str:
    """One sentence of the changes; empty where nothing changed. Tools of the names `reading` change nothing."""
    done = [result for result in _results(turn) if result.name not in reading and result.output.get("success")]
    told = "; ".join(_first(_short(result.output.get("message")) for result in done))
    return f" Before that, this was done: {told}." if told else ""


def _results(turn: Turn) -> Iterator[ToolResult]:
    return (step for step in turn.steps if isinstance(step, ToolResult) and not is_hint(step))


def _lines(output: dict[str, Any]) -> Iterator[str]:
    message = _short(output.get("message"))
    yield message if output.get("success") else f"Not done: {message}"
    data = output.get("data")
    for task in (data.get("tasks") or []) if isinstance(data, dict) else []:
        yield _short(f"{task['id']}. {task['title']}")


def _first(lines: Iterable[str]) -> list[str]:
    told = list(lines)
    more = len(told) - TOLD_MOST
    return [*told[:TOLD_MOST], f"and {more} more"] if more > 0 else told


def _short(text: object) -> str:
    told = str(text)
    return told if len(told) <= LINE_LONGEST else f"{told[:LINE_LONGEST]}…"
