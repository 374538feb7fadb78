"""Compresses large answers to reads. An answer that may contain a token is sent as it is: its compressed length would
reveal the token to an attacker who can put text of their own beside it (BREACH, CVE-2013-3587)."""

import gzip
import re
from typing import Any

from litestar.types import Scope

MIN_BYTES = 1_400
"""A shorter answer fits into one packet anyway."""
LEVEL = 1
"""Higher ones take three times as long for a tenth less."""
OF_TOKENS = ("/api/auth/", "/oauth/")
ACCEPTS_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")


def may_be_compressed(scope: Scope, start: Any) -> bool:
    """Returns whether the client accepts gzip, and the answer is that of a read without an ETag. The tag would have to
    differ with the encoding (RFC 9110, 8.8.3.3), and clients send it back in `If-Match`."""
    return (
        scope["method"] == "GET"  # type: ignore[typeddict-item]
        and start["status"] == 200
        and not scope["path"].startswith(OF_TOKENS)
        and any(
            name == b"accept-encoding" and ACCEPTS_GZIP.search(value.decode("latin-1"))
            for name, value in scope["headers"]
        )
        and not any(name == b"etag" for name, _ in start["headers"])
    )


def compressed(start: Any, body: bytes) -> tuple[Any, bytes]:
    """Returns the start message with the new headers, and the compressed body."""
    packed = gzip.compress(body, LEVEL, mtime=0)
    others = [each for each in start["headers"] if each[0] != b"content-length"]
    told = [
        (b"content-encoding", b"gzip"),
        (b"vary", b"Accept-Encoding"),
        (b"content-length", b"%d" % len(packed)),
    ]
    return {**start, "headers": [*others, *told]}, packed
