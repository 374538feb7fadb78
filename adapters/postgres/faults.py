"""Which refusal an error of the driver is. Decided by SQLSTATE, as the exception's class says too little."""

from sqlalchemy.exc import DBAPIError, InterfaceError

from domain.errors import Clash, Invalid, NotAuthenticated, Refusal, Unavailable

FOREIGN_KEY_VIOLATION = "23503"
UNSTORABLE_TEXT = {"22021", "22P05"}
"""A NUL or a lone surrogate that no rule caught before."""
CLASHES = {"40001", "40P01"}
"""Serialization failure, and deadlock."""
AWAY = ("08", "28", "3D", "40", "53", "55P03", "57")
"""Connection lost; login refused; no such database; serialization or deadlock; out of resources; lock timeout;
cancelled or shutting down."""


def refusal_for(error: Exception) -> Refusal | None:
    """None for a bug of ours."""
    if not isinstance(error, DBAPIError):
        return _away()
    state = getattr(error.orig, "sqlstate", None)
    if state in UNSTORABLE_TEXT:
        return Invalid.field("body", "must not contain NUL characters or lone surrogates")
    if state == FOREIGN_KEY_VIOLATION:
        return NotAuthenticated("This account no longer exists.")
    if state in CLASHES:
        return Clash("Too many changes were made at the same time. Try again in a moment.")
    gone = error.connection_invalidated or (state is None and isinstance(error, InterfaceError))
    return _away() if gone or (state or "").startswith(AWAY) else None


def _away() -> Unavailable:
    return Unavailable("The database can't be reached right now. Try again in a moment.")
