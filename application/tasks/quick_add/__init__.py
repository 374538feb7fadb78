"""Quick add: one line becomes a task. The page's line for new tasks uses it, and so may any client."""

from application.tasks.quick_add.line import QuickAdd, parse
from application.tasks.quick_add.understood import Understood
from application.tasks.quick_add.use_case import QuickAdded, QuickAddLine, QuickAddTasks, UnderstoodPart

__all__ = ["QuickAdd", "QuickAddLine", "QuickAddTasks", "QuickAdded", "Understood", "UnderstoodPart", "parse"]
