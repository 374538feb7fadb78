"""Voluntary application server identification for Web Push (RFC 8292)."""

from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, derive_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from jose import jwt

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""The order of P-256 (FIPS 186-5)."""
LIFETIME = timedelta(hours=12)
"""It must be at most a day (RFC 8292, 2)."""


class Vapid:
    """Identifies this service to push services. `contact` is a `mailto:` or `https:` URL of its operator."""

    def __init__(self, private_key: bytes, contact: str) -> None:
        """`private_key` are the 32 bytes of a private key of P-256. Raises `ValueError`."""
        self._key = _private(private_key)
        self._contact = contact
        self.public_key = _text(self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    def authorization(self, endpoint: str, now: datetime) -> str:
        url = urlsplit(endpoint)
        claims = {"aud": f"{url.scheme}://{url.netloc}", "exp": int((now + LIFETIME).timestamp()), "sub": self._contact}
        return f"vapid t={jwt.encode(claims, self._pem(), 'ES256')}, k={self.public_key}"

    def _pem(self) -> str:
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _private(key: bytes) -> EllipticCurvePrivateKey:
    return derive_private_key(int.from_bytes(key, "big"), SECP256R1())


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def key_from(secret: str) -> bytes:
    """Returns the private key that goes with a secret. The same secret always gives the same key."""
    text = HKDF(SHA256(), 40, None, b"tasktalk VAPID").derive(secret.encode())
    return (int.from_bytes(text, "big") % (_ORDER - 1) + 1).to_bytes(32, "big")
