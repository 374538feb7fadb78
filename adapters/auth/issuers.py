"""The token issuers that `AUTH_ISSUERS` configures."""

from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from urllib.parse import urlsplit

import msgspec

MAX_ID_LENGTH = 255
"""The limit of characters in a subject (OpenID Connect Core §2) and in a user's id."""
EXAMPLE = "https://app.example.com,jwks_url=https://app.example.com/api/auth/jwks"


class Issuer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`issuer` and `audience` are compared with a token's `iss` and `aud` character by character (RFC 7519 §2,
    StringOrURI).

    `audience` is by default the issuer itself, as with Better Auth. `jwks_url` is by default discovered (OpenID Connect
    Discovery 1.0). If `owns_ids` is true, its subjects are our users' ids without a prefix.
    """

    issuer: str
    audience: str | None = None
    jwks_url: str | None = None
    owns_ids: bool = False

    def is_meant(self, audience: str | list[str]) -> bool:
        """Returns whether our audience is among those of the token (RFC 7519 §4.1.3)."""
        return (self.audience or self.issuer) in ([audience] if isinstance(audience, str) else audience)

    def user_id(self, subject: str) -> str:
        """Returns an id that no other issuer's subject has, and no user of our own, whose ids have no hyphen."""
        if self.owns_ids:
            return subject
        prefix = sha256(self.issuer.encode()).hexdigest()[:8]
        readable = f"{prefix}-{subject}"
        return readable if len(readable) <= MAX_ID_LENGTH else f"{prefix}~{sha256(subject.encode()).hexdigest()}"

    def may_send_keys_from(self, url: str) -> bool:
        """Returns whether keys may come from the URL. Without TLS they could be forged, unless the issuer itself has no
        TLS."""
        return is_web_address(url, "https") or (self.issuer.startswith("http://") and is_web_address(url, "http"))


def parse(text: str, *, public: bool) -> tuple[Issuer, ...]:
    """Parses issuer URLs, each followed by its options (`audience=tasktalk`), separated by commas.

    There are no quotes and no spaces, as shells and Docker treat these differently. `public` allows only HTTPS. Raises
    `ValueError` with a text to follow the name of the setting.
    """
    try:
        issuers = msgspec.convert(_entries(text.replace(",", " ").split()), tuple[Issuer, ...], strict=False)
    except msgspec.ValidationError as error:
        raise ValueError(f"can't be read ({error}): write {EXAMPLE}") from None
    for wrong in _mistakes(issuers, ("https",) if public else ("https", "http")):
        raise ValueError(wrong)
    return issuers


def _entries(words: list[str]) -> list[dict[str, str]]:
    entries: list[dict[str, str]] = []
    for word in words:
        name, equals, value = word.partition("=")
        if "://" in name or not equals:
            entries.append({"issuer": word})
        elif entries and name not in entries[-1]:
            entries[-1][name] = value
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
        if each.audience == "":
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
