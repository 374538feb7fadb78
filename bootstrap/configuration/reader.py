import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from limits import parse_many

from adapters.auth import issuers
from adapters.auth.issuers import Issuer
from adapters.http.server.addresses import TrustedProxies
from adapters.mail import SmtpServer
from bootstrap.configuration.database_url import asyncpg_url
from bootstrap.configuration.misspelt import hints
from bootstrap.configuration.token_secret import MIN_SECRET_LENGTH, kept_secret, weakness_of
from bootstrap.configuration.web_addresses import is_url, origin
from domain.quotas import Quotas

VAPID_KEY_BYTES = 32
PUBLIC_ENVIRONMENTS = ("staging", "production")
MAKE_ONE = 'write what `python3 -c "import secrets; print(secrets.token_urlsafe(48))"` prints'


class SettingsError(Exception):
    """The message is one line: the variable, the problem, and what to write. It never contains a secret."""


class Reader:
    """An empty variable gives the default. Every method raises `SettingsError`."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._names_read: set[str] = set()

    def text(self, name: str, default: str = "") -> str:
        self._names_read.add(name)
        return self._environ.get(name, "").strip() or default

    def hints(self) -> tuple[str, ...]:
        """Returns hints about names that are similar to settings. Call it after all settings are read."""
        return tuple(hints(self._environ, self._names_read))

    def choice(self, name: str, known: tuple[str, ...], default: str) -> str:
        text = self.text(name, default)
        for each in known:
            if each.casefold() == text.casefold():
                return each
        raise SettingsError(f"{name} is {text[:40]!r}: write one of {', '.join(known)}")

    def integer(self, name: str, default: int, least: int, most: int) -> int:
        text = self.text(name, str(default))
        if is_integer(text, least, most):
            return int(text)
        raise SettingsError(f"{name} is {text[:40]!r}: write a whole number from {least} to {most}")

    def by_model(self, name: str, model: str, default: int, least: int, most: int) -> int:
        """Parses a number for all models, numbers for some (`gpt-4o=60000`), or both with commas between."""
        given = dict(each.strip().rpartition("=")[::2] for each in self.text(name).split(",") if each.strip())
        if wrong := [each for each in given.values() if not is_integer(each, least, most)]:
            example = f"{default},{model}={2 * default}"
            raise SettingsError(
                f"{name} has {wrong[0][:40]!r}: write numbers from {least} to {most}, such as {example}"
            )
        return int(given.get(model, given.get("", default)))

    def url(self, name: str, *schemes: str) -> str | None:
        text = self.text(name)
        if text and not is_url(text, schemes):
            starts = " or ".join(f"{scheme}://" for scheme in schemes)
            raise SettingsError(f"{name} is no such address: write one that starts with {starts} and has a host")
        return text.rstrip("/") or None

    def web_url(self, name: str, default: str) -> str:
        url = self.url(name, "http", "https") or default
        if urlsplit(url).query or urlsplit(url).fragment:
            raise SettingsError(f"{name} has a ? or #: write it without, such as https://tasks.example.com")
        return url

    def base_url(self, name: str) -> str | None:
        """Returns our own web address. Our routes begin at its root, so it has no path."""
        url = self.web_url(name, "")
        if urlsplit(url).path:
            raise SettingsError(
                f"{name} has a path: write scheme, host and port only, such as https://tasks.example.com"
            )
        return url or None

    def redis(self, name: str) -> str | None:
        """Returns the URL with a port, which `limits` requires."""
        url = self.url(name, "redis", "rediss")
        if url is None or urlsplit(url).port:
            return url
        parts = urlsplit(url)
        return parts._replace(netloc=f"{parts.netloc}:6379").geturl()

    def origins(self, frontend_url: str | None, usual: Sequence[str] = ()) -> list[str]:
        """Returns the web client's origin and the `usual` ones, unless others are configured. `*` allows all."""
        named = [each.strip().rstrip("/") for each in self.text("CORS_ORIGINS").split(",") if each.strip()]
        for each in named:
            if each != "*" and not (is_url(each, ("http", "https")) and origin(each) == each):
                raise SettingsError(f"CORS_ORIGINS has {each[:80]!r}: write origins such as https://tasks.example.com")
        own = [origin(frontend_url)] if frontend_url else []
        if self.text("FRONTEND_URL"):
            return list(dict.fromkeys([*own, *named]))
        return named or list(dict.fromkeys([*own, *usual]))

    def limit(self, name: str, default: str) -> str:
        text = self.text(name, default)
        with suppress(ValueError):
            if all(1 <= each.amount <= 1_000_000 for each in parse_many(text)):
                return text
        raise SettingsError(f"{name} is {text[:40]!r}: write a limit such as 20/minute, or several with ; between")

    def proxies(self, name: str) -> list[str]:
        named = [each.strip() for each in self.text(name).split(",") if each.strip()]
        try:
            TrustedProxies(named)
        except ValueError:
            example = "127.0.0.1,10.0.0.0/8"
            raise SettingsError(f"{name} has what is no network: write addresses or networks, {example}") from None
        return named

    def smtp(self, name: str) -> SmtpServer | None:
        try:
            return SmtpServer.from_url(self.text(name)) if self.text(name) else None
        except ValueError:
            example = "smtp://user:password@host:587?from=tasks@example.com"
            raise SettingsError(f"{name} can't be read: write {example}") from None

    def quotas(self) -> Quotas:
        return Quotas(
            **{
                each.name: self.integer(f"QUOTA_{each.name.upper()}", int(str(each.default)), 0, 10**14)
                for each in fields(Quotas)
            }
        )

    def issuers(self, environment: str) -> tuple[Issuer, ...]:
        try:
            return issuers.parse(self.text("AUTH_ISSUERS"), public=environment in PUBLIC_ENVIRONMENTS)
        except ValueError as error:
            raise SettingsError(f"AUTH_ISSUERS {error}") from None

    def database(self, name: str, *, required: bool = False) -> tuple[str | None, dict[str, Any]]:
        text = self.text(name)
        if not text and required:
            raise SettingsError(f"{name} is missing: write postgresql://user:password@host:5432/database")
        try:
            return asyncpg_url(text) if text else (None, {})
        except ValueError as error:
            raise SettingsError(f"{name} {error}") from None

    def vapid_key(self, name: str) -> bytes:
        """Returns the 32 bytes of a private key of P-256, or nothing if there is none."""
        text = self.text(name)
        try:
            key = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except ValueError:
            key = b"?"
        if key and (len(key) != VAPID_KEY_BYTES or not any(key)):
            raise SettingsError(f"{name} is no private key: write 32 bytes in base64url (docs/reminders.md)")
        return key

    def vapid_contact(self, name: str, default: str) -> str:
        """Push services refuse another one than RFC 8292, 2.1 has."""
        contact = self.text(name, default)
        if not re.fullmatch(r"mailto:[^@\s]+@[^@\s]+|https://\S+", contact):
            raise SettingsError(f"{name} is {contact[:80]!r}: write mailto:you@example.com, or an https:// address")
        return contact

    def secret(self, environment: str, data_dir: Path) -> str:
        secret = self.text("BETTER_AUTH_SECRET")
        if not secret and environment != "production":
            return generated_secret(data_dir / "secret")
        weakness = weakness_of(secret)
        if weakness and (environment in PUBLIC_ENVIRONMENTS or len(secret) < MIN_SECRET_LENGTH):
            raise SettingsError(f"BETTER_AUTH_SECRET {weakness}: {MAKE_ONE}")
        return secret


def generated_secret(path: Path) -> str:
    try:
        secret = kept_secret(path)
    except OSError as error:
        where = f"{error.filename or path}: {error.strerror}"
        raise SettingsError(f"DATA_DIR can't be used ({where}): write a folder of your own") from None
    if len(secret) < MIN_SECRET_LENGTH:
        raise SettingsError(f"DATA_DIR has {path}, which is too short to be one we made: delete that file")
    return secret


def is_integer(text: str, least: int, most: int) -> bool:
    return bool(re.fullmatch(r"[0-9]{1,15}", text)) and least <= int(text) <= most
