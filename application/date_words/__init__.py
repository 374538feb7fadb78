"""Date words: a closed English grammar of days, hours and rules, with the place in the text of what was read."""

from application.date_words.grammar.context import DateContext
from application.date_words.reading import Found, find_date, find_dates, read_date

__all__ = ["DateContext", "Found", "find_date", "find_dates", "read_date"]
