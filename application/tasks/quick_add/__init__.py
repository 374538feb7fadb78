"""Quick add: one line becomes the fields of a task.

No route or tool calls it yet. With the next version, the page's line for new tasks and a route for other clients will.
"""

from application.tasks.quick_add.line import QuickAdd, parse
from application.tasks.quick_add.understood import Understood

__all__ = ["QuickAdd", "Understood", "parse"]
