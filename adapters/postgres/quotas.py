NO_LIMIT = 2**62
ROW_BYTES = 200
"""The approximate size of a row without its text, so that many small rows count too."""
FREED = """
        counted AS (
            UPDATE counters SET bytes = greatest(0, bytes - freed.size)
            FROM (SELECT user_id, sum(size) AS size FROM gone GROUP BY user_id) AS freed
            WHERE counters.user_id = freed.user_id
        )"""
"""The part of a statement that gives the bytes of the rows in `gone` back to their users."""


def most(quota: int) -> int:
    return quota or NO_LIMIT
