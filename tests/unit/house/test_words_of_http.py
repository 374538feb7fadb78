"""What is said over HTTP only is said in adapters/http: other adapters have other words for the same rules."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
WORDS = re.compile(r"\bIf-(None-)?Match\b|\bETags?\b|Idempotency-Key(?!-header)|\bContent-Type\b|\bRetry-After\b")
INNER = [path for layer in ("domain", "application") for path in sorted((ROOT / layer).rglob("*.py"))]


@pytest.mark.parametrize("path", INNER, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_header_is_named_within(path: Path) -> None:
    assert not WORDS.search(path.read_text())


@pytest.mark.parametrize("text", ["its ETag", "If-None-Match", "send an Idempotency-Key"])
def test_a_named_header_is_found(text: str) -> None:
    assert WORDS.search(text)
