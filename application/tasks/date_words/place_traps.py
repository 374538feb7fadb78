"""Recognizes phrases that are dates only at some places of a title, such as "mondays", "first thing" or "christmas"."""

from collections.abc import Callable

from application.tasks.date_words.grammar.vocabulary import ADVERBS, DAY_PARTS, NUMBERS, WEEKDAYS
from application.tasks.date_words.phrases import CONNECTORS, UNTIL, Phrase
from application.tasks.date_words.title import TaskTitle
from application.tasks.date_words.trap_words import (
    AFTER_AN_HOUR,
    DAY_WORDS,
    HOLIDAYS,
    LIKINGS,
    NUMBERED_THINGS,
    VERBS_OF_A_MOMENT,
    VERBS_OF_AMOUNTS,
)

SEVERAL_DAYS = frozenset(f"{day}s" for day in ("weekday", "weekend", "workday", *WEEKDAYS))
_SEVERAL_PARTS = frozenset(f"{part}s" for part in DAY_PARTS)
_SEVERAL = SEVERAL_DAYS | _SEVERAL_PARTS | {"alternate"}
_BEFORE_A_HOLIDAY = frozenset({"on", "by", "before", "at", "due"})
_RULE_WORDS = frozenset({"every", "each", *ADVERBS})


def _ends_its_part(title: TaskTitle, phrase: Phrase) -> bool:
    return title.is_last(phrase) or title.word(phrase.after) in AFTER_AN_HOUR


def _is_part_alone(title: TaskTitle, phrase: Phrase) -> bool:
    """Returns whether the phrase is a part of the day without a day, such as "before bed". "At lunchtime" is read, and
    "first thing" at the end."""
    words = title.words(phrase)
    if phrase.parts.keys() != {"part alone"} or words[:2] == ["in", "the"]:
        return False
    is_time = words[0] == "first" or words[-1].endswith("time")
    return not is_time or not title.is_last(phrase)


def _is_kind_of_thing(title: TaskTitle, phrase: Phrase) -> bool:
    """Returns whether the phrase says of which kind something is, as in "9am to 5pm shift" or "after 5pm party"."""
    if phrase.parts.keys() != {"clock"} or _ends_its_part(title, phrase):
        return False
    return phrase.parts["clock"].minutes > 0 or title.word(phrase.first) in ("after", "around")


def _is_spoken_number(title: TaskTitle, phrase: Phrase) -> bool:
    """Returns whether the phrase may be a number in words, as in "page eight fifteen"."""
    is_spoken = phrase.parts.keys() == {"clock"} and NUMBERS.keys() >= set(title.words(phrase))
    return is_spoken and title.word(phrase.first - 1) in NUMBERED_THINGS | VERBS_OF_AMOUNTS


def _is_plural_alone(title: TaskTitle, phrase: Phrase) -> bool:
    """Returns whether the phrase is like "mondays", without an hour. It is a rule only after "on" or beside an hour."""
    words = title.words(phrase)
    if not phrase.is_rule or (words[0] not in _SEVERAL and words[-1] not in _SEVERAL_PARTS):
        return False
    if title.word(phrase.first - 1) in LIKINGS or title.word(phrase.after) in ("are", "were"):
        return True
    is_one_word = len(words) == 1 or (words[0] in CONNECTORS and words[-1] in _SEVERAL_PARTS and len(words) == 2)
    return "clock" not in phrase.parts and (is_one_word or words[0] in _SEVERAL)


def _is_lasting(title: TaskTitle, phrase: Phrase) -> bool:
    """Returns whether "until" means how long something lasts, as in "open until Friday". After "send" it means "by",
    and after "can wait" it means "on"."""
    if title.word(phrase.first) not in UNTIL or title.ends_before(phrase, "can", "wait"):
        return False
    before = {token.word for token in title.tokens[: phrase.first]}
    return before.isdisjoint(VERBS_OF_A_MOMENT) or not before.isdisjoint(_RULE_WORDS)


def _is_holiday(title: TaskTitle, phrase: Phrase) -> bool:
    """Returns whether a holiday is what the task is about, as in "christmas cards" or "a scarf for xmas"."""
    at = phrase.first
    while title.word(at) in CONNECTORS:
        at += 1
    if title.word(at) not in HOLIDAYS or phrase.parts.keys() != {"day"}:
        return False
    return title.word(phrase.first) not in _BEFORE_A_HOLIDAY or not _ends_its_part(title, phrase)


def _is_of_a_week(title: TaskTitle, phrase: Phrase) -> bool:
    """Returns whether "a week" is how long something lasts, as in "for a week on Friday", or has a number, as in
    "Friday week 3"."""
    words = title.words(phrase)
    is_numbered = words[-1] == "week" and words[-2] in DAY_WORDS and title.word(phrase.after)[:1].isdigit()
    is_lasting = words[:2] == ["for", "a"] or (words[0] == "a" and title.word(phrase.first - 1) == "for")
    return "day" in phrase.parts and (is_numbered or is_lasting)


def _is_latest_thing(title: TaskTitle, phrase: Phrase) -> bool:
    """Returns whether "latest" belongs to another word, as in "Friday latest news"."""
    words = title.words(phrase)
    is_open = words[0] == "latest" or (words[-1] == "latest" and words[-2:-1] != ["the"])
    return is_open and not _ends_its_part(title, phrase)


def _is_half_read(title: TaskTitle, phrase: Phrase) -> bool:
    """Returns whether a word beside the phrase says more about the date than could be read, as in "the mondays at 9" or
    "next friday week"."""
    before = phrase.first - 1
    before -= title.word(before) in CONNECTORS
    if phrase.parts.keys() == {"clock"} and title.word(before) in SEVERAL_DAYS:
        return True
    return title.word(phrase.after - 1) in DAY_WORDS and title.word(phrase.after) == "week"


def _is_adjective(title: TaskTitle, phrase: Phrase) -> bool:
    """Returns whether the phrase is an adjective, as in "Weekly report". At the end of a title, or with an hour or a
    day, it is a rule."""
    is_alone = phrase.after - phrase.first == 1 and title.word(phrase.first) in (*ADVERBS, "nightly")
    is_once = title.word(phrase.first) == "once" and phrase.parts.keys() == {"rule"}
    return (is_alone or is_once) and not title.is_last(phrase)


PLACE_TRAPS: tuple[Callable[[TaskTitle, Phrase], bool], ...] = (
    _is_half_read,
    _is_adjective,
    _is_part_alone,
    _is_kind_of_thing,
    _is_spoken_number,
    _is_plural_alone,
    _is_lasting,
    _is_holiday,
    _is_of_a_week,
    _is_latest_thing,
)
