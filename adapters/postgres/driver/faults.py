"""Which refusal an error of the driver is. Decided by SQLSTATE, as the exception's class says too little."""

import asyncpg

from adapters.postgres.tables import metadata, users
from domain.errors import Invalid, NotAuthenticated, NotFound, Refusal, Unavailable, WriteConflict

FOREIGN_KEY_VIOLATION = "23503"
UNSTORABLE_TEXT = {"22021", "22P05"}
"""A NUL or a lone surrogate that no rule caught before."""
CLASHES = {"40001", "40P01"}
"""Serialization failure, and deadlock."""
READ_ONLY = "25006"
"""The server is a standby by now, or is full and takes no writes."""
AWAY = ("08", READ_ONLY, "28", "3D", "40", "53", "55P03", "57")
"""Connection lost; read-only; login refused; no such database; serialization or deadlock; out of resources; lock
timeout; cancelled or shutting down."""

LOST = ("08", "57P")
STATEMENT_UNKNOWN = {"26000", "42P05"}
"""A prepared statement is gone, or is another session's."""
FAULTS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
"""What the driver raises; a timeout is an `OSError`."""

REFERRED = {
    key.name: key.referred_table.name for table in metadata.tables.values() for key in table.foreign_key_constraints
}
"""The table that each foreign key leads to, by the name of its constraint."""


def refusal_for(error: Exception) -> Refusal | None:
    """None for a bug of ours."""
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
    """What a new row refers to is gone: the account, or something of it that was deleted meanwhile."""
    referred = REFERRED.get(constraint)
    if referred == users.name:
        return NotAuthenticated("This account no longer exists.")
    return NotFound("What this belongs to no longer exists. Load it again.") if referred else None


def _is_away(error: Exception, state: str | None) -> bool:
    """What asyncpg can't send is a `ValueError`, and a bug."""
    return not isinstance(error, ValueError) if state is None else state.startswith(AWAY)


def is_lost(error: BaseException) -> bool:
    """Nothing more can be done with the connection: it was cut, or in the middle of something when it was given up."""
    state = getattr(error, "sqlstate", None)
    return state is None or state.startswith(LOST)


def is_stale(error: BaseException) -> bool:
    """What was prepared fits no more, as a type changed or the session is another one; nothing was done."""
    state = getattr(error, "sqlstate", None)
    return state in STATEMENT_UNKNOWN or isinstance(error, asyncpg.InvalidCachedStatementError)


def is_outdated(error: BaseException) -> bool:
    """The connection still works, but a new one may do what this one, and all opened before now, can't."""
    return is_stale(error) or getattr(error, "sqlstate", None) == READ_ONLY


def _away() -> Unavailable:
    return Unavailable("The database can't be reached right now. Try again in a moment.")
