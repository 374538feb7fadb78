"""Keys of other issuers (RFC 7517), each pinned to the one algorithm that its kind allows (RFC 8725 §3.1)."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from jose import jws
from jose.backends.base import Key
from jose.exceptions import JOSEError
from jose.jwk import construct, register_key
from jose.utils import base64url_decode

MOST_KEYS = 100
RSA_BITS_LEAST, RSA_BITS_MOST = 2048, 8192
"""RFC 7518 §3.3 asks for the least; more than the most would only cost time."""
LONGEST_MEMBER = RSA_BITS_MOST // 6 + 2
"""Characters in base64url, six bits each."""
KINDS: Mapping[tuple[str, str | None], tuple[tuple[str, ...], tuple[str, ...]]] = {
    ("OKP", "Ed25519"): (("EdDSA", "Ed25519"), ("x",)),
    ("EC", "P-256"): (("ES256",), ("x", "y")),
    ("RSA", None): (("RS256",), ("n", "e")),
}
"""By `kty` and `crv`: what the algorithm is called (RFC 9864 gave EdDSA a second name), and what makes the key."""


class Ed25519Key(Key):
    """python-jose has none. For verifying only."""

    def __init__(self, key: Mapping[str, str], algorithm: str) -> None:
        super().__init__(key, algorithm)
        self._key = Ed25519PublicKey.from_public_bytes(base64url_decode(key["x"].encode()))

    def verify(self, msg: bytes, sig: bytes) -> bool:
        with suppress(InvalidSignature):
            self._key.verify(sig, msg)
            return True
        return False


for _name in KINDS["OKP", "Ed25519"][0]:
    register_key(_name, Ed25519Key)


class Jwk(msgspec.Struct, frozen=True):
    """The members that are looked at. Private ones are not, should an issuer publish them by mistake."""

    kty: str
    kid: str | None = None
    use: str | None = None
    key_ops: tuple[str, ...] = ("verify",)
    alg: str | None = None
    crv: str | None = None
    x: str = ""
    y: str = ""
    n: str = ""
    e: str = ""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """Two are equal when they were published alike."""

    jwk: Jwk
    algorithms: tuple[str, ...]
    key: Any = field(compare=False, repr=False)

    def verify(self, token: str) -> None:
        """Raises `JOSEError` or `ValueError`; the token's `alg` has no say but to agree."""
        jws.verify(token, self.key, self.algorithms)


def public_keys(document: bytes) -> list[PublicKey]:
    """Those of a JWK set that can be used here; others are none of our business (RFC 7517 §5). Raises `ValueError`."""
    published = msgspec.json.decode(document, type=_JwkSet).keys
    usable = []
    for each in published[:MOST_KEYS]:
        with suppress(JOSEError, ValueError):
            usable.append(_public_key(msgspec.json.decode(each, type=Jwk)))
    return usable


class _JwkSet(msgspec.Struct):
    keys: list[msgspec.Raw]


def _public_key(jwk: Jwk) -> PublicKey:
    algorithms, names = KINDS.get((jwk.kty, jwk.crv), ((), ()))
    members = {name: getattr(jwk, name) for name in names}
    if jwk.alg not in (None, *algorithms) or jwk.use not in (None, "sig") or "verify" not in jwk.key_ops:
        raise ValueError("meant for something else")
    if not members or not all(0 < len(value) <= LONGEST_MEMBER for value in members.values()):
        raise ValueError("of another kind, or incomplete")
    kind = {"kty": jwk.kty, "crv": jwk.crv}
    key: Any = construct({**kind, **members}, algorithms[0])
    if jwk.kty == "RSA" and not RSA_BITS_LEAST <= key.prepared_key.key_size <= RSA_BITS_MOST:
        raise ValueError("too short or too long")
    return PublicKey(jwk, algorithms, key)
