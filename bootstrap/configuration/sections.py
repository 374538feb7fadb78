"""Reads the settings in groups: each function returns the fields of `Settings` that belong together."""

from pathlib import Path
from typing import Any

from bootstrap.configuration.database_url import place
from bootstrap.configuration.reader import PUBLIC_ENVIRONMENTS, Reader
from domain.chat.approval import ApprovalPolicy

LOCAL_PAGES = ("http://localhost:3000", "http://localhost:5173")
"""Next.js and Vite serve a web client there during development."""
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")

Fields = dict[str, Any]


def database(read: Reader, environment: str, data_dir: Path) -> Fields:
    url, connect_args = read.database("DATABASE_URL", required=environment == "production")
    direct_url, direct_connect_args = read.database("DIRECT_DATABASE_URL")
    return {
        "database_url": url,
        "connect_args": connect_args,
        "direct_database_url": direct_url,
        "direct_connect_args": direct_connect_args,
        "data_place": place(url) if url else str(data_dir / "postgres"),
        "pool_size": read.integer("POOL_SIZE", 10, 1, 1_000),
    }


def capacity(read: Reader) -> Fields:
    return {
        "requests_waiting": read.integer("REQUESTS_WAITING", 200, 0, 100_000),
        "turns_at_once": read.integer("TURNS_AT_ONCE", 500, 1, 100_000),
        "keep_alive_seconds": read.integer("KEEP_ALIVE_SECONDS", 75, 1, 3_600),
        "streams_at_once": read.integer("STREAMS_AT_ONCE", 1_000, 1, 100_000),
        "exports_at_once": read.integer("EXPORTS_AT_ONCE", 50, 1, 100_000),
        "uploads_at_once": read.integer("UPLOADS_AT_ONCE", 20, 1, 100_000),
        "user_share": read.integer("USER_SHARE", 10, 1, 100),
    }


def authentication(read: Reader, environment: str, data_dir: Path) -> Fields:
    return {
        "better_auth_secret": read.secret(environment, data_dir),
        "auth_issuers": read.issuers(environment),
        "access_token_minutes": read.integer("ACCESS_TOKEN_MINUTES", 60, 1, 366 * 24 * 60),
        "refresh_token_days": read.integer("REFRESH_TOKEN_DAYS", 30, 1, 366),
    }


def rate_limits(read: Reader) -> Fields:
    return {
        "signin_limit": read.limit("SIGNIN_LIMIT", "10/minute;100/hour"),
        "signup_limit": read.limit("SIGNUP_LIMIT", "60/hour"),
        "reset_limit": read.limit("RESET_LIMIT", "10/hour"),
        "chat_limit": read.limit("CHAT_LIMIT", "20/minute"),
        "mcp_limit": read.limit("MCP_LIMIT", "120/minute"),
        "client_limit": read.limit("CLIENT_LIMIT", "20/minute;200/hour"),
        "oauth_limit": read.limit("OAUTH_LIMIT", "600/minute"),
        "rate_limit_storage": read.redis("RATE_LIMIT_STORAGE"),
        "trusted_proxies": read.proxies("TRUSTED_PROXIES"),
    }


def chat(read: Reader) -> Fields:
    model = read.text("OPENAI_MODEL", "gpt-4o-mini")
    return {
        "openai_api_key": read.text("OPENAI_API_KEY") or None,
        "openai_base_url": read.url("OPENAI_BASE_URL", "http", "https"),
        "openai_model": model,
        "model_timeout_seconds": read.integer("MODEL_TIMEOUT_SECONDS", 60, 1, 3_600),
        "context_tokens": read.by_model("CONTEXT_TOKENS", model, 16_000, 4_000, 10_000_000),
        "turn_lease_seconds": read.integer("TURN_LEASE_SECONDS", 15, 1, 3_600),
        "turn_wait_seconds": read.integer("TURN_WAIT_SECONDS", 30, 0, 3_600),
        "approvals": ApprovalPolicy(read.choice("APPROVALS", tuple(ApprovalPolicy), ApprovalPolicy.BULK)),
        "daily_tokens": read.integer("DAILY_TOKENS", 0, 0, 999_999_999),
    }


def reminders(read: Reader) -> Fields:
    return {
        "push_limit": read.limit("PUSH_LIMIT", "30/hour"),
        "vapid_private_key": read.vapid_key("VAPID_PRIVATE_KEY"),
        "vapid_contact": read.vapid_contact("VAPID_CONTACT", "mailto:nobody@example.com"),
    }


def retention(read: Reader) -> Fields:
    return {
        "trash_days": read.integer("TRASH_DAYS", 30, 1, 36_500),
        "event_days": read.integer("EVENT_DAYS", 90, 1, 36_500),
    }


def addresses(read: Reader, environment: str) -> Fields:
    """The web client is at the server's own address, or at a local one during development."""
    named_url = read.base_url("PUBLIC_URL")
    render_url = read.base_url("RENDER_EXTERNAL_URL")
    public_url = named_url or render_url
    local_pages = () if environment in PUBLIC_ENVIRONMENTS else LOCAL_PAGES
    frontend_url = read.web_url("FRONTEND_URL", public_url or next(iter(local_pages), "")) or None
    return {
        "public_url": public_url,
        "trusts_proxied_hosts": not named_url,
        "frontend_url": frontend_url,
        "cors_origins": read.origins(frontend_url, local_pages),
    }


def output(read: Reader) -> Fields:
    file = read.text("LOG_FILE")
    return {
        "smtp": read.smtp("SMTP_URL"),
        "log_level": read.choice("LOG_LEVEL", LOG_LEVELS, "INFO"),
        "log_file": Path(file).expanduser() if file else None,
    }
