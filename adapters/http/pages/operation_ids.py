"""The names of operations in generated clients: `createTask` for the handler `create_task`."""

from collections.abc import Sequence

from litestar.handlers import HTTPRouteHandler
from litestar.types import Method
from litestar.types.internal_types import PathParameterDefinition

ALIASES = {"/api/auth/login": "login", "/api/auth/register": "register", "/health/live": "get_liveness"}
"""Second addresses of a handler that have a name of their own."""

PathComponents = Sequence[str | PathParameterDefinition]


def operation_id(handler: HTTPRouteHandler, _: Method, components: PathComponents) -> str:
    """Returns the id of an operation. If a task has two addresses, `getTask` is the one without the user, and
    `getUserTask` is the other."""
    names = [each if isinstance(each, str) else f"{{{each.name}}}" for each in components]
    name = ALIASES.get("/" + "/".join(names), handler.handler_name)
    if len(handler.paths) > 1 and "{user_id}" in names:
        name = name.replace("_task", "_user_task")
    first, *others = name.split("_")
    return first + "".join(each.title() for each in others)
