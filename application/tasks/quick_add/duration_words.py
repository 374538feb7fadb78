"""Durations in words, as in `takes about 45 minutes`, and where in a line they say how long the task takes."""

import re
from collections.abc import Iterator

from application.tasks.date_words.grammar.vocabulary import NUMBERS

_HALF_HOURS = {"half an hour": "30m", "quarter of an hour": "15m", "three quarters of an hour": "45m"}
_AMOUNT = rf"(?:\d{{1,4}}(?:\.\d{{1,2}})?|(?:{'|'.join(NUMBERS)})\b)"
_HOURS, _MINUTES = r"(?:hours?|hrs?|h)", r"(?:minutes?|mins?|m)"
_ABOUT = r"(?:about |around |roughly |only )?"
_DURATION = (
    rf"(?:{'|'.join(_HALF_HOURS)}|{_AMOUNT}(?: and a half)? ?{_HOURS}(?: and a half|(?: and)? ?{_AMOUNT} ?{_MINUTES})?"
    rf"|{_AMOUNT} ?{_MINUTES})(?![\w-])"
)
_SAID = re.compile(
    rf"(?:(?:it )?(?:takes|will take|should take|lasts) {_ABOUT}(?P<taken>{_DURATION})"
    rf"|(?<=, ){_ABOUT}(?P<part>{_DURATION})(?=\s*(?:,|$)))",
    re.IGNORECASE,
)
_AFTER_A_DATE = re.compile(rf",?\s+for {_ABOUT}(?P<after>{_DURATION})", re.IGNORECASE)
_WORD = re.compile(rf"\b(?:{'|'.join(NUMBERS)})\b")


def in_digits(text: str) -> str:
    """Returns the duration with digits: `1.5 hours` for "an hour and a half". Other texts stay as they are."""
    text = text.lower().strip()
    if text in _HALF_HOURS:
        return _HALF_HOURS[text]
    text = _WORD.sub(lambda word: str(NUMBERS[word[0]]), text.replace(" and a half", ".5"))
    text = re.sub(r"^(\d+) ?(h\w*)\.5$", r"\1.5 \2", text)
    return text.replace(" and ", " ")


def durations_in(text: str, after_date: int | None) -> Iterator[tuple[str, int, int]]:
    """Yields what may say how long the task takes, with its place: "takes 20 minutes", a part between commas, and "for
    20 minutes" right after the date. Elsewhere it may be a part of the task, as in "boil eggs for 6 minutes"."""
    matches = [*_SAID.finditer(text)]
    if after_date is not None and (after := _AFTER_A_DATE.match(text, after_date)):
        matches.append(after)
    for match in matches:
        duration = next(each for each in match.groups() if each)
        yield duration, match.end() - len(match[0].lstrip(" ,")), match.end()
