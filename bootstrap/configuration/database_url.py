"""Converts a PostgreSQL URL in the form of hosting providers to the two parts that SQLAlchemy and asyncpg need.
SQLAlchemy is slow to import, so it is imported only after the scheme of the URL has been checked."""

import os
import re
import ssl
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

EXAMPLE = "postgresql://user:password@host:5432/database"
SCHEMES = ("postgres", "postgresql", "postgresql+asyncpg")
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
ADDRESS = frozenset({"host", "port"})
SESSION = ("application_name", "options", "search_path", "timezone", "passfile", "target_session_attrs")
LOGIN = ("user", "password", "dbname", "krbsrvname", "gsslib")
TLS = ("sslmode", "sslrootcert", "sslcert", "sslkey", "sslpassword", "sslcrl", "sslnegotiation")
TLS_VERSIONS = ("ssl_min_protocol_version", "ssl_max_protocol_version")
KNOWN = frozenset((*SESSION, *LOGIN, *TLS, *TLS_VERSIONS))
"""The DSN parameters that asyncpg knows. It sends others to the server, which refuses channel_binding and similar
ones."""


def asyncpg_url(text: str) -> tuple[str, dict[str, Any]]:
    """Returns SQLAlchemy's URL and asyncpg's arguments: a DSN with the parameters that SQLAlchemy would not convert.
    Raises ValueError with a text to follow the variable's name. The text contains nothing of the URL."""
    url = parsed(text)
    parameters = {name: value if isinstance(value, str) else value[-1] for name, value in url.query.items()}
    known = {name: value for name, value in with_ssl(parameters).items() if name in KNOWN}
    url = url.set(query={name: value for name, value in url.query.items() if name in ADDRESS})
    return url.render_as_string(hide_password=False), {"dsn": f"postgresql://?{urlencode(known)}"} if known else {}


def place(url: str) -> str:
    """Returns a description for people, without user and password."""
    from sqlalchemy.engine import make_url

    parts = make_url(url)
    host = parts.host or parts.query.get("host") or "localhost"
    return f"database {parts.database or parts.username} at {host}"


def parsed(text: str) -> "URL":
    scheme, _, rest = text.partition("://")
    if scheme not in SCHEMES:
        raise ValueError(f"is no PostgreSQL URL: write one such as {EXAMPLE}")
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(f"postgresql+asyncpg://{rest}")
        if (url.port or 1) <= 65_535 and not re.search(r"[@/\s]", f"{url.host}{url.database}"):
            return url
    except (ArgumentError, ValueError):
        pass  # its text may have a part of the password
    raise ValueError(f"can't be read: write {EXAMPLE}, with %40 for @, %2F for / and so on in the password")


def with_ssl(parameters: dict[str, str]) -> dict[str, str]:
    """Reads them as libpq does, but verify-ca and verify-full use the system's authorities by default."""
    root = parameters.get("sslrootcert")
    mode = parameters.get("sslmode") or parameters.get("ssl") or ("verify-full" if root == "system" else None)
    if mode is None:
        return parameters
    if mode not in SSL_MODES:
        raise ValueError(f"has an unknown sslmode: write one of {', '.join(SSL_MODES)}")
    if root == "system" or (root is None and mode.startswith("verify") and not has_own_root()):
        root = ssl.get_default_verify_paths().cafile
    if mode.startswith("verify") and not (root is None or os.access(root, os.R_OK)):
        raise ValueError("has an sslrootcert that can't be read: write the path of a PEM file with the authority")
    return parameters | {"sslmode": mode} | ({"sslrootcert": root} if root else {})


def has_own_root() -> bool:
    with suppress(OSError):  # a home that this user can't read has none
        return bool(os.environ.get("PGSSLROOTCERT")) or (Path.home() / ".postgresql" / "root.crt").exists()
    return False
