"""The table from refusals of use-cases to statuses; `error_responses.py` makes responses of them.

Errors of HTTP itself get their status where they are noticed: `server/admission.py`, `server/clients.py`,
`server/json_request.py`, `server/outer_middleware.py`, `internals/uvicorn_protocol.py`, `mcp_endpoint.py`,
`api/tasks/import_export.py`, and `adapters/mcp/messages.py` for MCP.
"""

from collections.abc import Mapping
from functools import cache
from http import HTTPStatus

from litestar.openapi.datastructures import ResponseSpec

from adapters.http.schemas import ErrorOut
from domain.errors import (
    Conflict,
    EmailTaken,
    Forbidden,
    Gone,
    IdempotencyMismatch,
    Invalid,
    InvalidLink,
    InvalidRequest,
    InvalidResetToken,
    ModelFailed,
    ModelTimeout,
    ModelUnavailable,
    NotAuthenticated,
    NotFound,
    RateLimited,
    Refusal,
    Stale,
    Unavailable,
    UnknownFormat,
    WrongCredentials,
)

STATUS: Mapping[type[Refusal], int] = {
    Invalid: 400,
    InvalidRequest: 400,
    EmailTaken: 400,
    InvalidLink: 400,
    InvalidResetToken: 400,
    WrongCredentials: 401,
    NotAuthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    Gone: 410,
    Stale: 412,
    UnknownFormat: 415,
    IdempotencyMismatch: 422,
    RateLimited: 429,
    ModelFailed: 502,
    Unavailable: 503,
    ModelUnavailable: 503,
    ModelTimeout: 504,
}

HTTP_ERRORS: Mapping[int, tuple[str, str, str]] = {
    400: ("INVALID_REQUEST", "Invalid request", "The request can't be understood. Check its path, query and body."),
    403: (
        "FORBIDDEN",
        "Forbidden",
        "A page of that origin may not call this in that way. On the server, CORS_ORIGINS lists those that may.",
    ),
    404: ("NOT_FOUND", "Not found", "There is nothing at this address."),
    405: ("METHOD_NOT_ALLOWED", "Method not allowed", "This address does not take this method."),
    408: ("REQUEST_TIMEOUT", "Request timeout", "The body did not arrive in time. Send it at once."),
    413: ("PAYLOAD_TOO_LARGE", "Payload too large", "The body is larger than {most}. Send less at once."),
    415: ("UNSUPPORTED_MEDIA_TYPE", "Unsupported media type", "Send the body as application/json."),
    421: (
        "MISDIRECTED_REQUEST",
        "Misdirected request",
        "This server is not known by that name. On the server, set PUBLIC_URL to its address.",
    ),
    429: ("TOO_MANY_AT_ONCE", "Too many at once", "You have too many of these at once. End one, or wait for its end."),
    431: ("HEADERS_TOO_LARGE", "Headers too large", "The address and the headers are larger than 64 KB. Send less."),
    500: ("INTERNAL_ERROR", "Internal error", "Something went wrong on our side. Report the request id if it stays."),
    503: (Unavailable.code, Unavailable.title, "The server is busy. Try again in a moment."),
}


def status_of(refusal: Refusal) -> int:
    return _status_of_kind(type(refusal))


def _status_of_kind(refusal: type[Refusal]) -> int:
    return next(STATUS[kind] for kind in refusal.__mro__ if kind in STATUS)


@cache
def status_of_code(code: str) -> int:
    kinds = [Refusal]
    while kinds:
        kind = kinds.pop()
        if kind.code == code:
            return _status_of_kind(kind)
        kinds += kind.__subclasses__()
    raise LookupError(code)


def errors(*statuses: int) -> dict[int, ResponseSpec]:
    """Returns the errors of a route for the OpenAPI document. The errors that any route may have are added."""
    return {status: _spec(status) for status in sorted({*statuses, 500, 503})}


def _spec(status: int) -> ResponseSpec:
    return ResponseSpec(ErrorOut, description=HTTPStatus(status).phrase, generate_examples=False)
