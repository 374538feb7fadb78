"""Finds variables whose names are similar to one of our settings, and so probably misspelt. The environment has many
names of other programs. So a similar name is reported only if our setting is not set, and only as a hint: it never
stops the start."""

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches

ALIKE = 0.85
"""The similarity of `TRUSTED_PROXY` and `TRUSTED_PROXIES` in difflib."""


def hints(environ: Mapping[str, str], settings: Collection[str]) -> Iterator[str]:
    """Yields one line per variable, with its name and without its value."""
    for name in sorted(environ.keys() - {*settings}):
        meant = next(_meant(name.upper(), settings), None)
        if meant and not environ.get(meant):
            yield f"{name} is no setting and is not read: did you mean {meant}?"


def _meant(name: str, settings: Collection[str]) -> Iterator[str]:
    words = name.split("_")
    yield from (each for each in settings if _is_one_edit_apart(_letters(name), _letters(each)))
    if len(words) > 1:
        yield from (each for each in settings if each.split("_")[: len(words)] == words)
    alike = [each for each in settings if _shape(each) == _shape(name)]
    yield from get_close_matches(name, alike, n=1, cutoff=ALIKE)


def _letters(name: str) -> str:
    return name.replace("_", "")


def _shape(name: str) -> tuple[str, int]:
    """Returns the first word and the number of words, so that `TF_LOG_LEVEL` does not match ours."""
    return name.partition("_")[0], name.count("_")


def _is_one_edit_apart(one: str, other: str) -> bool:
    """An edit adds, removes or replaces a letter, or swaps it with the next."""
    if abs(len(one) - len(other)) > 1:
        return False
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    return max(len(one), len(other)) < 2 or (len(one) == 2 and one == other[::-1])
