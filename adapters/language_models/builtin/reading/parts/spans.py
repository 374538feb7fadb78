"""Reads how long something takes, by how much it is moved, and how long before it a reminder rings."""

import re

from adapters.language_models.builtin.requests import Fields, Shift
from adapters.language_models.builtin.tables import NUMBERS, pairs

_UNITS = {unit: kind.split() for kind, units in pairs("slots", "shifts").items() for unit in units.split()}
_NO_SHIFT = re.compile(r"\b(?:in|at|for|next|every|on) ?$")


def span_before(said: str) -> str:
    """Returns "1 day before" for "the evening", as the tools read reminders."""
    number, unit = said.lower().rsplit(" ", 1)
    count = "a" if number == "the" else NUMBERS.get(number, number)
    return f"{count} {'day' if unit in ('evening', 'night') else unit} before"


def _number(found: re.Match[str]) -> float:
    said = found["number"].lower()
    whole = said.removesuffix(" and a half")
    return (int(whole) if whole.isdigit() else NUMBERS.get(whole, 1)) + 0.5 * (whole != said)


def estimate(found: re.Match[str], _: str) -> Fields:
    return {"estimate": f"{_number(found):g} {found['unit']}"}


def shift(found: re.Match[str], text: str) -> Fields:
    if _NO_SHIFT.search(text[: found.start()]):
        return {}
    kind, each = _UNITS[found["unit"].lower()]
    sign = -1 if "earlier" in found.groupdict() or "forward" in found[0].lower() else 1
    return {"shift": Shift(**{kind: int(_number(found) * int(each)) * sign})}
