"""The colors of lists in other programs, as the nearest of ours."""

import re
from collections.abc import Mapping

RGB: Mapping[str, tuple[int, int, int]] = {
    "red": (239, 68, 68),
    "orange": (249, 115, 22),
    "amber": (245, 158, 11),
    "lime": (132, 204, 22),
    "green": (34, 197, 94),
    "teal": (20, 184, 166),
    "cyan": (6, 182, 212),
    "blue": (59, 130, 246),
    "indigo": (99, 102, 241),
    "violet": (139, 92, 246),
    "pink": (236, 72, 153),
    "grey": (107, 114, 128),
}
TODOIST = (
    *("pink", "red", "orange", "amber", "lime", "lime", "green", "teal", "teal", "cyan"),
    *("cyan", "blue", "indigo", "violet", "pink", "pink", "orange", "grey", "grey", "orange"),
)
"""The nearest to Todoist's colors 30 to 49, in the order of their names."""
TODOIST_NAMES = (
    *("berry_red", "red", "orange", "yellow", "olive_green", "lime_green", "green", "mint_green", "teal", "sky_blue"),
    *("light_blue", "blue", "grape", "violet", "lavender", "magenta", "salmon", "charcoal", "grey", "taupe"),
)
FIRST_TODOIST = 30
_HEX = re.compile(r"#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})(?:[0-9a-f]{2})?", re.IGNORECASE)


def of_todoist(color: str | int | None) -> str | None:
    names = dict(zip(TODOIST_NAMES, TODOIST, strict=True))
    if isinstance(color, int):
        place = color - FIRST_TODOIST
        return TODOIST[place] if 0 <= place < len(TODOIST) else None
    return names.get(color or "")


def of_hex(text: str | None) -> str | None:
    """Returns the color that is nearest to `#rrggbb`, or to the CSS name of one of ours."""
    name = (text or "").strip().lower()
    match = _HEX.fullmatch(name)
    if match is None:
        return name if name in RGB else None
    wanted = [int(part, 16) for part in match.groups()]
    return min(RGB, key=lambda each: sum((a - b) ** 2 for a, b in zip(RGB[each], wanted, strict=True)))
