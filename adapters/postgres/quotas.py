"""Quotas as the statements compare with them."""

NO_LIMIT = 2**62
ROW_BYTES = 200
"""What a row takes besides its text, about: so many small ones count too."""


def most(quota: int) -> int:
    return quota or NO_LIMIT
