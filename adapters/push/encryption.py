"""The encryption of messages for Web Push (RFC 8291), with the content coding `aes128gcm` (RFC 8188)."""

import os

from cryptography.hazmat.primitives.asymmetric.ec import ECDH, SECP256R1, EllipticCurvePublicKey, generate_private_key
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORD_BYTES = 4096
MAX_TEXT_BYTES = RECORD_BYTES - 16 - 1 - 86
"""A push service takes at least 4096 bytes (RFC 8030, 7.2): without the tag, the delimiter and the header."""
LAST_RECORD = b"\x02"
_CURVE = SECP256R1()


def encrypted(text: bytes, receiver_key: bytes, auth: bytes) -> bytes:
    """Returns the body: a header with a fresh public key of ours, and one encrypted record. Raises `ValueError` if the
    text is too long or the key is no point of the curve."""
    if len(text) > MAX_TEXT_BYTES:
        raise ValueError("too long for a push message")
    receiver = EllipticCurvePublicKey.from_encoded_point(_CURVE, receiver_key)
    own = generate_private_key(_CURVE)
    own_key = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    salt = os.urandom(16)
    shared = _derived(own.exchange(ECDH(), receiver), auth, b"WebPush: info\x00" + receiver_key + own_key, 32)
    content_key = _derived(shared, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derived(shared, salt, b"Content-Encoding: nonce\x00", 12)
    header = salt + RECORD_BYTES.to_bytes(4, "big") + bytes([len(own_key)]) + own_key
    return header + AESGCM(content_key).encrypt(nonce, text + LAST_RECORD, None)


def _derived(key: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(key)
