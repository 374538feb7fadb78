"""An hour as a person names it, and how the ways of naming it are read."""

from typing import NamedTuple

from application.tasks.date_words.grammar.context import DateContext
from application.tasks.date_words.grammar.patterns import Meaning
from application.tasks.date_words.grammar.vocabulary import AFTERNOON_HOURS


class Clock(NamedTuple):
    """An hour that a person named. `is_open` means that it may be in the morning or in the afternoon, as in "at 9".

    `is_written` means that it has the form of a 24-hour clock, as in "5:30". Such an hour is in the morning unless the
    text says otherwise. `minutes` is the length of a window, as in "from 2 to 4".
    """

    hour: int
    minute: int = 0
    is_open: bool = False
    is_written: bool = False
    minutes: int = 0

    def within(self, part: str | None) -> "Clock":
        """Returns the hour in this part of the day. Without a part, returns the more usual hour of the two."""
        if not self.is_open:
            return self
        if part is None:
            return self.later if self.hour in AFTERNOON_HOURS and not self.is_written else self
        clock = self if part == "morning" or self.hour == 12 else self.later
        return clock._replace(is_open=False)

    @property
    def later(self) -> "Clock":
        return self._replace(hour=self.hour % 12 + 12)

    @property
    def of_day(self) -> int:
        """Returns the minutes since midnight."""
        return self.hour * 60 + self.minute


def plain(_: DateContext, clock: Clock) -> Clock:
    return clock


def said(_: DateContext, hour: int, minute: int = 0) -> Clock:
    return Clock(hour, minute, is_open=1 <= hour <= 12)


def exact(_: DateContext, time: tuple[int, int]) -> Clock:
    return Clock(*time)


def written(context: DateContext, time: tuple[int, int, bool]) -> Clock:
    hour, minute, is_24 = time
    return Clock(hour, minute, 1 <= hour <= 12 and not is_24, is_written=not context.has_half_days)


def half_day(_: DateContext, hour: int, half: str) -> Clock | None:
    return minutes_of_half(_, hour, 0, half)


def minutes_of_half(_: DateContext, hour: int, minute: int, half: str) -> Clock | None:
    if not 1 <= hour <= 12:
        return None
    return Clock(hour % 12 + (12 if half == "pm" else 0), minute)


def written_half(_: DateContext, time: tuple[int, int, bool], half: str) -> Clock | None:
    return minutes_of_half(_, time[0], time[1], half)


def past(minutes: int) -> Meaning:
    return lambda context, hour: said(context, hour, minutes)


def half(context: DateContext, hour: int) -> Clock | None:
    """Returns the meaning of "half 3", which is 3:30 in Britain."""
    return said(context, hour, 30) if hour <= 12 else None


def to(minutes: int) -> Meaning:
    """Returns the meaning of "10 to …". The hour before one is twelve."""
    return lambda context, hour: said(context, (hour - 2) % 12 + 1, 60 - minutes)


def minutes_past(context: DateContext, minutes: int, hour: int) -> Clock | None:
    return past(minutes)(context, hour) if _is_said_of_hours(minutes) else None


def minutes_to(context: DateContext, minutes: int, hour: int) -> Clock | None:
    return to(minutes)(context, hour) if _is_said_of_hours(minutes) else None


def _is_said_of_hours(minutes: int) -> bool:
    return minutes < 60 and minutes % 5 == 0
