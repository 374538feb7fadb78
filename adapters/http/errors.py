"""The table from refusals of use-cases to statuses, and the body of each error response.

Errors of HTTP itself get their status where they are noticed: `server/admission.py`, `server/clients.py`,
`server/json_request.py`, `server/outer_middleware.py`, `internals/uvicorn_protocol.py`, `mcp_endpoint.py`,
`api/tasks/import_export.py`, and `adapters/mcp/messages.py` for MCP.

Internal details are logged with the request id. They are never sent.
"""

import logging
from collections.abc import Mapping, Sequence
from functools import cache
from http import HTTPStatus
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.exceptions import ValidationException as ParameterError
from litestar.openapi.datastructures import ResponseSpec
from msgspec import UNSET, json

from adapters.http.internals.litestar_responses import JsonResponse
from adapters.http.schemas import ErrorDetail, ErrorOut, FieldOut, Problem, TaskOut, out
from application.validation import readable
from domain.errors import (
    Conflict,
    EmailTaken,
    FilterError,
    Forbidden,
    Gone,
    IdempotencyMismatch,
    InsufficientScope,
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
    TurnTaken,
    Unavailable,
    UnknownFormat,
    WrongCredentials,
)
from domain.tasks.task import Task

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
PROBLEM_JSON = "application/problem+json"
Headers = dict[str, str]

log = logging.getLogger(__name__)


def on_refusal(request: Request[Any, Any, Any], refusal: Refusal) -> Response[bytes]:
    status = status_of(refusal)
    fields = [FieldOut(each.field, each.message) for each in refusal.fields] if isinstance(refusal, Invalid) else UNSET
    turn_id = refusal.turn_id or UNSET if isinstance(refusal, (TurnTaken, Unavailable)) else UNSET
    current = refusal.current if isinstance(refusal, Stale) else None
    task = out(current, TaskOut) if isinstance(current, Task) else UNSET
    message = f'{refusal.message} Its ETag is "{current.revision}" now.' if current else refusal.message
    detail = ErrorDetail(refusal.title, refusal.code, message, _request_id(request), fields, turn_id, task)
    if isinstance(refusal, FilterError):
        detail.position, detail.expected, detail.example = refusal.position, refusal.expected, refusal.example
    if status >= 500:
        log.warning("refused with %s %s: %s", status, refusal.code, type(refusal.__cause__ or refusal).__name__)
    return _response(request, status, detail, _headers(refusal, status))


def status_of(refusal: Refusal) -> int:
    return _status_of_kind(type(refusal))


def _status_of_kind(refusal: type[Refusal]) -> int:
    return next(STATUS[kind] for kind in refusal.__mro__ if kind in STATUS)


@cache
def status_of_code(code: str) -> int:
    """Returns the status of the refusals with this code."""
    kinds = [Refusal]
    while kinds:
        kind = kinds.pop()
        if kind.code == code:
            return _status_of_kind(kind)
        kinds += kind.__subclasses__()
    raise LookupError(code)


def on_parameter_error(request: Request[Any, Any, Any], error: ParameterError) -> Response[bytes]:
    extra: Sequence[Mapping[str, str]] = error.extra if isinstance(error.extra, list) else []
    fields = [FieldOut(each.get("key", "body"), readable(each.get("message", "is invalid"))) for each in extra]
    named = [FieldOut("body", "is required") if each.field == "data" else each for each in fields]
    message = "; ".join(f"{each.field}: {each.message}" for each in named)
    detail = ErrorDetail(Invalid.title, Invalid.code, message, _request_id(request), named)
    return _response(request, 400, detail, {})


def on_http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    status = error.status_code if error.status_code in HTTP_ERRORS else 400 if error.status_code < 500 else 500
    if status == 500:
        return on_unexpected_error(request, error)
    code, title, message = HTTP_ERRORS[status]
    if status == 413:
        message = message.format(most=_body_most(request))
    return _response(request, status, ErrorDetail(title, code, message, _request_id(request)), error.headers or {})


def error_body(status: int, request_id: str, accept: str) -> tuple[bytes, str]:
    """Returns the body and the media type of an error that a library reported as plain text."""
    code, title, message = HTTP_ERRORS.get(status, HTTP_ERRORS[400])
    detail = ErrorDetail(title, code, message.format(most="this address takes"), request_id)
    return encode_error(status, detail, accept)


def on_unexpected_error(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    log.error("unexpected error", exc_info=error)
    code, title, message = HTTP_ERRORS[500]
    return _response(request, 500, ErrorDetail(title, code, message, _request_id(request)), {})


EXCEPTION_HANDLERS: dict[Any, Any] = {
    Refusal: on_refusal,
    ParameterError: on_parameter_error,
    HTTPException: on_http_error,
    Exception: on_unexpected_error,
}


def errors(*statuses: int) -> dict[int, ResponseSpec]:
    """Returns the errors of a route for the OpenAPI document. The errors that any route may have are added."""
    return {status: _spec(status) for status in sorted({*statuses, 500, 503})}


def _spec(status: int) -> ResponseSpec:
    return ResponseSpec(ErrorOut, description=HTTPStatus(status).phrase, generate_examples=False)


def _headers(refusal: Refusal, status: int) -> Headers:
    if isinstance(refusal, RateLimited):
        return {
            "Retry-After": str(refusal.retry_after),
            "RateLimit-Policy": f'"default";q={refusal.limit};w={refusal.window_seconds}',
            "RateLimit": f'"default";r=0;t={refusal.retry_after}',
        }
    if isinstance(refusal, Unavailable):
        return {"Retry-After": str(refusal.retry_after)}
    if isinstance(refusal, InsufficientScope):
        return {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{refusal.scope}"'}
    return {"WWW-Authenticate": "Bearer"} if status == 401 else {}


def encode_error(status: int, detail: ErrorDetail, accept: str) -> tuple[bytes, str]:
    """Returns the body and its media type."""
    if PROBLEM_JSON not in accept:
        return json.encode(ErrorOut(detail)), "application/json"
    kind = f"urn:tasktalk:{detail.code}"
    shared = (detail.code, detail.request_id, detail.fields, detail.turn_id, detail.task)
    of_filter = (detail.position, detail.expected, detail.example)
    return json.encode(Problem(kind, detail.error, status, detail.message, *shared, *of_filter)), PROBLEM_JSON


def _response(request: Request[Any, Any, Any], status: int, detail: ErrorDetail, headers: Headers) -> Response[bytes]:
    body, media_type = encode_error(status, detail, request.headers.get("accept", ""))
    return JsonResponse(body, status_code=status, media_type=media_type, headers=headers)


def _body_most(request: Request[Any, Any, Any]) -> str:
    """Returns the body limit of this route as a text, in MB."""
    return f"{(request.route_handler.resolve_request_max_body_size() or 0) / 1_000_000:g} MB"


def _request_id(request: Request[Any, Any, Any]) -> str:
    return str(request.scope.get("request_id", ""))
