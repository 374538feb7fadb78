from hashlib import sha256


def hash_of(text: str) -> bytes:
    """Returns SHA-256 of the text. A random secret of 256 bits needs no slow hash."""
    return sha256(text.encode("utf-8", "surrogatepass")).digest()
