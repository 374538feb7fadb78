"""DATABASE_URL as hosts hand it out."""

from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import make_url

from bootstrap.configuration.database_url import asyncpg_url, place
from bootstrap.configuration.reader import SettingsError
from bootstrap.configuration.settings import load

PLAIN = "postgresql+asyncpg://ada:pw@db.example.com/tasks"


def parameters(text: str) -> dict[str, str]:
    """What asyncpg is told beside the address."""
    dsn = asyncpg_url(text)[1].get("dsn", "")
    return {name: values[0] for name, values in parse_qs(urlsplit(dsn).query).items()}


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_all_usual_schemes_are_accepted(scheme: str) -> None:
    assert asyncpg_url(f"{scheme}://ada:pw@db.example.com/tasks") == (PLAIN, {})


HANDED_OUT = {
    "neon": ("sslmode=require&channel_binding=require", {"sslmode": "require"}),
    "neon, old": ("options=endpoint%3Dep-1&sslmode=require", {"sslmode": "require", "options": "endpoint=ep-1"}),
    "supabase": ("pgbouncer=true&connection_limit=1", {}),
    "vercel": ("sslmode=require&supa=base-pooler.x", {"sslmode": "require"}),
    "sqlalchemy": ("ssl=prefer", {"sslmode": "prefer"}),
    "twice": ("sslmode=disable&sslmode=require", {"sslmode": "require"}),
    "named": ("application_name=x&connect_timeout=10", {"application_name": "x"}),
}


@pytest.mark.parametrize("query", HANDED_OUT)
def test_parameters_that_asyncpg_knows_are_passed_on_and_no_others(query: str) -> None:
    text, expected = HANDED_OUT[query]
    assert asyncpg_url(f"postgres://ada:pw@db.example.com/tasks?{text}")[0] == PLAIN
    assert parameters(f"postgres://ada:pw@db.example.com/tasks?{text}") == expected


@pytest.mark.parametrize("query", ["sslmode=verify-full", "sslmode=verify-ca", "sslrootcert=system"])
def test_certificates_are_checked_against_the_systems_where_no_file_is_named(
    query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", __file__)
    monkeypatch.setenv("HOME", "/nonexistent")
    monkeypatch.delenv("PGSSLROOTCERT", raising=False)
    told = parameters(f"{PLAIN}?{query}")
    assert told["sslmode"].startswith("verify-")
    assert told["sslrootcert"] == __file__


def test_a_file_that_is_named_stays() -> None:
    assert parameters(f"{PLAIN}?sslmode=verify-ca&sslrootcert={__file__}")["sslrootcert"] == __file__


def test_sockets_and_odd_passwords_survive() -> None:
    url = make_url(asyncpg_url("postgres://ada:p%40%2F%3A%23%25@[::1]:6432/tasks?host=/run/postgresql")[0])
    assert (url.password, url.host, url.port, url.database) == ("p@/:#%", "::1", 6432, "tasks")
    assert url.query == {"host": "/run/postgresql"}


WRONG = {
    "mysql://ada:pa55@h/d": "no PostgreSQL URL",
    "pa55": "no PostgreSQL URL",
    "'postgres://ada:pa55@h/d'": "no PostgreSQL URL",
    "postgres://ada:pa55@h:port/d": "can't be read",
    "postgres://ada:pa55@h:70000/d": "can't be read",
    "postgres://ada:pa55@word/x@h/d": "can't be read",
    "postgres://ada:pa55@h/d?sslmode=yes": "unknown sslmode",
    "postgres://ada:pa55@h/d?sslmode=verify-full&sslrootcert=/none": "sslrootcert",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_one_is_refused_in_one_line_without_its_password(text: str) -> None:
    with pytest.raises(SettingsError, match=rf"^DATABASE_URL .*{WRONG[text]}.*: write [^\n]+$") as caught:
        load({"DATABASE_URL": text})
    assert "pa55" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_where_the_data_are_is_told_without_the_login() -> None:
    assert place(PLAIN) == "database tasks at db.example.com"
    assert place("postgresql+asyncpg://ada@/tasks?host=/run/postgresql") == "database tasks at /run/postgresql"
