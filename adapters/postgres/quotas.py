NO_LIMIT = 2**62
ROW_BYTES = 200
"""The approximate size of a row without its text, so that many small rows count too."""


def most(quota: int) -> int:
    return quota or NO_LIMIT
