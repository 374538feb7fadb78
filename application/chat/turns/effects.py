"""Describes what a turn has done, for the cases in which the model can't do it."""

from collections.abc import Iterable, Iterator
from typing import Any

from application.chat.turns.duplicate_calls import is_hint
from domain.chat.messages import ToolResult
from domain.chat.turn import Turn

MAX_LINES = 20
MAX_LINE_LENGTH = 120


def describe_results(turn: Turn) -> str:
    return "\n".join(_first(line for result in _results(turn) for line in _lines(result.output)))


def describe_changes(turn: Turn, reading: frozenset[str]) -> str:
    """Returns one sentence about the changes, or "" if nothing changed. The tools in `reading` change nothing."""
    done = [result for result in _results(turn) if result.name not in reading and result.output.get("success")]
    lines = "; ".join(_first(_short(result.output.get("message")) for result in done))
    return f" Before that, this was done: {lines}." if lines else ""


def _results(turn: Turn) -> Iterator[ToolResult]:
    return (step for step in turn.steps if isinstance(step, ToolResult) and not is_hint(step))


def _lines(output: dict[str, Any]) -> Iterator[str]:
    message = _short(output.get("message"))
    yield message if output.get("success") else f"Not done: {message}"
    data = output.get("data")
    for task in (data.get("tasks") or []) if isinstance(data, dict) else []:
        yield _short(f"{task['id']}. {task['title']}")


def _first(lines: Iterable[str]) -> list[str]:
    lines = list(lines)
    more = len(lines) - MAX_LINES
    return [*lines[:MAX_LINES], f"and {more} more"] if more > 0 else lines


def _short(text: object) -> str:
    lines = str(text)
    return lines if len(lines) <= MAX_LINE_LENGTH else f"{lines[:MAX_LINE_LENGTH]}…"
