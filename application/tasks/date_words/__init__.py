"""Date words: a closed English grammar of days, hours and rules, with the place in the text of what was read. Quick
add, the tools of the assistant and of MCP, and the dates in filters read with it."""

from application.tasks.date_words.grammar.context import DateContext
from application.tasks.date_words.reading import FoundDate, find_date, find_dates, read_date

__all__ = ["DateContext", "FoundDate", "find_date", "find_dates", "read_date"]
