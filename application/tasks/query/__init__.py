"""A query for tasks: which ones, in which order, and from where on. HTTP, tools, views and the page share it.
`TaskSearch` has the parameters as people and programs give them. A `TaskQuery` is made of them, which repositories
answer."""

from application.tasks.query.cursor import MAX_CURSOR_LENGTH, PLAIN, Cursors
from application.tasks.query.filter import (
    ALL,
    COMPLETED,
    PENDING,
    STATUS_FILTERS,
    TRASHED,
    And,
    AnyOf,
    Compare,
    Filter,
    HasTag,
    IsSet,
    IsTrue,
    Not,
    Or,
    Words,
)
from application.tasks.query.page import TaskPage
from application.tasks.query.search import TaskSearch
from application.tasks.query.sort import NEWEST, Sort, SortKey, sort_of, sort_values
from application.tasks.query.task_query import MAX_COUNTED, MAX_RANKED, TaskQuery, Total

__all__ = [
    "ALL",
    "And",
    "AnyOf",
    "COMPLETED",
    "Compare",
    "Cursors",
    "Filter",
    "HasTag",
    "IsSet",
    "IsTrue",
    "MAX_COUNTED",
    "MAX_CURSOR_LENGTH",
    "MAX_RANKED",
    "NEWEST",
    "Not",
    "Or",
    "PENDING",
    "PLAIN",
    "STATUS_FILTERS",
    "Sort",
    "SortKey",
    "TRASHED",
    "TaskPage",
    "TaskQuery",
    "TaskSearch",
    "Total",
    "Words",
    "sort_of",
    "sort_values",
]
