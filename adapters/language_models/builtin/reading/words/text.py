"""Makes a message comparable, and takes away what says nothing."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise

from adapters.language_models.builtin.reading.words.stems import CHORES, SIMILAR
from adapters.language_models.builtin.tables import (
    IRREGULAR,
    alternatives,
    one_of,
    pairs,
    phrase,
    phrases,
    table,
    words_of,
)

SHORT_FORMS = pairs("spelling", "short forms", " ")
_MISSPELT = [word for line in table("spelling")["often misspelt"] for word in line.split()]
_VERBS = [word for line in table("spelling")["verbs often misspelt"] for word in line.split()]
_COMMAND_WORDS = CHORES | frozenset(IRREGULAR) | words_of("words", "command words")
_WORD = re.compile(r"(?<![\w'.@#/-])[a-z0-9]+(?:'[a-z]+)?(?![\w'@/])", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"\n]{1,500}"|(?<!\w)\'[^\'\n]{2,500}\'(?!\w)')
_SIGNS = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "\t": " ", "\r": "\n", "…": "."}
)


_FILLERS, _AFTERTHOUGHTS = (one_of(alternatives("spelling", name)) for name in ("fillers", "afterthoughts"))
_LEAD = re.compile(rf"(?P<words>{_FILLERS})(?:\s*[,!.:]+\s*|\s+|$)", re.IGNORECASE)
_TAIL = re.compile(
    rf"(?:\s*[,.!?-]+\s*|\s+)(?:so |and |but )?(?P<words>{_AFTERTHOUGHTS})[\s.!,?:)]*$",
    re.IGNORECASE,
)
_ASKING = phrases("asking")
_POLITE = re.compile(r"(?:can|could|would|may) (?:(?:i|we) (?:have|get) |(?!i |we |you ))", re.IGNORECASE)
_NO_COMMAND = re.compile(
    r"no,? (?=(?:undo|call|rename|move|make|put|set|delete|add|change|mark|remind|reschedule|push)\b)", re.IGNORECASE
)
_END = re.compile("[\\s.!,;:❤\ufe0f\u200d\U0001f300-\U0001faff-]+$")
_PICTURES = re.compile("[❤\ufe0f\u200d\U0001f300-\U0001faff]+[\\s.!]*$")
_SAD = re.compile(r"\s*:-?\((?=\s+\w)")
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}", re.IGNORECASE)
LONGEST_DRAWN_OUT = 14
_FACES = re.compile("[\U0001f600-\U0001f64f\U0001f44d\U0001f64f]|[:;]-?[)(DP](?=\\s|$)")


def _filled(meant: str) -> Callable[[re.Match[str]], str]:
    return lambda found: meant.format(**found.groupdict())


_SPOKEN_DATES = [(phrase(said), _filled(meant)) for said, meant in pairs("spelling", "spoken dates", " =").items()]
MAX_FILLERS = 6


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a message that asks for one thing. `asked` is whether it ends with a question mark. A `polite` one is
    a request in the form of a question, as in "can you add milk?". `pictures` are the emoji that stood at its end.
    A remark asks for nothing, but may name what the next clause means by "it"."""

    text: str
    asked: bool = False
    polite: bool = False
    pictures: str = ""
    is_remark: bool = False

    @property
    def is_question(self) -> bool:
        return self.asked and not self.polite


def normalised(message: str) -> str:
    """Returns the message with plain quotes and spaces, and without the short forms and slips of phones."""
    text = outside_quotes(message.translate(_SIGNS), lambda part: _FACES.sub(" ", _SAD.sub(", ", part)))
    return outside_quotes(re.sub(r"[^\S\n]+", " ", text).strip(), _put_right)


def outside_quotes(text: str, change: Callable[[str], str]) -> str:
    """Returns the text with what is not in quotes changed."""
    ends = [0, *(end for found in _QUOTED.finditer(text) for end in found.span()), len(text)]
    parts = [text[start:end] for start, end in pairwise(ends)]
    return "".join(part if place % 2 else change(part) for place, part in enumerate(parts))


def _put_right(text: str) -> str:
    text = _WORD.sub(lambda found: _spelt(found[0]), text)
    for pattern, meant in _SPOKEN_DATES:
        text = pattern.sub(meant, text)
    return text


def _spelt(word: str) -> str:
    word = _DRAWN_OUT.sub(r"\1", word) if len(word) <= LONGEST_DRAWN_OUT else word
    low = word.lower()
    if low in SHORT_FORMS and not word.isupper():
        return SHORT_FORMS[low]
    if len(low) < 5 or low in _MISSPELT or low.endswith("s"):
        return word
    return _nearest(low, _MISSPELT, 0.8) or word


def bare(clause: Clause) -> Clause:
    """Returns the clause without fillers at its beginning and its end, and with a misspelt first word put right."""
    pictures = _PICTURES.search(clause.text)
    text, polite = _END.sub("", clause.text.strip()), clause.polite
    asked = clause.asked or text.endswith("?")
    text = _NO_COMMAND.sub("", text.rstrip("? "))
    polite = polite or bool(_POLITE.match(text))
    for cut in (_LEAD.match, _TAIL.search):
        for _ in range(MAX_FILLERS):
            found = cut(text)
            left = found and (text[found.end() :].lstrip() or text[: found.start()])
            if not found or not left:
                break
            is_maybe = cut == _TAIL.search and found["words"].lower() in ("maybe", "perhaps")
            polite = polite or is_maybe or bool(_ASKING.match(found["words"]))
            text = left
    shown = pictures[0].rstrip(" .!\n") if pictures else ""
    return Clause(_first_word_right(text.rstrip(" ,;")), asked, polite, shown)


def _first_word_right(text: str) -> str:
    first, space, rest = text.partition(" ")
    if first.lower() in ("i", "we", "i've", "we've") and rest:
        return f"{first} {_first_word_right(rest)}"
    is_word = len(first) > 3 and first.isalpha() and first.lower() not in _COMMAND_WORDS
    return f"{_nearest(first.lower(), _VERBS, SIMILAR) or first}{space}{rest}" if is_word else text


def _nearest(word: str, known: Sequence[str], similar: float) -> str:
    """Returns the known word that is the most alike and begins with the same letter, or ""."""
    return next(iter(get_close_matches(word, [each for each in known if each[0] == word[0]], 1, similar)), "")


def masked(text: str, spans: Sequence[tuple[int, int]] = ()) -> str:
    """Returns the text with stars in place of what is in quotes or in these spans, so that nothing there is taken for a
    command."""
    for start, end in spans:
        text = f"{text[:start]}{'*' * (end - start)}{text[end:]}"
    return _QUOTED.sub(lambda found: "*" * len(found[0]), text)


def unquoted(text: str) -> str:
    text = text.strip()
    found = _QUOTED.fullmatch(text)
    return text[1:-1].strip() if found else text
