"""Receipts of requests that contract tests keep."""

from datetime import UTC, datetime
from typing import Any

from domain.idempotency import Receipt

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def receipt(**values: Any) -> Receipt:
    defaults = {"user_id": "ann", "key": "k", "fingerprint": b"\x00\xff", "created_at": NOW}
    return Receipt(**{**defaults, **values})
