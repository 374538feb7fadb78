from collections.abc import Collection, Iterator
from contextlib import suppress
from hashlib import sha256
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec

from domain.accounts.account import ALL_SCOPES, Scope

MAX_ID_LENGTH = 255
"""The limit of characters in a subject (OpenID Connect Core §2) and in a user's id."""
REPEATED = ("audience", "scopes")
"""The options that an issuer may have several times."""
EXAMPLE = "https://app.example.com,jwks_url=https://app.example.com/api/auth/jwks"

T = TypeVar("T", bound=str)


class Issuer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`issuer` and `audience` are compared with a token's `iss` and `aud` character by character (RFC 7519 §2,
    StringOrURI).

    `audience` is one or several, and by default the issuer itself, as with Better Auth. `jwks_url` is by default
    discovered (OpenID Connect Discovery 1.0). If `owns_ids` is true, its subjects are our users' ids without a prefix.
    `scopes` are the rights of a token that says nothing of scopes, and by default all.
    """

    issuer: str
    audience: str | tuple[str, ...] | None = None
    jwks_url: str | None = None
    owns_ids: bool = False
    scopes: Scope | tuple[Scope, ...] | None = None

    def is_meant(self, audience: str | list[str]) -> bool:
        return not set(self.audiences).isdisjoint(_several(audience))

    @property
    def audiences(self) -> tuple[str, ...]:
        return _several(self.audience or self.issuer)

    @property
    def usual_rights(self) -> frozenset[Scope]:
        return ALL_SCOPES if self.scopes is None else frozenset(_several(self.scopes))

    def user_id(self, subject: str) -> str:
        """Returns an id that no other issuer's subject has, and no user of our own, whose ids have no hyphen."""
        if self.owns_ids:
            return subject
        prefix = sha256(self.issuer.encode()).hexdigest()[:8]
        readable = f"{prefix}-{subject}"
        return readable if len(readable) <= MAX_ID_LENGTH else f"{prefix}~{sha256(subject.encode()).hexdigest()}"

    def may_send_keys_from(self, url: str) -> bool:
        """Without TLS keys could be forged, unless the issuer itself has no TLS."""
        return is_web_address(url, "https") or (self.issuer.startswith("http://") and is_web_address(url, "http"))


def parse(text: str, *, public: bool) -> tuple[Issuer, ...]:
    """Parses issuer URLs, each followed by its options (`audience=tasktalk`), separated by commas. There are no quotes
    and no spaces, as shells and Docker treat these differently. `public` allows only HTTPS. Raises `ValueError` with a
    text to follow the name of the setting."""
    try:
        issuers = msgspec.convert(_entries(text.replace(",", " ").split()), tuple[Issuer, ...], strict=False)
    except msgspec.ValidationError as error:
        raise ValueError(f"can't be read ({error}): write {EXAMPLE}") from None
    for wrong in _mistakes(issuers, ("https",) if public else ("https", "http")):
        raise ValueError(wrong)
    return issuers


def _several(value: T | Collection[T]) -> tuple[T, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _entries(words: list[str]) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = []
    for word in words:
        name, equals, value = word.partition("=")
        if "://" in name or not equals:
            entries.append({"issuer": word})
        elif entries and name not in entries[-1]:
            entries[-1][name] = value
        elif entries and name in REPEATED:
            entries[-1][name] = [*_several(entries[-1][name]), value]
        else:
            raise ValueError(f"says something twice, or of no issuer: write {EXAMPLE}")
    return entries


def _mistakes(issuers: tuple[Issuer, ...], schemes: tuple[str, ...]) -> Iterator[str]:
    addresses = " or ".join(f"{scheme}://" for scheme in schemes)
    for each in issuers:
        if not is_web_address(each.issuer, *schemes) or urlsplit(each.issuer).query:
            yield f"has an issuer that is no such address: write one that starts with {addresses} and has a host"
        if each.jwks_url is not None and not is_web_address(each.jwks_url, *schemes):
            yield f"has a jwks_url that is no such address: write one that starts with {addresses} and has a host"
        if "" in each.audiences or each.audience == "":
            yield "has an empty audience: write what the tokens have in `aud`, or leave it out where that is the issuer"
    if len({each.issuer for each in issuers}) < len(issuers):
        yield "has an issuer twice: write each once"
    if sum(each.owns_ids for each in issuers) > 1:
        yield "has several issuers that own the ids of users: write owns_ids for one at most"


def is_web_address(url: str, *schemes: str) -> bool:
    """Refuses URLs with a password, which would appear in logs, and with a fragment, which is never sent."""
    with suppress(ValueError):
        parts = urlsplit(url)
        plain = parts.username is None and not parts.fragment and url.isprintable() and " " not in url
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0 and plain
    return False
