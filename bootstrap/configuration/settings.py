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
from bootstrap.configuration import sections
from bootstrap.configuration.reader import PUBLIC_ENVIRONMENTS, Reader, SettingsError
from domain.chat.approval import ApprovalPolicy
from domain.quotas import Quotas

ENVIRONMENTS = ("development", "test", "staging", "production")


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
    client_limit: str
    """Counted per address: clients that register, and documents of clients that are fetched."""
    oauth_limit: str
    """Counted per address: requests for tokens. Claude and ChatGPT send those of all users from few addresses."""
    approvals: ApprovalPolicy
    daily_tokens: int
    """The limit of one user; 0 means no limit."""
    quotas: Quotas
    push_limit: str
    """Push subscriptions of one user."""
    vapid_private_key: bytes = field(repr=False)
    vapid_contact: str
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
        return self.environment in PUBLIC_ENVIRONMENTS

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
    return Settings(
        environment=environment,
        data_dir=data_dir,
        quotas=read.quotas(),
        **sections.database(read, environment, data_dir),
        **sections.capacity(read),
        **sections.authentication(read, environment, data_dir),
        **sections.rate_limits(read),
        **sections.chat(read),
        **sections.reminders(read),
        **sections.retention(read),
        **sections.addresses(read, environment),
        **sections.output(read),
        hints=read.hints(),
    )


def process_environment() -> dict[str, str]:
    """It has precedence over `.env`, also with an empty value: `OPENAI_API_KEY= make run` uses no model."""
    try:
        written = dotenv_values(".env", interpolate=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise SettingsError(f".env can't be read ({type(error).__name__}): make it a readable UTF-8 file") from None
    return {name: value for name, value in written.items() if value} | dict(os.environ)
