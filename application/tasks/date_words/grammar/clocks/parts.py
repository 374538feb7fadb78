"""Tables of the parts of the day that people name."""

from application.tasks.date_words.grammar.patterns import Row, Table
from application.tasks.date_words.grammar.slots import SLOTS

_HALVES = Table(
    {},
    ("am", lambda _: "am"),
    ("pm", lambda _: "pm"),
    ("a . m [.]", lambda _: "am"),
    ("p . m [.]", lambda _: "pm"),
)
HALF = _HALVES.as_slot()
_MEALS: tuple[Row, ...] = (
    ("[at] lunchtime", lambda _: "lunch"),
    ("[at] lunch time", lambda _: "lunch"),
    ("at lunch", lambda _: "lunch"),
    ("before lunch", lambda _: "lunch"),
    ("after lunch", lambda _: "after lunch"),
    ("[at] teatime", lambda _: "tea"),
    ("[at] tea time", lambda _: "tea"),
    ("[at] bedtime", lambda _: "bed"),
    ("before bed", lambda _: "bed"),
    ("first thing [in the morning]", lambda _: "morning"),
    ("last thing [at night]", lambda _: "bed"),
)
PARTS = Table(
    SLOTS,
    ("[in] [the] {part}", lambda _, part: part),
    ("at night", lambda _: "night"),
    ("am", lambda _: "morning"),
    ("pm", lambda _: "afternoon"),
    *_MEALS,
)
"""These stand after a day or an hour; alone, only as the next table has them."""
PARTS_ALONE = Table(SLOTS, ("in the {part}", lambda _, part: part), *_MEALS)
