from datetime import UTC, timedelta
from typing import NamedTuple

from application.tasks.date_words.grammar.context import DateContext
from application.tasks.date_words.grammar.patterns import AccessTokens, Meaning, Slot, Table
from application.tasks.date_words.grammar.slots import SLOTS
from application.tasks.date_words.grammar.vocabulary import AFTERNOON_HOURS
from domain.tasks.dates.due import YEARS, Due
from domain.tasks.dates.due_text import parse_due
from domain.zones import UTC_ZONE


class Clock(NamedTuple):
    """An hour that a person named. `is_open` means that it may be in the morning or in the afternoon, as in "at 9".
    `is_written` means that it has the form of a 24-hour clock, as in "5:30". Such an hour is in the morning unless the
    text says otherwise."""

    hour: int
    minute: int = 0
    is_open: bool = False
    is_written: bool = False

    def within(self, part: str | None) -> "Clock":
        """Returns the hour in this part of the day. Without a part, returns the more usual hour of the two."""
        if not self.is_open:
            return self
        if part is None:
            return self.later if self.hour in AFTERNOON_HOURS and not self.is_written else self
        return self if part == "morning" or self.hour == 12 else self.later

    @property
    def later(self) -> "Clock":
        return self._replace(hour=self.hour % 12 + 12)


def _hour(_: DateContext, hour: int) -> Clock:
    return Clock(hour, is_open=1 <= hour <= 12)


def _written(context: DateContext, time: tuple[int, int, bool]) -> Clock:
    hour, minute, is_24 = time
    return Clock(hour, minute, 1 <= hour <= 12 and not is_24, is_written=not context.has_half_days)


def _half_day(hour: int, half: str, minute: int = 0) -> Clock | None:
    if not 1 <= hour <= 12:
        return None
    return Clock(hour % 12 + (12 if half == "pm" else 0), minute)


def _written_half(_: DateContext, time: tuple[int, int, bool], half: str) -> Clock | None:
    return _half_day(time[0], half, time[1])


def _past(minutes: int) -> Meaning:
    return lambda context, hour: _hour(context, hour)._replace(minute=minutes)


def _to(minutes: int) -> Meaning:
    return lambda context, hour: _hour(context, (hour - 2) % 12 + 1)._replace(minute=60 - minutes)


def _minutes_past(context: DateContext, minutes: int, hour: int) -> Clock | None:
    return _past(minutes)(context, hour) if _is_said_of_hours(minutes) else None


def _minutes_to(context: DateContext, minutes: int, hour: int) -> Clock | None:
    return _to(minutes)(context, hour) if _is_said_of_hours(minutes) else None


def _is_said_of_hours(minutes: int) -> bool:
    return minutes < 60 and minutes % 5 == 0


_HALVES = Table(
    {},
    ("am", lambda _: "am"),
    ("pm", lambda _: "pm"),
    ("a . m [.]", lambda _: "am"),
    ("p . m [.]", lambda _: "pm"),
)
_SLOTS = {**SLOTS, "half": _HALVES.as_slot()}
PARTS = Table(
    _SLOTS,
    ("[in] [the] {part}", lambda _, part: part),
    ("at night", lambda _: "night"),
    ("am", lambda _: "morning"),
    ("pm", lambda _: "afternoon"),
)
"""These stand after a day or an hour; alone, only as the next table has them."""
PARTS_ALONE = Table(_SLOTS, ("in the {part}", lambda _, part: part))
CLOCKS = Table(
    _SLOTS,
    ("[at] {time}", _written),
    ("at {dotted time}", _written),
    ("[at] {hour} {half}", lambda _, hour, half: _half_day(hour, half)),
    ("[at] {hour} in the {part}", lambda context, hour, part: _hour(context, hour).within(part)),
    ("[at] {time} {half}", _written_half),
    ("[at] {dotted time} {half}", _written_half),
    ("[at] {hour} o'clock|oclock", _hour),
    ("[at] {hour} o'clock|oclock {half}", lambda _, hour, half: _half_day(hour, half)),
    ("at|by {hour}", _hour),
    ("at {hour} sharp", _hour),
    ("at {hour} thirty", _past(30)),
    ("at {hour} fifteen", _past(15)),
    ("[at] half past {hour}", _past(30)),
    ("[at] [a] quarter past|after {hour}", _past(15)),
    ("[at] [a] quarter to|before {hour}", _to(15)),
    ("[at] {count} past {hour}", _minutes_past),
    ("at {count} to {hour}", _minutes_to),
    ("[at] {hour} noon", lambda _, hour: Clock(12) if hour == 12 else None),
    ("[at] {hour} midnight", lambda _, hour: Clock(0) if hour == 12 else None),
    ("[at] noon|midday", lambda _: Clock(12)),
    ("[at] midnight", lambda _: Clock(0)),
)


def _in_minutes(context: DateContext, minutes: float) -> Due | None:
    """The moment has the zone that the user is in now, so that it stays the same wherever the user goes."""
    try:
        moment = context.now.astimezone(UTC) + timedelta(minutes=minutes)
    except OverflowError:
        return None
    return parse_due(f"{moment:%Y-%m-%dT%H:%M}Z", _zone(context)) if moment.year < YEARS[1] else None


def _hours_and(context: DateContext, hours: int, size: int, minutes: int, _: int) -> Due | None:
    return _in_minutes(context, hours * size + minutes)


_SPANS = Table(
    SLOTS,
    ("{count} {hours}", lambda context, count, size: _in_minutes(context, count * size)),
    ("{decimal} {hours}", lambda context, count, size: _in_minutes(context, count * size)),
    ("{count} {minutes}", lambda context, count, size: _in_minutes(context, count * size)),
    ("{count} {hours} [and] {count} {minutes}", _hours_and),
    ("half an|a {hours}", lambda context, size: _in_minutes(context, size / 2)),
    ("{count} and a half {hours}", lambda context, count, size: _in_minutes(context, (count + 0.5) * size)),
    ("{count} {hours} and a half", lambda context, count, size: _in_minutes(context, (count + 0.5) * size)),
    ("a|one quarter of an {hours}", lambda context, size: _in_minutes(context, size / 4)),
    ("three quarters of an {hours}", lambda context, size: _in_minutes(context, size * 0.75)),
)


def _written_due(context: DateContext, tokens: AccessTokens, at: int) -> tuple[Due, int] | None:
    try:
        due = parse_due(tokens[at].word, _zone(context))
    except ValueError:
        return None
    return (due, at + 1) if due.has_time else None


def _zone(context: DateContext) -> str:
    return getattr(context.now.tzinfo, "key", UTC_ZONE)


MOMENTS = Table(
    {"span": _SPANS.as_slot(), "due": Slot(_written_due, frozenset("0"))},
    ("{due}", lambda _, due: due),
    ("in|within {span}", lambda _, due: due),
    ("{span} from now", lambda _, due: due),
)
