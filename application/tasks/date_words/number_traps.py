"""Recognizes numbers in a title that are not dates: a version, a fraction, a count."""

from application.tasks.date_words.grammar.slots import ENDINGS
from application.tasks.date_words.grammar.vocabulary import MONTHS, NUMBERS, ORDINALS, UNITS
from application.tasks.date_words.phrases import Phrase
from application.tasks.date_words.title import TaskTitle
from application.tasks.date_words.trap_words import (
    AFTER_A_COUNT,
    AFTER_AN_HOUR,
    NUMBERED_THINGS,
    VERBS_OF_AMOUNTS,
)


def is_number(title: TaskTitle, phrase: Phrase) -> bool:
    """Returns whether the phrase is a number such as in "Version 3.12", "1/2 cup" or "chapter 3rd". At the end of a
    title it may be a day, if the user's place writes days like this."""
    word = title.word(phrase.first)
    is_dotted, is_fraction = _is_dotted(word), _is_fraction(word)
    is_hour = title.word(phrase.first + 1) in ("am", "pm", "a", "p") and "clock" in phrase.parts
    if not (is_dotted or is_fraction) or is_hour or "day" not in phrase.parts:
        return False
    if title.word(phrase.first - 1) in NUMBERED_THINGS or (is_dotted and not title.context.has_dotted_dates):
        return True
    is_alone = phrase.after - phrase.first == 1 and not word.endswith(".")
    return is_alone and not title.is_last(phrase)


def _is_dotted(word: str) -> bool:
    """Returns whether the word is like 3.12 or "3.12.": two numbers, so a day without a year."""
    return word[0].isdigit() and len(word.rstrip(".").split(".")) == 2


def _is_fraction(word: str) -> bool:
    """Returns whether the word may be a fraction, such as 1/2 or 3/4. 12/24 is a day."""
    first, sign, second = word.partition("/")
    return bool(sign) and second.isdecimal() and int(first) <= 12 and int(second) <= 12


def is_amount(title: TaskTitle, phrase: Phrase) -> bool:
    """Returns whether the number at the end is what something costs, or of which version it is."""
    before = title.word(phrase.first - 1)
    is_marked = before in NUMBERED_THINGS or not (before == "," or before[:1].isalpha())
    return is_marked or not VERBS_OF_AMOUNTS.isdisjoint(token.word for token in title.tokens)


def is_no_date(title: TaskTitle, phrase: Phrase) -> bool:
    """Returns whether the phrase is a month after a number that is no day of it, as in "30 Feb"."""
    return title.word(phrase.first) in MONTHS and title.word(phrase.first - 1)[:1].isdigit()


def is_count(title: TaskTitle, phrase: Phrase) -> bool:
    """Returns whether the number belongs to the next word, as in "the 3rd floor" or "look at 5 houses"."""
    is_hour, is_place = _is_bare_hour(title, phrase), _is_bare_place(title, phrase)
    if not (is_hour or is_place) or title.is_last(phrase):
        return False
    is_said = title.word(phrase.first) == "at" or "past" in title.words(phrase)
    if is_hour and is_said and phrase.first == 0 and not title.tokens[phrase.after].is_capital:
        return False
    return title.word(phrase.after) not in (AFTER_AN_HOUR if is_hour else AFTER_A_COUNT)


def _is_bare_hour(title: TaskTitle, phrase: Phrase) -> bool:
    """Returns whether the phrase is like "at 5". "at 5:30" and "at 5 o'clock" are not."""
    last = title.word(phrase.after - 1)
    return phrase.parts.keys() == {"clock"} and (last.isdecimal() or last in NUMBERS)


def _is_bare_place(title: TaskTitle, phrase: Phrase) -> bool:
    """Returns whether the phrase is like "the 3rd", "on the 3" or "end of month". "the 3rd of May" is not."""
    words = title.words(phrase)
    is_number = words[-1].isdecimal() and words[-2:-1] == ["the"]
    is_nth = words[-1] in ORDINALS or (words[-1][0].isdigit() and words[-1].endswith(ENDINGS))
    is_end = words[-2:-1] == ["of"] and words[-1] in UNITS
    return phrase.parts.keys() == {"day"} and (is_nth or is_number or is_end) and MONTHS.keys().isdisjoint(words)
