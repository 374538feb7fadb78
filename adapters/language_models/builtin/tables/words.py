"""Makes words comparable, so that what people did ("bought the groceries") finds what they wrote ("Buy groceries")."""

import re
from functools import lru_cache

from domain.tasks.fields import MAX_TITLE_LENGTH

_IRREGULAR = """
ate eat|began begin|begun begin|bought buy|broke break|broken break|brought bring|built build|caught catch|chose choose
chosen choose|dealt deal|did do|done do|drank drink|drawn draw|drew draw|driven drive|drove drive|dug dig|eaten eat
fed feed|felt feel|filed file|flew fly|forgot forget|forgotten forget|fought fight|found find|froze freeze|gave give
given give|gone go|got get|gotten get|grew grow|hid hide|hung hang|held hold|kept keep|laid lay|learnt learn|led lead
left leave|lent lend|lost lose|made make|met meet|mown mow|paid pay|ran run|rang ring|rode ride|said say|sang sing
saw see|seen see|sent send|sewn sew|shone shine|shot shoot|shown show|slept sleep|sold sell|sought seek|spent spend
spoke speak|spoken speak|stood stand|swam swim|swept sweep|taken take|taught teach|thought think|threw throw
thrown throw|told tell|took take|understood understand|went go|woke wake|won win|wore wear|wrote write|written write
"""
_PAIRS = [(pair.split()[0], pair.split()[1]) for pair in re.split(r"[|\n]", _IRREGULAR.strip())]
IRREGULAR = dict(_PAIRS)
SAME_IN_THE_PAST = ("cut", "hit", "let", "put", "quit", "read", "set", "shut")
_CHORES = """
answer apply arrange ask assemble attend bake book borrow brew bring brush build buy call change charge check clean
collect contact cook decorate deliver deposit do donate download draft drive drop dust email empty exercise
exchange feed fetch file fill find finalize fix fold follow get give go grab hang have hire hoover install invest
invite iron learn look mail make meditate meet mop mow move order organise organize pack paint park pay phone pick
plan plant play polish post practice practise prepare print publish read rebook refill register renew rent repair
replace reply research reserve respond return review ring run save scan schedule sell send service sew ship shop
shovel sign sort stretch study submit sweep take talk tell test text thank tidy train transfer trim try update
upgrade upload use vacuum visit vote wait walk wash watch water wax weed win withdraw work wrap write
"""
CHORES = frozenset(_CHORES.split())
_SAYING_NOTHING = """
a about already an and any are at be been both finally for from had has have i in is it item items just me my of on
one ones or our please some task tasks that the their these thing this those to todo todos ve was we were with your
"""
_EMPTY = frozenset(_SAYING_NOTHING.split())
_WORD = re.compile(r"\w+(?:'\w+)?")
_VOWEL = re.compile(r"[aeiouy]")
MAX_READ = 2 * MAX_TITLE_LENGTH
"""The number of characters that are read. It is twice the length of the longest title."""


def words(text: str) -> list[str]:
    return _WORD.findall(text[:MAX_READ].casefold())


def stems(text: str) -> list[str]:
    """Returns the stems of the words with a meaning, each once, in order. If none has a meaning, as in "To do", returns
    all stems."""
    every = words(text)
    telling = [word for word in every if word not in _EMPTY]
    return list(dict.fromkeys(map(stem, telling or every)))


def tells_something(text: str) -> bool:
    return any(word not in _EMPTY for word in words(text))


@lru_cache(maxsize=10_000)
def stem(word: str) -> str:
    """Returns the beginning of the word that its forms share. This is rough, but both sides of a comparison are cut
    alike."""
    word = word.removesuffix("'s")
    word = _without_ending(IRREGULAR.get(word, word))
    if len(word) > 3:
        word = word.rstrip("e") or word
    if len(word) > 2 and word[-1] == word[-2]:
        word = word[:-1]
    return word[:-1] + "i" if len(word) > 2 and word.endswith("y") else word


def _without_ending(word: str) -> str:
    for ending, replacement in (("ies", "y"), ("ied", "y"), ("ing", ""), ("ed", "")):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) > 1 and _VOWEL.search(rest):
            return rest + replacement
    is_plural = len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word[:-1] if is_plural else word


CHORE_STEMS = frozenset(map(stem, CHORES))
