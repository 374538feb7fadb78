"""The OpenAPI document. Litestar finds the routes, and msgspec describes the bodies."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

from litestar import Litestar, Router
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.spec import Components, Contact, License, SecurityScheme, Tag
from litestar.routes import BaseRoute, HTTPRoute
from litestar.serialization import encode_json
from litestar.types import ControllerRouterHandler
from msgspec import Struct
from msgspec.json import schema_components

from adapters.http.error_responses import PROBLEM_JSON
from adapters.http.pages.openapi_schemas import extract_defaults, readable
from adapters.http.pages.operation_ids import operation_id
from adapters.http.schemas import ErrorOut, Problem
from adapters.http.server.outer_middleware import REQUEST_ID


def _header(description: str, **schema: Any) -> dict[str, Any]:
    return {"description": description, "required": True, "schema": {"type": "string", **schema}}


DESCRIPTION = """\
A todo service that people and AI assistants share. Sign up or in, send the token as
`Authorization: Bearer …`, and keep tasks, or tell the assistant to. Programs come with an API token of yours:
with the scope `tasks:read` it may GET, with `tasks:write` everything else.

`{user_id}` may be `me`. Every answer carries `X-Request-ID`; every error has the same shape. So has the 405
for a method that is not listed at an address; its `Allow` names those that are."""


TAGS = {
    "Accounts": "Signing up, in and out, passwords, and all data that are kept of you.",
    "Tasks": "Adding, reading, changing, completing and deleting tasks, and taking them out of the trash.",
    "Lists, views, tags": "Lists that tasks belong to, saved filters, and the tags of tasks.",
    "Changes": "Every change of your tasks, lists and views: listed, watched live, synced, and undone.",
    "Import and export": "Tasks as a file.",
    "Chat": "Telling the assistant something, and watching, stopping and resuming what it does.",
    "Conversations": "Stored conversations and their messages.",
    "Reminders": "Reminders of tasks that rang: looking at them, and snoozing.",
    "Webhooks": "Changes that are sent to an address of yours.",
    "API tokens": "Tokens for programs that act for you.",
    "Connections": "Apps such as Claude that you have connected by signing in. They come by OAuth 2.1, whose addresses "
    "are for them and not described here; `/.well-known/oauth-authorization-server` names them.",
    "Health": "Probes for monitoring.",
}
NULL = {"type": "null"}
ERROR_CONTENT = {
    "application/json": {"schema": {"$ref": f"#/components/schemas/{ErrorOut.__name__}"}},
    PROBLEM_JSON: {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}},
}
HEADERS = {
    "X-Request-ID": _header("Yours if it is valid, or a new one.", pattern=f"^{REQUEST_ID.pattern}$"),
    "Retry-After": _header("Seconds.", pattern="^[0-9]+$"),
    "WWW-Authenticate": _header("The required authentication (RFC 6750).", pattern="^Bearer"),
    "RateLimit": _header("The rest of the limit.", minLength=1),
    "RateLimit-Policy": _header("The limit.", minLength=1),
}
HEADERS_BY_STATUS = {
    "401": ["WWW-Authenticate"],
    "429": ["Retry-After", "RateLimit", "RateLimit-Policy"],
    "503": ["Retry-After"],
}


class UnroutedDocs(Router):
    """A router for `OpenAPIConfig.openapi_router` that adds no routes, so that Litestar only builds the document.

    Litestar's own routes would share one prefix, load files from other hosts, and answer unknown paths with HTML.
    """

    def __init__(self) -> None:
        super().__init__(path="/docs", route_handlers=[])

    def register(self, value: ControllerRouterHandler) -> list[BaseRoute]:  # noqa: ARG002
        return []


OPENAPI = OpenAPIConfig(
    title="tasktalk",
    version=version("tasktalk"),
    description=DESCRIPTION,
    contact=Contact(name="Those who run this server"),
    license=License(name="All rights reserved", identifier="LicenseRef-All-Rights-Reserved"),
    tags=[Tag(name, description) for name, description in TAGS.items()],
    operation_id_creator=operation_id,
    security=[{"bearer": []}],
    components=Components(
        security_schemes={"bearer": SecurityScheme(type="http", scheme="bearer", bearer_format="JWT or API token")}
    ),
    use_handler_docstrings=True,
    openapi_router=UnroutedDocs(),
)


def openapi_document(app: Litestar) -> bytes:
    if "openapi_document" not in app.state:
        with _preserve_signatures(app):
            document = app.openapi_schema.to_schema()
        schemas = document["components"]["schemas"]
        defaults = extract_defaults(schemas)
        schemas |= _exact_schemas(app)
        document["components"] |= {"headers": HEADERS, "schemas": readable(schemas)}
        for operation in (each for path in document["paths"].values() for each in path.values()):
            _correct(operation, defaults)
        app.state["openapi_document"] = encode_json(document)
    return bytes(app.state["openapi_document"])


@contextmanager
def _preserve_signatures(app: Litestar) -> Iterator[None]:
    """Restores the parameters of the handlers after the block. While Litestar makes the document, it adds path
    parameters that a handler does not use. Later calls of the handler would fail without them."""
    signatures = [handler.parsed_fn_signature.parameters for handler in _handlers(app)]
    own = [dict(signature) for signature in signatures]
    yield
    for signature, kept in zip(signatures, own, strict=True):
        signature.clear()
        signature.update(kept)


def _handlers(app: Litestar) -> list[HTTPRouteHandler]:
    return [each for route in app.routes if isinstance(route, HTTPRoute) for each in route.route_handlers]


def _correct(operation: dict[str, Any], defaults: dict[str, Any]) -> None:
    """Corrects an operation: parameters are never null, a nullable body is optional, and responses have headers."""
    for parameter in operation.get("parameters", ()):
        schema = parameter["schema"] = _without_null(parameter["schema"])
        for name in [each["$ref"].rpartition("/")[2] for each in schema.get("allOf", ())]:
            schema |= {"default": defaults[name]} if name in defaults else {}
    for content in operation.get("requestBody", {}).get("content", {}).values():
        operation["requestBody"]["required"] = NULL not in content["schema"].get("oneOf", ())
    for status, response in operation["responses"].items():
        names = ("X-Request-ID", *HEADERS_BY_STATUS.get(status, ()))
        named_headers = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
        response["headers"] = named_headers | response.get("headers", {})
        for content in response.get("content", {}).values():
            content["schema"] = _with_any_of(content.get("schema", {}))
        if int(status) >= 400:  # Litestar adds a 400 of its own shape where a route takes parameters
            response |= {"description": HTTPStatus(int(status)).phrase, "content": ERROR_CONTENT}


def _with_any_of(schema: dict[str, Any]) -> dict[str, Any]:
    """Litestar writes `oneOf` for a union, which promises that no answer fits two of its shapes."""
    return {"anyOf" if name == "oneOf" else name: value for name, value in schema.items()}


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    others: list[dict[str, Any]] = [each for each in schema.get("oneOf", ()) if each != NULL]
    if [each.get("type") for each in others] != ["string"]:  # for what is no text, “null” is read as null
        return schema
    return others[0] | {name: value for name, value in schema.items() if name != "oneOf"}


def _exact_schemas(app: Litestar) -> dict[str, Any]:
    """Litestar's schemas leave out that unknown fields are refused, and the limits that only the domain checks."""
    handlers = [each for each in _handlers(app) if each.resolve_include_in_schema()]
    fields = [field for each in handlers for field in (each.parsed_data_field, each.parsed_return_field) if field]
    kinds = [kind for field in fields for kind in (field, *field.inner_types)]
    structs = {kind.annotation for kind in kinds if kind.is_subclass_of(Struct)}
    structs |= {body for each in handlers for body in getattr(each.operation_class, "bodies", ())}
    return schema_components([*structs, ErrorOut, Problem], ref_template="#/components/schemas/{name}")[1]
