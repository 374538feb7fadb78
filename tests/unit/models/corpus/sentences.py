"""Reads the corpus: what people say to an assistant, and what it should come to.

`## voice · kind` begins a part. A line is `said => effects ?? reply`. Messages of a dialogue are separated by ` >> `,
effects by ` ; `, the fields of one by ` | `, and alternatives by a `|` without spaces. `\\n` is a new line.

`+ title` is a new task; `done 3`, `open 3`, `del 3` and `restore 3` change the task of that number; `3: due=2026-12-01`
sets a field, where `-` is no value. The reply must contain what stands between the `&` signs, whatever the case.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
FILES = (
    "seen.txt",
    "set_aside.txt",
    "fresh.txt",
    "fresh_again.txt",
    "over_http.txt",
    "practice.txt",
    "last.txt",
    "unseen.txt",
    "kinds.txt",
)
_OR = re.compile(r"(?<! )\|(?! )")


@dataclass(frozen=True, slots=True)
class Sentence:
    voice: str
    kind: str
    messages: tuple[str, ...]
    effects: tuple[tuple[str, ...], ...]
    """The alternatives, of which each is a tuple of effects."""
    reply: tuple[tuple[str, ...], ...] = ()
    """All of these parts must be in the reply; each is a tuple of alternatives."""

    @property
    def said(self) -> str:
        return " >> ".join(self.messages)


def sentences(name: str) -> Iterator[Sentence]:
    voice = kind = ""
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            voice, kind = line[3:].split(" · ")
        elif " => " in line:
            yield _sentence(voice, kind, line)


def _sentence(voice: str, kind: str, line: str) -> Sentence:
    said, _, expected = line.partition(" => ")
    does, _, reply = expected.partition(" ?? ")
    if not does.strip():
        does = "nothing"
    messages = tuple(each.replace("\\n", "\n") for each in said.split(" >> "))
    effects = tuple(tuple(part.strip() for part in each.split(" ; ")) for each in _OR.split(does))
    parts = tuple(tuple(each.strip().split("|")) for each in reply.split(" & ")) if reply else ()
    return Sentence(voice, kind, messages, effects, parts)
