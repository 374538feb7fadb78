from zoneinfo import ZoneInfo

from application.tasks.date_words import DateContext
from application.tasks.files.building.raw_task import RawTask
from domain.tasks.dates.due import Due
from domain.tasks.dates.rule_text import read_rule
from domain.tasks.dates.series import Series

WEEK_STARTS = {"monday": "MO", "sunday": "SU", "saturday": "SA"}
MAX_REFUSED = 100
"""A rule that never gives a date takes five milliseconds to find out. After so many, no rule of the file is tried."""
TOO_MANY_REFUSED = "is one of too many rules in the file that give no date"
CLOCK_PARTS = ("BYHOUR", "BYMINUTE", "BYSECOND")


class RuleReader:
    def __init__(self, context: DateContext) -> None:
        self._context = context
        self._known: dict[tuple[str, str, str, bool], str] = {}
        self._refused = 0

    def read(self, raw: RawTask) -> str:
        """Returns the rule as a task stores it. Raises `ValueError` with the reason if no task may have it."""
        if raw.due is None:
            raise ValueError("needs a date to count from, and the task has none")
        key = (raw.rule, raw.due.text, raw.recurs_from.value, raw.keeps_rfc)
        if key not in self._known:
            self._known[key] = self._tried(raw, raw.due)
        return self._known[key]

    def _tried(self, raw: RawTask, due: Due) -> str:
        here = self._context.now.tzinfo
        assert isinstance(here, ZoneInfo), "now is in the account's zone"
        rule, week_start = plain_rule(raw.rule, due), self._week_start(raw)
        read_rule(rule, due, here, week_start)
        if self._refused >= MAX_REFUSED:
            raise ValueError(TOO_MANY_REFUSED)
        options = {"recurs_from": raw.recurs_from, "week_start": week_start}
        try:
            return Series.begun(rule, due.text, here, keeps_rfc=raw.keeps_rfc, **options).recurrence
        except ValueError:
            self._refused += 1
            raise

    def _week_start(self, raw: RawTask) -> str:
        return "MO" if raw.keeps_rfc else WEEK_STARTS[self._context.week_start]


def plain_rule(text: str, due: Due) -> str:
    """Returns the rule without what says nothing more: its name, and an hour that is that of the due time."""
    parts = text.strip().upper().removeprefix("RRULE:").strip(";").split(";")
    clock = dict(zip(CLOCK_PARTS, (due.local.hour, due.local.minute, 0), strict=True))
    said = {f"{name}={value}" for name, value in clock.items()} if due.has_time else set()
    return ";".join(part for part in parts if part not in said)
