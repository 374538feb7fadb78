"""Tables of windows such as "from 2 to 4": an hour, with the minutes until it ends."""

from application.tasks.date_words.grammar.clocks.clock import Clock, half_day, plain, said, written, written_half
from application.tasks.date_words.grammar.clocks.parts import HALF
from application.tasks.date_words.grammar.context import DateContext
from application.tasks.date_words.grammar.patterns import AccessTokens, Slot, Table
from application.tasks.date_words.grammar.slots import SLOTS
from application.tasks.date_words.grammar.vocabulary import MONTHS

HALF_DAY, DAY = 12 * 60, 24 * 60


def _digit_hour(context: DateContext, tokens: AccessTokens, at: int) -> tuple[Clock, int] | None:
    """Reads 4, but not in "4 December"."""
    if not tokens[at].word.isdecimal() or (at + 1 < len(tokens) and tokens[at + 1].word in MONTHS):
        return None
    found = SLOTS["hour"].read(context, tokens, at)
    return (said(context, found[0]), found[1]) if found else None


_SLOTS = {**SLOTS, "half": HALF, "digit": Slot(_digit_hour, frozenset("0"))}
_CLEAR = Table(
    _SLOTS,
    ("{time}", written),
    ("{hour} {half}", half_day),
    ("{time} {half}", written_half),
    ("{dotted time} {half}", written_half),
    ("noon|midday", lambda _: Clock(12)),
)
_SLOTS["clear"] = _CLEAR.as_slot()
_ANY = Table(_SLOTS, ("{clear}", plain), ("{digit}", plain), ("{dotted time}", written))
_SLOTS["any"] = _ANY.as_slot()
_SLOTS["spoken"] = Table(_SLOTS, ("{any}", plain), ("{hour word}", said)).as_slot()


def _window(_: DateContext, start: Clock, end: Clock) -> Clock | None:
    """Returns the window. An hour that may be in the morning or in the afternoon is the nearest to the other one."""
    minutes = (end.of_day - start.of_day) % (HALF_DAY if start.is_open or end.is_open else DAY)
    if not minutes:
        return None
    if not start.is_open or end.is_open:
        return start._replace(minutes=minutes)
    hour, minute = divmod((end.of_day - minutes) % DAY, 60)
    return Clock(hour, minute, minutes=minutes)


WINDOWS = Table(
    _SLOTS,
    ("from {any} to|till|until|til|-|– {clear}", _window),
    ("[from] {clear} to|till|until|til|-|– {any}", _window),
    ("{any} -|– {clear}", _window),
    ("between {any} and|- {clear}", _window),
    ("between {clear} and|- {any}", _window),
)
WINDOWS_AFTER_A_DAY = Table(
    _SLOTS,
    ("from {spoken} to|till|until|til|-|– {spoken}", _window),
    ("between {spoken} and|- {spoken}", _window),
    ("{any} -|– {any}", _window),
    ("{any} to {clear}", _window),
    ("{spoken} till|until|til {spoken}", _window),
)
"""Without a day, "from 2 to 4" may count anything."""
