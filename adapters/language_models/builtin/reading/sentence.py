"""Removes from a sentence what carries no request: courtesies at both ends, extra spaces and the last full stop."""

import re
import unicodedata
from dataclasses import dataclass, replace

_APOSTROPHES = str.maketrans("‘’ʼ", "'''")
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")
_HEAD = re.compile(
    r"(?:hi|hello|hey|good (?:morning|afternoon|evening)|ok|okay|alright|right|well|so|now|also|and|then|next"
    r"|please|pls|plz|kindly|just|actually|oh|hmm|um|uh|yes|yeah|no|sure|thanks|thank you|great|cool|perfect|sorry"
    r"|assistant|bot|oops|if (?:possible|you can|you could)"
    r"|(?P<asking>(?:can|could|will|would) (?:you|u|we))|you (?:can|may|could)|go ahead and"
    r"|let's|lets|let us|i mean|(?:i'd|i would) like you to|i (?:want|need) you to)\b(?: there)?"
    r"(?:[,!.:;]| -)? +",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"[,.! ]+(?:please|pls|plz|thanks|thank you|thx|ty|cheers|(?P<asking>(?:can|could|will|would) you))$", re.IGNORECASE
)
_SOFT_TAIL = re.compile(
    r"[,.! ]+(?:for me|right now|now|asap|right away|immediately|again please|then|instead|:\)|:-\))$", re.I
)
_STOPS = " \n.,!;:…"
_TICKS = "✓✔✅☑"
_UNMARKED = re.compile(
    r"((?:\S+ ){0,2}?)\b(what|that|how|who|do|did|does|have|has|is|are|was|were|wo|ca|should|must|let)(s|nt|n t)\b",
    re.IGNORECASE,
)
_MAX_COURTESIES = 5


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence. Titles are cut from `text`. `bare` is its beginning, without endings that only a title may have.

    `asked` means that it ends with a question mark, and not only for politeness ("can you …?").
    """

    text: str
    bare: str
    asked: bool

    def tail_of(self, start: int, end: int) -> str:
        """Returns the part of `text` at `bare[start:end]`. If that is the end of `bare`, the part goes to the end of
        `text`."""
        return self.text[start:] if end == len(self.bare) else self.text[start:end]


def sentence(said: str) -> Sentence:
    text = _LINES.sub("\n", _SPACES.sub(" ", said)).strip(_STOPS + "-*•")
    text = _UNMARKED.sub(_marked, text, count=1) if _UNMARKED.match(text) else text
    asked = text.endswith("?")
    text, asking = _without_tail(text.rstrip("?" + _STOPS))
    return Sentence(text, _bare(text), asked and not asking)


def without_courtesy(one: Sentence) -> Sentence:
    text, asked = one.text, one.asked
    for _ in range(_MAX_COURTESIES):
        head = _HEAD.match(text.translate(_APOSTROPHES))
        if not head:
            break
        text, asked = text[head.end() :], asked and not head["asking"]
    return replace(one, text=text, bare=_bare(text), asked=asked)


def one_line(text: str) -> str:
    return " ".join(text.split())


def _marked(match: re.Match[str]) -> str:
    """Adds the apostrophe that people often leave out, as in "whats left" and "i dont know"."""
    before, word, ending = match.groups()
    return f"{before}{word}'s" if ending.lower() == "s" else f"{before}{word}n't"


def _without_tail(text: str) -> tuple[str, bool]:
    asking = False
    for _ in range(_MAX_COURTESIES):
        tail = _TAIL.search(text[-30:])
        if not tail:
            break
        asking = asking or bool(tail["asking"])
        text = text[: len(text) - len(tail[0])].rstrip("?" + _STOPS)
    return text, asking


def _bare(text: str) -> str:
    shortened = text
    for _ in range(_MAX_COURTESIES):
        while shortened and _is_ornament(shortened[-1]):
            shortened = shortened[:-1]
        tail = _SOFT_TAIL.search(shortened[-30:])
        if not tail:
            break
        shortened = shortened[: len(shortened) - len(tail[0])]
    return (shortened or text).translate(_APOSTROPHES)


def _is_ornament(char: str) -> bool:
    return char not in _TICKS and (char in _STOPS or unicodedata.category(char) in {"So", "Sk", "Mn", "Cf"})
