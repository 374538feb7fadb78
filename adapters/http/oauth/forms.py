"""Forms and queries, as OAuth and our own pages send them."""

from collections.abc import Collection, Mapping
from urllib.parse import parse_qsl

from litestar.exceptions import HTTPException

from adapters.http.server.json_request import JsonRequest
from domain.oauth.errors import OAuthError

FORM = "application/x-www-form-urlencoded"
MAX_FIELDS = 60
MAX_FORM_BYTES = 100_000
Values = Mapping[str, list[str]]


async def form_of(request: JsonRequest) -> Values:
    """Returns the form in the body. Raises `HTTPException` for another media type, and `OAuthError`."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise HTTPException(status_code=415)
    return _parsed(await request.body())


def query_of(request: JsonRequest) -> Values:
    """Raises `OAuthError`."""
    return _parsed(request.scope["query_string"])


def one(values: Values, name: str, default: str = "") -> str:
    """Returns the only value. Raises `OAuthError` for a parameter that is given twice (RFC 6749, 3.1 and 3.2), since
    two readers of it would not agree on which one counts."""
    given = values.get(name, [])
    if len(given) > 1:
        raise OAuthError(f"The parameter {name} is given more than once.")
    return given[0] if given else default


def check_once(values: Values, names: Collection[str]) -> None:
    for name in names:
        one(values, name)


def _parsed(encoded: bytes) -> Values:
    try:
        pairs = parse_qsl(encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError:
        raise OAuthError("The parameters can't be read: they are not a form in UTF-8.") from None
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return values
