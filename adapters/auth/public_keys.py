"""Keys of other issuers (RFC 7517), each bound to the one algorithm of its kind (RFC 8725 §3.1)."""

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

MAX_KEYS = 100
MIN_RSA_BITS, MAX_RSA_BITS = 2048, 8192
"""The minimum is that of RFC 7518 §3.3. Longer keys than the maximum would only cost time."""
MAX_MEMBER_LENGTH = MAX_RSA_BITS // 6 + 2
"""Characters in base64url, with six bits each."""
KINDS: Mapping[tuple[str, str | None], tuple[tuple[str, ...], tuple[str, ...]]] = {
    ("OKP", "Ed25519"): (("EdDSA", "Ed25519"), ("x",)),
    ("EC", "P-256"): (("ES256",), ("x", "y")),
    ("RSA", None): (("RS256",), ("n", "e")),
}
"""For each `kty` and `crv`, the names of the algorithm and of the members of the key. RFC 9864 gave EdDSA a second
name."""


class Ed25519Key(Key):
    """An Ed25519 key for verification, since python-jose has none."""

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
    """A JSON Web Key, with the members that we use. If an issuer publishes private members by mistake, they are
    ignored."""

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
    """A key of an issuer. Two keys are equal if their published members are equal."""

    jwk: Jwk
    algorithms: tuple[str, ...]
    key: Any = field(compare=False, repr=False)

    def verify(self, token: str) -> None:
        """Raises `JOSEError` or `ValueError` for a wrong signature, or if `alg` is not an algorithm of this key."""
        jws.verify(token, self.key, self.algorithms)


def public_keys(document: bytes) -> list[PublicKey]:
    """Returns the usable keys of a JWK set and ignores the others (RFC 7517 §5). Raises `ValueError`."""
    published = msgspec.json.decode(document, type=_JwkSet).keys
    usable = []
    for each in published[:MAX_KEYS]:
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
    if not members or not all(0 < len(value) <= MAX_MEMBER_LENGTH for value in members.values()):
        raise ValueError("of another kind, or incomplete")
    kind = {"kty": jwk.kty, "crv": jwk.crv}
    key: Any = construct({**kind, **members}, algorithms[0])
    if jwk.kty == "RSA" and not MIN_RSA_BITS <= key.prepared_key.key_size <= MAX_RSA_BITS:
        raise ValueError("too short or too long")
    return PublicKey(jwk, algorithms, key)
