"""What the environment and `.env` in the working directory set; what is wrong there is said before anything runs."""

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dotenv import dotenv_values
from limits import parse_many

from adapters.mail import SmtpServer
from bootstrap.database_url import asyncpg_url, place
from bootstrap.token_secret import SHORTEST, kept_secret, weakness_of

ENVIRONMENTS = ("development", "test", "staging", "production")
PUBLIC = ("staging", "production")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
MAKE_ONE = 'write what `python3 -c "import secrets; print(secrets.token_urlsafe(48))"` prints'


class SettingsError(Exception):
    """One line: the variable, what is wrong, and what to write. Never the value of one that may hold a secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    environment: str
    database_url: str | None = field(repr=False)
    """SQLAlchemy's; None for the built-in PostgreSQL."""
    connect_args: Mapping[str, Any] = field(repr=False)
    """asyncpg's: how to use TLS, and other parameters of the URL."""
    data_place: str
    data_dir: Path
    pool_size: int
    better_auth_secret: str = field(repr=False)
    access_token_minutes: int
    openai_api_key: str | None = field(repr=False)
    openai_base_url: str | None = field(repr=False)
    openai_model: str
    model_timeout_seconds: float
    context_tokens: int
    turn_lease_seconds: int
    turn_wait_seconds: int
    chat_limit: str
    daily_tokens: int
    """Of one user; 0: as many as one likes."""
    rate_limit_storage: str | None = field(repr=False)
    """None for PostgreSQL."""
    frontend_url: str
    cors_origins: list[str]
    smtp: SmtpServer | None = field(repr=False)
    """None: mails are not sent."""
    log_level: str
    log_file: Path | None

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @property
    def is_development(self) -> bool:
        return self.environment == "development"

    @property
    def has_model(self) -> bool:
        return bool(self.openai_api_key or self.openai_base_url)


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Without `environ`, the process environment and what `.env` adds to it. Raises `SettingsError`."""
    read = Reader(process_environment() if environ is None else environ)
    environment = read.one_of("ENVIRONMENT", ENVIRONMENTS, "development")
    data_dir = Path(read.text("DATA_DIR", ".data")).expanduser().absolute()
    database_url, connect_args = read.database(environment)
    frontend_url = read.page("FRONTEND_URL", "http://localhost:3000")
    return Settings(
        environment=environment,
        database_url=database_url,
        connect_args=connect_args,
        data_place=place(database_url) if database_url else str(data_dir / "postgres"),
        data_dir=data_dir,
        pool_size=read.whole("POOL_SIZE", 10, 1, 1_000),
        better_auth_secret=read.secret(environment, data_dir),
        access_token_minutes=read.whole("ACCESS_TOKEN_MINUTES", 7 * 24 * 60, 1, 366 * 24 * 60),
        openai_api_key=read.text("OPENAI_API_KEY") or None,
        openai_base_url=read.url("OPENAI_BASE_URL", "http", "https"),
        openai_model=read.text("OPENAI_MODEL", "gpt-4o-mini"),
        model_timeout_seconds=read.whole("MODEL_TIMEOUT_SECONDS", 60, 1, 3_600),
        context_tokens=read.whole("CONTEXT_TOKENS", 16_000, 1_000, 10_000_000),
        turn_lease_seconds=read.whole("TURN_LEASE_SECONDS", 15, 1, 3_600),
        turn_wait_seconds=read.whole("TURN_WAIT_SECONDS", 30, 0, 3_600),
        chat_limit=read.limit("CHAT_LIMIT", "20/minute"),
        daily_tokens=read.whole("DAILY_TOKENS", 0, 0, 999_999_999),
        rate_limit_storage=read.redis("RATE_LIMIT_STORAGE"),
        frontend_url=frontend_url,
        cors_origins=read.origins(frontend_url),
        smtp=read.smtp("SMTP_URL"),
        log_level=read.one_of("LOG_LEVEL", LOG_LEVELS, "INFO"),
        log_file=Path(name).expanduser() if (name := read.text("LOG_FILE")) else None,
    )


def process_environment() -> dict[str, str]:
    """The real environment wins, also with an empty value: `OPENAI_API_KEY= make run` is the way to do without."""
    try:
        written = dotenv_values(".env", interpolate=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise SettingsError(f".env can't be read ({type(error).__name__}): make it a readable UTF-8 file") from None
    return {name: value for name, value in written.items() if value} | dict(os.environ)


class Reader:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def text(self, name: str, default: str = "") -> str:
        return self._environ.get(name, "").strip() or default

    def one_of(self, name: str, known: tuple[str, ...], default: str) -> str:
        text = self.text(name, default)
        for each in known:
            if each.casefold() == text.casefold():
                return each
        raise SettingsError(f"{name} is {text[:40]!r}: write one of {', '.join(known)}")

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        text = self.text(name, str(default))
        if re.fullmatch(r"[0-9]{1,9}", text) and least <= int(text) <= most:
            return int(text)
        raise SettingsError(f"{name} is {text[:40]!r}: write a whole number from {least} to {most}")

    def url(self, name: str, *schemes: str) -> str | None:
        text = self.text(name)
        if text and not is_url(text, schemes):
            starts = " or ".join(f"{scheme}://" for scheme in schemes)
            raise SettingsError(f"{name} is no such address: write one that starts with {starts} and has a host")
        return text.rstrip("/") or None

    def page(self, name: str, default: str) -> str:
        """A web address that a path can be added to."""
        url = self.url(name, "http", "https") or default
        if urlsplit(url).query or urlsplit(url).fragment:
            raise SettingsError(f"{name} has a ? or #: write it without, such as {default}")
        return url

    def redis(self, name: str) -> str | None:
        """With its port, which `limits` wants to be told."""
        url = self.url(name, "redis", "rediss")
        if url is None or urlsplit(url).port:
            return url
        parts = urlsplit(url)
        return parts._replace(netloc=f"{parts.netloc}:6379").geturl()

    def origins(self, frontend_url: str) -> list[str]:
        """The web client's own, unless only others are named; `*` is everyone's."""
        named = [each.strip().rstrip("/") for each in self.text("CORS_ORIGINS").split(",") if each.strip()]
        for each in named:
            if each != "*" and not (is_url(each, ("http", "https")) and origin(each) == each):
                raise SettingsError(f"CORS_ORIGINS has {each[:80]!r}: write origins such as https://tasks.example.com")
        if self.text("FRONTEND_URL") or not named:
            named.insert(0, origin(frontend_url))
        return list(dict.fromkeys(named))

    def limit(self, name: str, default: str) -> str:
        text = self.text(name, default)
        with suppress(ValueError):
            if all(1 <= each.amount <= 1_000_000 for each in parse_many(text)):
                return text
        raise SettingsError(f"{name} is {text[:40]!r}: write a limit such as 20/minute, or several with ; between")

    def smtp(self, name: str) -> SmtpServer | None:
        try:
            return SmtpServer.from_url(self.text(name)) if self.text(name) else None
        except ValueError:
            example = "smtp://user:password@host:587?from=tasks@example.com"
            raise SettingsError(f"{name} can't be read: write {example}") from None

    def database(self, environment: str) -> tuple[str | None, dict[str, Any]]:
        text = self.text("DATABASE_URL")
        if not text and environment == "production":
            raise SettingsError("DATABASE_URL is missing: write postgresql://user:password@host:5432/database")
        try:
            return asyncpg_url(text) if text else (None, {})
        except ValueError as error:
            raise SettingsError(f"DATABASE_URL {error}") from None

    def secret(self, environment: str, data_dir: Path) -> str:
        secret = self.text("BETTER_AUTH_SECRET")
        if not secret and environment != "production":
            return own_secret(data_dir / "secret")
        weakness = weakness_of(secret)
        if weakness and (environment in PUBLIC or len(secret) < SHORTEST):
            raise SettingsError(f"BETTER_AUTH_SECRET {weakness}: {MAKE_ONE}")
        return secret


def own_secret(path: Path) -> str:
    try:
        secret = kept_secret(path)
    except OSError as error:
        where = f"{error.filename or path}: {error.strerror}"
        raise SettingsError(f"DATA_DIR can't be used ({where}): write a folder of your own") from None
    if len(secret) < SHORTEST:
        raise SettingsError(f"DATA_DIR has {path}, which is too short to be one we made: delete that file")
    return secret


def is_url(text: str, schemes: tuple[str, ...]) -> bool:
    with suppress(ValueError):
        url = urlsplit(text)
        return url.scheme in schemes and bool(url.hostname) and (url.port is None or url.port > 0)
    return False


def origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()
