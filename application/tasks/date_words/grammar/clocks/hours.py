"""Tables of the hours that people name."""

from application.tasks.date_words.grammar.clocks.clock import (
    Clock,
    exact,
    half,
    half_day,
    minutes_of_half,
    minutes_past,
    minutes_to,
    past,
    plain,
    said,
    to,
    written,
    written_half,
)
from application.tasks.date_words.grammar.clocks.parts import HALF
from application.tasks.date_words.grammar.clocks.windows import WINDOWS, WINDOWS_AFTER_A_DAY
from application.tasks.date_words.grammar.patterns import Table
from application.tasks.date_words.grammar.slots import SLOTS

FIRST_HOUR_WITH_MINUTES = 6
"""Before it, "2h30" is a duration."""
_SLOTS = {**SLOTS, "half": HALF, "window": WINDOWS.as_slot()}
_HOURS = Table(
    _SLOTS,
    ("[at] {time}", written),
    ("at {dotted time}", written),
    ("[at] {hour} {half}", half_day),
    ("[at] {hour} in the {part}", lambda context, hour, part: said(context, hour).within(part)),
    ("[at] {time} {half}", written_half),
    ("[at] {dotted time} {half}", written_half),
    ("[at] {hour} o'clock|oclock", said),
    ("[at] {hour} o clock", said),
    ("[at] {hour} o'clock|oclock {half}", half_day),
    ("at|by|before {hour}", said),
    ("after|around {hour}", lambda context, hour: said(context, hour) if hour else None),
    ("at {hour} {minutes word}", said),
    ("{hour word} {quarter}", said),
    ("{hour word} forty [-] five", past(45)),
    ("[at] {hour} {minutes word} {half}", minutes_of_half),
    ("[at] half {hour}", half),
    ("[at] half past {hour}", past(30)),
    ("[at] [a] quarter past|after {hour}", past(15)),
    ("[at] [a] quarter to|before|till|til {hour}", to(15)),
    ("[at] {count} past {hour}", minutes_past),
    ("at {count} to {hour}", minutes_to),
    ("at {hour} h", said),
    ("{hour} h", lambda _, hour: Clock(hour) if hour > 12 else None),
    ("at {h time}", written),
    ("{h time}", lambda context, time: written(context, time) if time[0] >= FIRST_HOUR_WITH_MINUTES else None),
    ("at {army time}", exact),
    ("at|by|after|before {army time} hours|hrs", exact),
    ("[at] {hour} noon", lambda _, hour: Clock(12) if hour == 12 else None),
    ("[at] {hour} midnight", lambda _, hour: Clock(0) if hour == 12 else None),
    ("[at] noon|midday", lambda _: Clock(12)),
    ("[at] midnight", lambda _: Clock(0)),
    ("{window}", plain),
)
_TAILS = Table(
    {},
    ("[at the] latest", lambda _: "latest"),
    ("sharp", lambda _: "sharp"),
    ("on the dot", lambda _: "sharp"),
)
_SLOTS |= {"clock": _HOURS.as_slot(), "tail": _TAILS.as_slot()}
CLOCKS = Table(
    _SLOTS,
    ("{clock} [{tail}]", lambda _, clock, __: clock),
    ("after|around {clock}", plain),
)
CLOCKS_AFTER_A_DAY = Table(
    {**SLOTS, "window": WINDOWS_AFTER_A_DAY.as_slot()},
    ("{dotted time}", written),
    ("{h time}", written),
    ("{hour word} {minutes word}", said),
    ("{army time}", lambda context, time: exact(context, time) if time[0] < 10 else None),
    ("{army time} hours|hrs", exact),
    ("{window}", plain),
)
"""These could be other numbers where no day is before them."""
