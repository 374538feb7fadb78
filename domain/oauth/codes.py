"""Authorization codes: what a user has allowed, until the client fetches its tokens."""

import hmac
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from domain.accounts.account import Scope
from domain.oauth.errors import InvalidGrant, OAuthError
from domain.oauth.secrets import encoded

CODE_LIFETIME = timedelta(seconds=60)
CODE_KEPT = timedelta(hours=1)
"""For so long a used code is recognized, so that its second use ends what its first one began."""
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
"""RFC 7636, 4.1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationCode:
    """`hash` is of the code itself, which is not stored. `connection_id` is what its first use begins. `flow` is the id
    of this sign-in in the log."""

    user_id: str
    hash: bytes = field(repr=False)
    connection_id: str
    client_id: str
    client_name: str
    redirect_uri: str
    challenge: str = field(repr=False)
    scopes: frozenset[Scope]
    audience: tuple[str, ...]
    flow: str
    expires_at: datetime
    used_at: datetime | None = None

    def check(self, client_id: str, redirect_uri: str | None, verifier: str, now: datetime) -> None:
        """Raises `InvalidGrant` if the code is not for this client, redirect URI and verifier, or has expired. OAuth
        2.1 no longer sends the redirect URI a second time, so it is compared where it is given."""
        is_theirs = client_id == self.client_id and redirect_uri in (None, self.redirect_uri)
        is_proven = bool(VERIFIER.fullmatch(verifier)) and hmac.compare_digest(challenge_of(verifier), self.challenge)
        if not is_theirs or not is_proven or now >= self.expires_at:
            raise InvalidGrant


def challenge_of(verifier: str) -> str:
    return encoded(sha256(verifier.encode()).digest())


def clean_challenge(challenge: str, method: str) -> str:
    """Raises `OAuthError` if there is none, or if it is not S256: with `plain` it would be the verifier itself."""
    if method != "S256" or not CHALLENGE.fullmatch(challenge):
        raise OAuthError("PKCE is required: send a code_challenge with code_challenge_method=S256.")
    return challenge


def flow_of(client_id: str, challenge: str) -> str:
    return sha256(f"{client_id} {challenge}".encode()).hexdigest()[:12]
