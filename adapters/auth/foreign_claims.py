"""What a token of another issuer says: for whom it is, until when, and what it may do."""

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from adapters.auth.issuers import MAX_ID_LENGTH
from adapters.auth.jose_tokens import SKEW_SECONDS
from domain.accounts.account import ALL_SCOPES, Scope

IDENTITY_SCOPES = frozenset({"openid", "profile", "email", "address", "phone", "offline_access"})
"""The scopes of OpenID Connect Core §5.4 and §11."""
Scopes = str | list[Any] | UnsetType | None
"""RFC 8693 §4.2 has names separated by spaces; some issuers send a list of them. Tokens with anything else are
refused."""


class Claims(msgspec.Struct, frozen=True):
    """Times are seconds since 1970 and may have fractions (RFC 7519 §2, NumericDate)."""

    iss: str
    sub: Annotated[str, Meta(min_length=1, max_length=MAX_ID_LENGTH, pattern=r"^[^\x00]*\Z")]
    aud: str | list[str]
    exp: int | float
    iat: int | float = 0
    nbf: int | float = 0
    scope: Scopes = UNSET
    scopes: Scopes = UNSET
    scp: Scopes = UNSET

    def check(self, now: float) -> None:
        """Raises `ValueError` if the token has expired, or is not valid yet."""
        begun = self.iat <= now + SKEW_SECONDS and self.nbf <= now + SKEW_SECONDS
        if not (begun and now < self.exp):
            raise ValueError("too early or too late")

    def rights(self, usual: frozenset[Scope]) -> frozenset[Scope]:
        """Returns what all claims about scopes allow together. A token without such a claim has the `usual` rights,
        which are all, as Better Auth's tokens, unless `AUTH_ISSUERS` says less."""
        claims = [claim for claim in (self.scope, self.scopes, self.scp) if claim is not UNSET]
        return ALL_SCOPES.intersection(*map(_rights, claims)) if any(map(_limits, claims)) else usual


def _rights(claim: Scopes) -> frozenset[Scope]:
    """Returns the scopes that the claim allows. An empty claim allows nothing."""
    return frozenset(scope for scope in Scope if scope in _names(claim)) if _limits(claim) else ALL_SCOPES


def _limits(claim: Scopes) -> bool:
    """Returns whether the claim says anything of rights. OpenID Connect's scopes concern only the identity data, so a
    claim with nothing else limits nothing."""
    names = _names(claim)
    return not names or not names <= IDENTITY_SCOPES


def _names(claim: Scopes) -> set[str]:
    texts = claim if isinstance(claim, list) else [claim]
    return {name for text in texts if isinstance(text, str) for name in text.split()}
