"""Refusals of the token, revocation and registration endpoints in the form of RFC 6749, 5.2."""

from typing import Any

from litestar import Request, Response

from adapters.http.error_responses import on_refusal
from adapters.http.errors import status_of
from adapters.http.internals.litestar_responses import JsonResponse
from domain.errors import Refusal
from domain.oauth.errors import InvalidClient, OAuthError

BASIC = "basic "


def on_oauth_refusal(request: Request[Any, Any, Any], refusal: Refusal) -> Response[Any]:
    """Returns the error of the RFC. Refusals that it does not know have the code of the authorization endpoint for what
    may go on later, and their own status and headers."""
    if not isinstance(refusal, OAuthError):
        usual = on_refusal(request, refusal)
        error = "temporarily_unavailable" if status_of(refusal) in (429, 503) else "invalid_request"
        return JsonResponse(_body(error, refusal), status_code=usual.status_code, headers=usual.headers)
    is_unknown = isinstance(refusal, InvalidClient)
    by_header = request.headers.get("authorization", "").lower().startswith(BASIC)
    headers = {"WWW-Authenticate": 'Basic realm="tasktalk"'} if is_unknown and by_header else {}
    return JsonResponse(_body(refusal.error, refusal), status_code=401 if is_unknown else 400, headers=headers)


def _body(error: str, refusal: Refusal) -> dict[str, str]:
    return {"error": error, "error_description": refusal.message}


EXCEPTION_HANDLERS: dict[Any, Any] = {Refusal: on_oauth_refusal}
