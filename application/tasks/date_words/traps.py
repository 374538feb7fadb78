"""Recognizes date words in a title that are something else: a part of a name, a count, or a word of another language.
If that is not clear, the title stays whole. The user can still add a date, but words that were cut out are lost."""

from collections.abc import Callable

from application.tasks.date_words.grammar.slots import ENDINGS
from application.tasks.date_words.grammar.tokens import UNREAD
from application.tasks.date_words.grammar.vocabulary import MONTHS, ORDINALS, PART_HOURS, WEEKDAYS
from application.tasks.date_words.number_traps import is_count, is_no_date, is_number
from application.tasks.date_words.phrases import CONNECTORS, Phrase, phrase_at
from application.tasks.date_words.place_traps import PLACE_TRAPS
from application.tasks.date_words.title import TaskTitle
from application.tasks.date_words.trap_words import (
    AFTER_AN_HOUR,
    AFTER_THE_VERB_MAY,
    DAY_WORDS,
    NAMES,
    WORDS_BEFORE_CONTENT,
)

BARE = frozenset({"sun", "sat", "wed", "noon", "midday", "midnight", "dinnertime", *MONTHS})
"""Words with other meanings too. They are dates after on, by, at, every and next, and at the end of a title."""
_SHARED = frozenset({"on", "in", "at", "by", *MONTHS, *WEEKDAYS})
MAX_SHARED_LENGTH = 5
WORDS_BEFORE_UNREAD = 3
"""Up to two words may connect a date with the unread part, as in `monday, and`."""
_OF_RULES = frozenset({",", "on", "from", "until", "till", "starting", "except", "but", "through"})
_BEFORE_A_RANGE = ("from", "between")
_JOINTS = frozenset({"and", "or", "to", "through", "till", "until", "-", "–", "—", "&", "/", "+"})
_OPENING = " \t\n\r\u00a0([,;:-–—"
_CLOSING = " \t\n\r\u00a0)],;:.!?…–—"


def _is_part_of_a_word(title: TaskTitle, phrase: Phrase) -> bool:
    """Returns whether the phrase is part of a longer word, as in "mid-May", "friday/saturday", "today.txt",
    "https://today.example", "10,000", "#friday" or "@friday". "@ 9" is not."""
    start, end = title.tokens[phrase.first].start, title.tokens[phrase.after - 1].end
    if title.text[start] == "@" and title.text[start + 1].isalpha():
        return True
    before = title.text[start - 1] if start else " "
    after = title.text[end : end + 2] or " "
    if before not in _OPENING or (before in "-–—:" and not title.text[: start - 1].endswith(" ") and before != ":"):
        return True
    if after[0] == "," and title.text[end - 1].isdigit() and after[1:].isdigit():
        return True
    return after[0] not in _CLOSING or (after[0] in ".:!?" and len(after) > 1 and after[1] not in _CLOSING)


def _is_in_a_name(title: TaskTitle, phrase: Phrase) -> bool:
    """Returns whether the phrase is in a known name, such as "Black Friday", "Friday the 13th" or "24/7"."""
    if phrase.is_rule or "clock" in phrase.parts:
        return False
    for first in range(max(phrase.first - 1, 0), phrase.after):
        for name in NAMES.get(title.word(first), ()):
            found = tuple(title.word(first + each) for each in range(len(name)))
            if found == name and _is_named(title, first, phrase):
                return True
    return False


def _is_named(title: TaskTitle, first: int, phrase: Phrase) -> bool:
    """ "24/7" is a day after "on" or "by", and "friday the 13th" is a film only if it is capitalized."""
    if title.word(first)[0].isdigit():
        return title.word(phrase.first) not in CONNECTORS
    return title.word(first) != "friday" or title.tokens[first].is_capital


def _is_capitalised_name(title: TaskTitle, phrase: Phrase) -> bool:
    """Returns whether the phrase and the next word are capitalized, as in "Saturday Night Fever" or "Tomorrow Never
    Dies"."""
    only_day = phrase.parts.keys() <= {"day", "part"} and title.word(phrase.first) in DAY_WORDS
    if not only_day or title.is_shouted or title.word(phrase.after) in ("", *AFTER_AN_HOUR):
        return False
    return title.tokens[phrase.first].is_capital and title.tokens[phrase.after].is_capital


def _is_content(title: TaskTitle, phrase: Phrase) -> bool:
    """Holds where the task is about the phrase: "the Friday report", "news of today", "between monday and friday"."""
    before = title.word(phrase.first - 1)
    if before in WORDS_BEFORE_CONTENT and not phrase.is_rule:
        return not (before == "the" and title.word(phrase.first) == "weekend")
    if _is_between_weekdays(title, phrase):
        return True
    if before in ("to", "-", "–") and _are_numbers(title, phrase.first - 2, phrase.first):
        return True
    joint = before if before in _JOINTS else ""
    if joint and _is_like(title, phrase.first - 2, phrase):
        return True
    return title.word(phrase.after) in _JOINTS and _is_like(title, phrase.after + 1, phrase)


def _are_numbers(title: TaskTitle, first: int, second: int) -> bool:
    return title.word(first).isdecimal() and title.word(second)[0].isdigit()


def _is_between_weekdays(title: TaskTitle, phrase: Phrase) -> bool:
    """Holds for "mon wed fri": without "every", it is unclear which day is meant."""
    if phrase.is_rule:
        return False
    is_second = title.word(phrase.first) in WEEKDAYS and title.word(phrase.first - 1) in WEEKDAYS
    return is_second or (title.word(phrase.after - 1) in WEEKDAYS and title.word(phrase.after) in WEEKDAYS)


def _is_like(title: TaskTitle, index: int, phrase: Phrase) -> bool:
    word = title.word(index)
    if ("clock" in phrase.parts or phrase.is_rule) and (word[:1].isdigit() or word in ("am", "pm")):
        return True
    return ("day" in phrase.parts and word in DAY_WORDS) or (phrase.is_rule and word in PART_HOURS)


def _is_bare(title: TaskTitle, phrase: Phrase) -> bool:
    """Holds for a word with several meanings, such as "may" or "sun", if no word before it shows which is meant."""
    words = [title.word(index) for index in range(phrase.first, phrase.after)]
    if words[0] == "this":
        words = words[1:]
    if len(words) != 1:
        return False
    if words[0] in ORDINALS or words[0] in BARE:
        return words[0] in ORDINALS or not title.is_last(phrase)
    return words[0].endswith(ENDINGS) and not title.is_last(phrase)


def _is_the_verb(title: TaskTitle, phrase: Phrase) -> bool:
    """Returns whether "may" is the verb, as in "I may 2" or "3 may be late"."""
    last = title.word(phrase.after - 1)
    is_before = title.word(phrase.first) == "may" and title.word(phrase.first - 1) in ("i", "we", "you", "they", "it")
    return is_before or (last == "may" and title.word(phrase.after) in AFTER_THE_VERB_MAY)


def _is_foreign(title: TaskTitle, phrase: Phrase) -> bool:
    """Holds for "Treffen um 14:30" and "ver el mar": languages share numbers and short words."""
    words = [title.word(index) for index in range(phrase.first, phrase.after)]
    is_shared = all(not word[0].isalpha() or word in _SHARED for word in words)
    if not is_shared or any(len(word) > MAX_SHARED_LENGTH for word in words if word.isalpha()):
        return False
    return title.is_of_another_language or title.word(phrase.first - 1) == "am"


def _is_cut_off(title: TaskTitle, phrase: Phrase) -> bool:
    """Holds right before the part of a long text that is not read: that may say more about the date."""
    return UNREAD in (title.word(phrase.after + each) for each in range(WORDS_BEFORE_UNREAD))


TRAPS: tuple[Callable[[TaskTitle, Phrase], bool], ...] = (
    _is_part_of_a_word,
    _is_in_a_name,
    _is_capitalised_name,
    _is_content,
    _is_bare,
    is_number,
    is_no_date,
    _is_the_verb,
    is_count,
    _is_foreign,
    _is_cut_off,
    *PLACE_TRAPS,
)


def is_trap(title: TaskTitle, phrase: Phrase) -> bool:
    return any(trap(title, phrase) for trap in TRAPS)


def rest_of(title: TaskTitle, phrase: Phrase) -> Phrase | None:
    """Returns the date that follows at once. Every month on monday: more was said of when than could be read."""
    is_joined = title.word(phrase.after) in (_JOINTS | _OF_RULES if phrase.is_rule else _JOINTS)
    start = phrase.after + is_joined
    if start >= len(title.tokens) or (phrase.parts.keys() == {"clock"} and not is_joined):
        return None
    is_range = phrase.is_rule or title.word(phrase.first - 1) in _BEFORE_A_RANGE
    if not is_range and is_trap(title, phrase):
        return None
    rest = phrase_at(title.context, title.tokens, start)
    if rest is None or any(trap(title, rest) for trap in TRAPS):
        return None
    is_same = "day" in rest.parts or ("clock" in phrase.parts and "clock" in rest.parts)
    return rest if is_same or not is_joined or phrase.is_rule else None
