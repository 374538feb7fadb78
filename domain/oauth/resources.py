"""The addresses that access tokens are for (RFC 8707): `/mcp`, and the API where a client asks for it."""

from collections.abc import Sequence

from domain.oauth.errors import InvalidTarget

MCP, API = "/mcp", "/api"
MAX_RESOURCES = 2


def asked_resources(base: str, asked: Sequence[str]) -> tuple[str, ...]:
    """Returns the addresses as they stand in a token's `aud`: of `/mcp` if none is asked for. A slash at the end does
    not matter. Raises `InvalidTarget`."""
    ours = {base + path for path in (MCP, API)}
    given = tuple(dict.fromkeys(each.removesuffix("/") for each in asked)) or (base + MCP,)
    if not ours.issuperset(given):
        raise InvalidTarget(f"The resource is {base + MCP}, or {base + API} for the HTTP API.")
    return given


def narrowed(granted: Sequence[str], asked: Sequence[str]) -> tuple[str, ...]:
    """Returns the addresses for an access token (RFC 8707, 2.2), which may be fewer. Raises `InvalidTarget`."""
    given = tuple(dict.fromkeys(each.removesuffix("/") for each in asked)) or tuple(granted)
    if not set(granted).issuperset(given):
        raise InvalidTarget("The resource was not asked for when the user allowed this.")
    return given
