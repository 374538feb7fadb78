"""Date words: a closed English grammar of days, hours and rules, with the place in the text of what was read.

Nothing calls it yet but quick add, which is not served yet either. With the next version, the page's line for new
tasks, the task tools of the assistant and of MCP, and the dates in filters will.
"""

from application.tasks.date_words.grammar.context import DateContext
from application.tasks.date_words.reading import FoundDate, find_date, find_dates, read_date

__all__ = ["DateContext", "FoundDate", "find_date", "find_dates", "read_date"]
