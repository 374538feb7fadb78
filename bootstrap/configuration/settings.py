"""The settings from the environment and from `.env` in the working directory. Mistakes are reported before anything
starts."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

from adapters.auth.issuers import Issuer
from adapters.mail import SmtpServer
from bootstrap.configuration.database_url import place
from bootstrap.configuration.reader import PUBLIC, Reader, SettingsError
from domain.quotas import Quotas

ENVIRONMENTS = ("development", "test", "staging", "production")
LOCAL_PAGES = ("http://localhost:3000", "http://localhost:5173")
"""Next.js and Vite serve a web client there during development."""
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    environment: str
    database_url: str | None = field(repr=False)
    """In SQLAlchemy's form; None for the built-in PostgreSQL."""
    connect_args: Mapping[str, Any] = field(repr=False)
    """In asyncpg's form: TLS and other parameters of the URL."""
    direct_database_url: str | None = field(repr=False)
    direct_connect_args: Mapping[str, Any] = field(repr=False)
    """These two lead around a pooler if `DATABASE_URL` leads to one."""
    data_place: str
    data_dir: Path
    pool_size: int
    requests_waiting: int
    """How many requests may wait. Those that are served each use a connection of the pool."""
    turns_at_once: int
    streams_at_once: int
    keep_alive_seconds: int
    """How long an idle connection is kept; a proxy in front must use a shorter time."""
    exports_at_once: int
    uploads_at_once: int
    user_share: int
    """The percentage of each kind of permit that one user may hold."""
    better_auth_secret: str = field(repr=False)
    access_token_minutes: int
    auth_issuers: tuple[Issuer, ...] = field(repr=False)
    """Other issuers of tokens. The addresses of their keys may contain a secret."""
    refresh_token_days: int
    signin_limit: str
    """Counted per account, and per address too."""
    signup_limit: str
    reset_limit: str
    trusted_proxies: list[str]
    """Proxies whose X-Forwarded-For is trusted."""
    openai_api_key: str | None = field(repr=False)
    openai_base_url: str | None = field(repr=False)
    openai_model: str
    model_timeout_seconds: float
    context_tokens: int
    turn_lease_seconds: int
    turn_wait_seconds: int
    chat_limit: str
    mcp_limit: str
    daily_tokens: int
    """The limit of one user; 0 means no limit."""
    quotas: Quotas
    trash_days: int
    event_days: int
    """How long the log of changes is kept."""
    rate_limit_storage: str | None = field(repr=False)
    """The URL of Redis; None for PostgreSQL."""
    public_url: str | None
    """The server's public address; None for the address in each request."""
    trusts_proxied_hosts: bool
    """If true, hosts that trusted proxies serve over https are accepted, since no address is configured."""
    frontend_url: str | None
    """The address of the web client; None if it is unknown, so that no links are sent."""
    cors_origins: list[str]
    smtp: SmtpServer | None = field(repr=False)
    """The mail server; None if no mails are sent."""
    log_level: str
    log_file: Path | None
    hints: tuple[str, ...] = ()
    """Messages about variables that are probably misspelt, for the start of the server."""

    @property
    def direct(self) -> tuple[str, Mapping[str, Any]] | None:
        return (self.direct_database_url, self.direct_connect_args) if self.direct_database_url else None

    @property
    def listening(self) -> tuple[str | None, Mapping[str, Any]]:
        """Returns the database to listen on, since a pooler in transaction mode forwards no notifications."""
        return self.direct or (self.database_url, self.connect_args)

    @property
    def issuers(self) -> list[str]:
        return [each.issuer for each in self.auth_issuers]

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @property
    def is_public(self) -> bool:
        """Returns whether strangers may use the server. Webhooks then may not lead to private addresses."""
        return self.environment in PUBLIC

    @property
    def is_development(self) -> bool:
        return self.environment == "development"

    @property
    def has_model(self) -> bool:
        return bool(self.openai_api_key or self.openai_base_url)


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Reads `environ`, or the process environment and `.env`. Raises `SettingsError`."""
    read = Reader(process_environment() if environ is None else environ)
    environment = read.choice("ENVIRONMENT", ENVIRONMENTS, "development")
    data_dir = Path(read.text("DATA_DIR", ".data")).expanduser().absolute()
    database_url, connect_args = read.database("DATABASE_URL", required=environment == "production")
    direct_database_url, direct_connect_args = read.database("DIRECT_DATABASE_URL")
    named_url = read.base_url("PUBLIC_URL")
    render_url = read.base_url("RENDER_EXTERNAL_URL")
    public_url = named_url or render_url or None
    local_pages = () if environment in PUBLIC else LOCAL_PAGES
    frontend_url = read.web_url("FRONTEND_URL", public_url or next(iter(local_pages), "")) or None
    openai_model = read.text("OPENAI_MODEL", "gpt-4o-mini")
    return Settings(
        environment=environment,
        database_url=database_url,
        connect_args=connect_args,
        direct_database_url=direct_database_url,
        direct_connect_args=direct_connect_args,
        data_place=place(database_url) if database_url else str(data_dir / "postgres"),
        data_dir=data_dir,
        pool_size=read.integer("POOL_SIZE", 10, 1, 1_000),
        requests_waiting=read.integer("REQUESTS_WAITING", 200, 0, 100_000),
        turns_at_once=read.integer("TURNS_AT_ONCE", 500, 1, 100_000),
        keep_alive_seconds=read.integer("KEEP_ALIVE_SECONDS", 75, 1, 3_600),
        streams_at_once=read.integer("STREAMS_AT_ONCE", 1_000, 1, 100_000),
        exports_at_once=read.integer("EXPORTS_AT_ONCE", 50, 1, 100_000),
        uploads_at_once=read.integer("UPLOADS_AT_ONCE", 20, 1, 100_000),
        user_share=read.integer("USER_SHARE", 10, 1, 100),
        better_auth_secret=read.secret(environment, data_dir),
        auth_issuers=read.issuers(environment),
        access_token_minutes=read.integer("ACCESS_TOKEN_MINUTES", 60, 1, 366 * 24 * 60),
        refresh_token_days=read.integer("REFRESH_TOKEN_DAYS", 30, 1, 366),
        signin_limit=read.limit("SIGNIN_LIMIT", "10/minute;100/hour"),
        signup_limit=read.limit("SIGNUP_LIMIT", "60/hour"),
        reset_limit=read.limit("RESET_LIMIT", "10/hour"),
        trusted_proxies=read.proxies("TRUSTED_PROXIES"),
        openai_api_key=read.text("OPENAI_API_KEY") or None,
        openai_base_url=read.url("OPENAI_BASE_URL", "http", "https"),
        openai_model=openai_model,
        model_timeout_seconds=read.integer("MODEL_TIMEOUT_SECONDS", 60, 1, 3_600),
        context_tokens=read.by_model("CONTEXT_TOKENS", openai_model, 16_000, 4_000, 10_000_000),
        turn_lease_seconds=read.integer("TURN_LEASE_SECONDS", 15, 1, 3_600),
        turn_wait_seconds=read.integer("TURN_WAIT_SECONDS", 30, 0, 3_600),
        chat_limit=read.limit("CHAT_LIMIT", "20/minute"),
        mcp_limit=read.limit("MCP_LIMIT", "120/minute"),
        daily_tokens=read.integer("DAILY_TOKENS", 0, 0, 999_999_999),
        quotas=read.quotas(),
        trash_days=read.integer("TRASH_DAYS", 30, 1, 36_500),
        event_days=read.integer("EVENT_DAYS", 90, 1, 36_500),
        rate_limit_storage=read.redis("RATE_LIMIT_STORAGE"),
        public_url=public_url,
        trusts_proxied_hosts=not named_url,
        frontend_url=frontend_url,
        cors_origins=read.origins(frontend_url, local_pages),
        smtp=read.smtp("SMTP_URL"),
        log_level=read.choice("LOG_LEVEL", LOG_LEVELS, "INFO"),
        log_file=Path(name).expanduser() if (name := read.text("LOG_FILE")) else None,
        hints=read.hints(),
    )


def process_environment() -> dict[str, str]:
    """The process environment has precedence over `.env`, also with an empty value: `OPENAI_API_KEY= make run` uses no
    model."""
    try:
        written = dotenv_values(".env", interpolate=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise SettingsError(f".env can't be read ({type(error).__name__}): make it a readable UTF-8 file") from None
    return {name: value for name, value in written.items() if value} | dict(os.environ)
