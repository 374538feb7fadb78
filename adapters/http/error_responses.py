"""The body and the headers of each error response. Internal details are logged with the request id, and never sent."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.exceptions import ValidationException as ParameterError
from msgspec import UNSET, json

from adapters.http.errors import HTTP_ERRORS, status_of
from adapters.http.internals.litestar_responses import JsonResponse
from adapters.http.schemas import ErrorDetail, ErrorOut, FieldOut, Problem, TaskOut, out
from application.validation import readable
from domain.errors import FilterError, InsufficientScope, Invalid, RateLimited, Refusal, Stale, TurnTaken, Unavailable
from domain.tasks.task import Task

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
