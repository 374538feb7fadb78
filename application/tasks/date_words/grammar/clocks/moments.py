"""The table of moments, such as "in two hours"."""

from datetime import UTC, timedelta

from application.tasks.date_words.grammar.context import DateContext
from application.tasks.date_words.grammar.patterns import AccessTokens, Row, Slot, Table, word_slot
from application.tasks.date_words.grammar.slots import SLOTS
from domain.tasks.dates.due import YEARS, Due
from domain.tasks.dates.due_text import parse_due
from domain.zones import UTC_ZONE


def _in_minutes(context: DateContext, minutes: float) -> Due | None:
    """Returns the moment, with the zone that the user is in now, so that it stays the same moment wherever the user
    goes."""
    try:
        moment = context.now.astimezone(UTC) + timedelta(minutes=minutes)
    except OverflowError:
        return None
    return parse_due(f"{moment:%Y-%m-%dT%H:%M}Z", _zone(context)) if moment.year < YEARS[1] else None


def _hours_and(context: DateContext, hours: int, size: int, minutes: int, _: int) -> Due | None:
    return _in_minutes(context, hours * size + minutes)


_ROWS: tuple[Row, ...] = (
    ("{count} {hours}", lambda context, count, size: _in_minutes(context, count * size)),
    ("{decimal} {hours}", lambda context, count, size: _in_minutes(context, count * size)),
    ("{count} {minutes}", lambda context, count, size: _in_minutes(context, count * size)),
    ("{count} {hours} [and] {count} {minutes}", _hours_and),
    ("{h time}", lambda context, time: _in_minutes(context, time[0] * 60 + time[1])),
    ("half an|a {hours}", lambda context, size: _in_minutes(context, size / 2)),
    ("{count} and a half {hours}", lambda context, count, size: _in_minutes(context, (count + 0.5) * size)),
    ("{count} {hours} and a half", lambda context, count, size: _in_minutes(context, (count + 0.5) * size)),
    ("a|one quarter of an {hours}", lambda context, size: _in_minutes(context, size / 4)),
    ("three quarters of an {hours}", lambda context, size: _in_minutes(context, size * 0.75)),
)
_SPANS = Table(SLOTS, *_ROWS)
_OF_TIME = Table(
    SLOTS | {"hours": word_slot({"hour's": 60, "hours": 60}), "minutes": word_slot({"minute's": 1, "minutes": 1})},
    *_ROWS,
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
    {"span": _SPANS.as_slot(), "of time": _OF_TIME.as_slot(), "due": Slot(_written_due, frozenset("0"))},
    ("{due}", lambda _, due: due),
    ("in|within {span}", lambda _, due: due),
    ("in|within {of time} ['] time", lambda _, due: due),
    ("{span} from now", lambda _, due: due),
)
