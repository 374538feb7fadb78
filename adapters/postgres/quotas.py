"""Quotas as the statements compare with them."""

NO_LIMIT = 2**62


def most(quota: int) -> int:
    return quota or NO_LIMIT
