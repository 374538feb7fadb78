"""Quick add: one line becomes the fields of a task."""

from application.quick_add.line import QuickAdd, parse
from application.quick_add.understood import Understood

__all__ = ["QuickAdd", "Understood", "parse"]
