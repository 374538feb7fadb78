"""Converts errors of the driver to refusals by their SQLSTATE. The class of the exception is too coarse."""

import asyncpg

from adapters.postgres.tables import metadata, users
from domain.errors import Invalid, NotAuthenticated, NotFound, Refusal, Unavailable, WriteConflict

FOREIGN_KEY_VIOLATION = "23503"
UNSTORABLE_TEXT = {"22021", "22P05"}
"""The text has a NUL or a lone surrogate that no rule refused before."""
CLASHES = {"40001", "40P01"}
"""Serialization failure and deadlock."""
READ_ONLY = "25006"
"""The server has become a standby, or its disk is full."""
AWAY = ("08", READ_ONLY, "28", "3D", "40", "53", "55P03", "57")
"""Connection lost; read-only; login refused; no such database; serialization or deadlock; out of resources; lock
timeout; cancelled or shutting down."""

LOST = ("08", "57P")
STATEMENT_UNKNOWN = {"26000", "42P05"}
"""A prepared statement is gone, or belongs to another session."""
FAULTS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
"""The errors that the driver raises. A timeout is an `OSError`."""

REFERRED = {
    key.name: key.referred_table.name for table in metadata.tables.values() for key in table.foreign_key_constraints
}
"""The table that each foreign key refers to, by the name of the constraint."""


def refusal_for(error: Exception) -> Refusal | None:
    """Returns None for a bug of ours."""
    state = getattr(error, "sqlstate", None)
    if state in UNSTORABLE_TEXT or isinstance(error.__cause__, UnicodeEncodeError):
        return Invalid.field("body", "must not contain NUL characters or lone surrogates")
    if state == FOREIGN_KEY_VIOLATION:
        return _missing(getattr(error, "constraint_name", None))
    if state in CLASHES or is_stale(error):
        return WriteConflict("Too many changes were made at the same time. Try again in a moment.")
    if state == READ_ONLY:
        return Unavailable("Nothing can be changed right now: the database is read-only. Try again in a moment.")
    return _away() if _is_away(error, state) else None


def _missing(constraint: str | None) -> Refusal | None:
    """Returns the refusal for a new row whose account or parent has been deleted."""
    referred = REFERRED.get(constraint)
    if referred == users.name:
        return NotAuthenticated("This account no longer exists.")
    return NotFound("What this belongs to no longer exists. Load it again.") if referred else None


def _is_away(error: Exception, state: str | None) -> bool:
    """Returns False for a `ValueError`, which asyncpg raises for an argument that it can't send: that is a bug."""
    return not isinstance(error, ValueError) if state is None else state.startswith(AWAY)


def is_lost(error: BaseException) -> bool:
    """Returns whether the connection is unusable: it was cut, or a statement on it was abandoned."""
    state = getattr(error, "sqlstate", None)
    return state is None or state.startswith(LOST)


def is_stale(error: BaseException) -> bool:
    """Returns whether a type or the session changed under a prepared statement. Nothing was executed."""
    state = getattr(error, "sqlstate", None)
    return state in STATEMENT_UNKNOWN or isinstance(error, asyncpg.InvalidCachedStatementError)


def is_outdated(error: BaseException) -> bool:
    """Returns whether the connection works, but a new one may do what all connections of today can't."""
    return is_stale(error) or getattr(error, "sqlstate", None) == READ_ONLY


def _away() -> Unavailable:
    return Unavailable("The database can't be reached right now. Try again in a moment.")
