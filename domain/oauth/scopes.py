"""What a client may ask for: scopes of tasks, and `offline_access`, which every client gets."""

from domain.accounts.account import ALL_SCOPES, Scope
from domain.oauth.errors import InvalidScope

OFFLINE_ACCESS = "offline_access"
"""A refresh token is always given, so asking for one changes nothing."""
SUPPORTED = (*(scope.value for scope in Scope), OFFLINE_ACCESS)
READ_ONLY = frozenset({Scope.READ})


def asked_scopes(text: str) -> frozenset[Scope]:
    """Returns the scopes that a text asks for (RFC 6749, 3.3), and all if it names none. Names of others are ignored,
    but asking for others only raises `InvalidScope`. Who may change tasks may read them, too: changing what one can't
    see is no right that people could understand."""
    names = set(text.split()) - {OFFLINE_ACCESS}
    known = frozenset(scope for scope in Scope if scope in names)
    if names and not known:
        raise InvalidScope(f"The scopes are {', '.join(SUPPORTED)}.")
    return known | READ_ONLY if known else ALL_SCOPES


def narrowed(granted: frozenset[Scope], text: str) -> frozenset[Scope]:
    """The scopes of a refresh may be fewer (RFC 6749, 6). Raises `InvalidScope` if they would be more."""
    if not text.strip():
        return granted
    asked = asked_scopes(text) if set(text.split()) - {OFFLINE_ACCESS} else granted
    if not asked <= granted:
        raise InvalidScope("A refresh can't ask for more than the user has allowed. Ask the user to sign in again.")
    return asked


def named(scopes: frozenset[Scope]) -> str:
    return " ".join([*sorted(scopes), OFFLINE_ACCESS])
