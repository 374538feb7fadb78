"""Where date words in a title are something else: a name, a count, another language.

A title that is left whole can be given a date by hand; one that lost its words is broken. So doubt leaves it whole.
"""

from collections.abc import Callable

from application.date_words.grammar.slots import ENDINGS
from application.date_words.grammar.vocabulary import ADVERBS, MONTHS, ORDINALS, WEEKDAYS
from application.date_words.phrases import CONNECTORS, Phrase, phrase_at
from application.date_words.title import Title
from application.date_words.trap_words import (
    AFTER_A_COUNT,
    AFTER_AN_HOUR,
    NAMES,
    NUMBERED_THINGS,
    WORDS_BEFORE_CONTENT,
)

BARE = frozenset({"sun", "sat", "wed", "noon", "midday", "midnight", *MONTHS})
"""Words that mean more than a date; after on, by, at, every and next they mean one, and at the end of a title."""
_DAY_WORDS = frozenset({"today", "tonight", "tomorrow", *WEEKDAYS})
_SHARED = frozenset({"on", "in", "at", "by", *MONTHS, *WEEKDAYS})
LONGEST_SHARED = 5
_OF_RULES = frozenset({"on", "from", "until", "till", "starting"})
_JOINTS = frozenset({"and", "or", "to", "through", "till", "until", "-", "–", "—", "&", "/", "+"})
_OPENING = " \t\n\r\u00a0([{,;:-–—"
_CLOSING = " \t\n\r\u00a0)]},;:.!?…–—"


def _is_part_of_a_word(title: Title, phrase: Phrase) -> bool:
    """mid-May, friday/saturday, today.txt, https://today.example, #friday."""
    start, end = title.tokens[phrase.first].start, title.tokens[phrase.after - 1].end
    before = title.text[start - 1] if start else " "
    after = title.text[end : end + 2] or " "
    if before not in _OPENING or (before in "-–—:" and not title.text[: start - 1].endswith(" ") and before != ":"):
        return True
    return after[0] not in _CLOSING or (after[0] in ".:!?" and len(after) > 1 and after[1] not in _CLOSING)


def _is_in_a_name(title: Title, phrase: Phrase) -> bool:
    """Black Friday, Friday the 13th, May the 4th be with you, 24/7."""
    if phrase.is_rule or "clock" in phrase.parts:
        return False
    for first in range(max(phrase.first - 1, 0), phrase.after):
        for name in NAMES.get(title.word(first), ()):
            found = tuple(title.word(first + each) for each in range(len(name)))
            if found == name and _is_named(title, first, phrase):
                return True
    return False


def _is_named(title: Title, first: int, phrase: Phrase) -> bool:
    """After on or by, 24/7 is a day; Friday the 13th is a film only in capitals."""
    if title.word(first)[0].isdigit():
        return title.word(phrase.first) not in CONNECTORS
    return title.word(first) != "friday" or title.tokens[first].is_capital


def _is_capitalised_name(title: Title, phrase: Phrase) -> bool:
    """Saturday Night Fever, Tomorrow Never Dies: capitals, and another one right after."""
    only_day = phrase.parts.keys() <= {"day", "part"} and title.word(phrase.first) in _DAY_WORDS
    if not only_day or title.is_shouted or title.word(phrase.after) in ("", *AFTER_AN_HOUR):
        return False
    return title.tokens[phrase.first].is_capital and title.tokens[phrase.after].is_capital


def _is_content(title: Title, phrase: Phrase) -> bool:
    """The Friday report, news of today, between monday and friday."""
    before = title.word(phrase.first - 1)
    if before in WORDS_BEFORE_CONTENT and not phrase.is_rule:
        return not (before == "the" and title.word(phrase.first) == "weekend")
    if _is_between_weekdays(title, phrase):
        return True
    joint = before if before in _JOINTS else ""
    if joint and _is_like(title, phrase.first - 2, phrase):
        return True
    return title.word(phrase.after) in _JOINTS and _is_like(title, phrase.after + 1, phrase)


def _is_between_weekdays(title: Title, phrase: Phrase) -> bool:
    """Mon wed fri: without "every", which of them?"""
    if phrase.is_rule:
        return False
    is_second = title.word(phrase.first) in WEEKDAYS and title.word(phrase.first - 1) in WEEKDAYS
    return is_second or (title.word(phrase.after - 1) in WEEKDAYS and title.word(phrase.after) in WEEKDAYS)


def _is_like(title: Title, index: int, phrase: Phrase) -> bool:
    word = title.word(index)
    if ("clock" in phrase.parts or phrase.is_rule) and (word[:1].isdigit() or word in ("am", "pm")):
        return True
    return "day" in phrase.parts and word in _DAY_WORDS


def _is_bare(title: Title, phrase: Phrase) -> bool:
    """May, sun, second: one word with more meanings, and nothing before it that tells which."""
    words = [title.word(index) for index in range(phrase.first, phrase.after)]
    if words[0] == "this":
        words = words[1:]
    if len(words) != 1:
        return False
    if words[0] in ORDINALS or words[0] in BARE:
        return words[0] in ORDINALS or not title.is_last(phrase)
    return words[0].endswith(ENDINGS) and not title.is_last(phrase)


def _is_number(title: Title, phrase: Phrase) -> bool:
    """Version 3.12, 1/2 cup, chapter 3rd: a number that is a day only where one is written like this, at the end."""
    word = title.word(phrase.first)
    is_dotted, is_fraction = _is_dotted(word), _is_fraction(word)
    if not (is_dotted or is_fraction) or "day" not in phrase.parts:
        return False
    if title.word(phrase.first - 1) in NUMBERED_THINGS or (is_dotted and not title.context.has_dotted_dates):
        return True
    is_alone = phrase.after - phrase.first == 1 and not word.endswith(".")
    return is_alone and not title.is_last(phrase)


def _is_dotted(word: str) -> bool:
    """3.12 and 3.12. have no year, nor is 9.30 an hour."""
    return word[0].isdigit() and len(word.rstrip(".").split(".")) == 2


def _is_fraction(word: str) -> bool:
    """1/2 and 3/4, but not 12/24: a fraction of a cup, or a day."""
    first, sign, second = word.partition("/")
    return bool(sign) and second.isdecimal() and int(first) <= 12 and int(second) <= 12


def _is_no_date(title: Title, phrase: Phrase) -> bool:
    """In 30 Feb there is no February."""
    return title.word(phrase.first) in MONTHS and title.word(phrase.first - 1)[:1].isdigit()


def _is_count(title: Title, phrase: Phrase) -> bool:
    """The 3rd floor, look at 5 houses: a number that the next word has need of."""
    last, following = title.word(phrase.after - 1), title.word(phrase.after)
    is_count = phrase.parts.keys() == {"clock"} and phrase.parts["clock"].is_open and ":" not in last
    is_count = is_count and last not in ("o'clock", "oclock", "sharp")
    is_place = phrase.parts.keys() == {"day"} and (last in ORDINALS or last.endswith(ENDINGS))
    is_place = is_place and not _has_month(title, phrase)
    if not (is_count or is_place) or title.is_last(phrase):
        return False
    if is_count and phrase.first == 0 and not title.tokens[phrase.after].is_capital:
        return False
    return following not in (AFTER_AN_HOUR if is_count else AFTER_A_COUNT)


def _has_month(title: Title, phrase: Phrase) -> bool:
    return any(title.word(index) in MONTHS for index in range(phrase.first, phrase.after))


def _is_adjective(title: Title, phrase: Phrase) -> bool:
    """Weekly report: only at the end, or with an hour or a day beside it, does it say when."""
    is_alone = phrase.after - phrase.first == 1 and title.word(phrase.first) in ADVERBS
    return is_alone and not title.is_last(phrase)


def _is_foreign(title: Title, phrase: Phrase) -> bool:
    """Treffen um 14:30, ver el mar: numbers and short words that other languages share."""
    words = [title.word(index) for index in range(phrase.first, phrase.after)]
    is_shared = all(not word[0].isalpha() or word in _SHARED for word in words)
    if not is_shared or any(len(word) > LONGEST_SHARED for word in words if word.isalpha()):
        return False
    return title.is_of_another_language or title.word(phrase.first - 1) == "am"


TRAPS: tuple[Callable[[Title, Phrase], bool], ...] = (
    _is_part_of_a_word,
    _is_in_a_name,
    _is_capitalised_name,
    _is_content,
    _is_bare,
    _is_number,
    _is_no_date,
    _is_count,
    _is_adjective,
    _is_foreign,
)


def is_trap(title: Title, phrase: Phrase) -> bool:
    return any(trap(title, phrase) for trap in TRAPS)


def rest_of(title: Title, phrase: Phrase) -> Phrase | None:
    """Returns the date that follows at once. Every month on monday: more was said of when than could be read."""
    start = phrase.after + (phrase.is_rule and title.word(phrase.after) in _OF_RULES)
    if phrase.parts.keys() == {"clock"} or start >= len(title.tokens):
        return None
    rest = phrase_at(title.context, title.tokens, start)
    return rest if rest and not any(trap(title, rest) for trap in TRAPS) else None
