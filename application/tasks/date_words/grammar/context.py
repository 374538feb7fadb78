from dataclasses import dataclass
from datetime import date, datetime

from application.tasks.date_words.grammar.vocabulary import DOTTED, MONTH_FIRST, TWELVE_HOURS
from domain.accounts.account import DAY_TIME

_FIRST_WEEKDAY = {"monday": 0, "sunday": 6, "saturday": 5}


@dataclass(frozen=True, slots=True)
class DateContext:
    """The user's time and place. `now` has the account's zone, a `ZoneInfo`. `locale` is a language tag (RFC 5646)."""

    now: datetime
    week_start: str = "monday"
    locale: str = "en"
    reminder_time: str = DAY_TIME

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def clock(self) -> datetime:
        return self.now.replace(second=0, microsecond=0, tzinfo=None, fold=0)

    @property
    def first_weekday(self) -> int:
        return _FIRST_WEEKDAY[self.week_start]

    @property
    def is_month_first(self) -> bool:
        """Returns whether 12/5 means December 5 at the user's place."""
        return self._is_in(MONTH_FIRST)

    @property
    def has_dotted_dates(self) -> bool:
        """Returns whether people at the user's place write a day as "3.12.", so that it needs no word before it."""
        return self._is_in(DOTTED)

    @property
    def has_half_days(self) -> bool:
        """Returns whether clocks at the user's place go from 1 to 12, so that 5:30 may be in the afternoon."""
        return self._is_in(TWELVE_HOURS)

    def _is_in(self, places: frozenset[str]) -> bool:
        """If the language tag has no region, its language counts."""
        language, *others = self.locale.split("-")
        region = next((each for each in others if len(each) == 2 and each.isalpha()), "")
        return (region.upper() if region else language.lower()) in places
