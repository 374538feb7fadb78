"""The hours, windows of hours, parts of the day and moments that people name."""

from application.tasks.date_words.grammar.clocks.clock import Clock
from application.tasks.date_words.grammar.clocks.hours import CLOCKS, CLOCKS_AFTER_A_DAY
from application.tasks.date_words.grammar.clocks.moments import MOMENTS
from application.tasks.date_words.grammar.clocks.parts import PARTS, PARTS_ALONE

__all__ = ["CLOCKS", "CLOCKS_AFTER_A_DAY", "MOMENTS", "PARTS", "PARTS_ALONE", "Clock"]
