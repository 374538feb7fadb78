"""The tables of words, as text: a section begins with its name in brackets, and lines with `# ` are comments."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@cache
def table(name: str) -> Mapping[str, list[str]]:
    """Returns the lines of each section of a table."""
    sections: dict[str, list[str]] = {}
    for line in (HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            sections[line[1:-1]] = lines = []
        elif line and not line.startswith("# "):
            lines.append(line)
    return sections


def words_of(name: str, section: str) -> frozenset[str]:
    return frozenset(word for line in table(name)[section] for word in line.split())


def alternatives(name: str, section: str) -> list[str]:
    return [phrase for line in table(name)[section] for phrase in line.split("|")]


@cache
def pairs(name: str, section: str, sign: str = ":") -> dict[str, str]:
    """Returns what stands before and behind the sign in each line."""
    found = (line.partition(sign) for line in table(name)[section])
    return {key.strip(): value.strip() for key, _, value in found}


NUMBERS = {word: int(number) for word, number in pairs("references", "numbers", " ").items()}


def regex(section: str) -> re.Pattern[str]:
    return re.compile("".join(table("phrases")[section]), re.IGNORECASE)
