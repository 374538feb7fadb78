"""What any text that people give must be."""

import re

from domain.errors import Invalid

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def clean(field: str, value: str, *, longest: int, shortest: int = 0) -> str:
    """`value` without surrounding white space, `shortest`–`longest` code points. Raises `Invalid`.

    NUL and lone surrogates are refused: neither PostgreSQL text nor UTF-8 can hold them.
    """
    value = value.strip()
    if _UNSTORABLE.search(value):
        raise Invalid.field(field, "must not contain NUL characters or lone surrogates")
    if len(value) < shortest:
        raise Invalid.field(field, "must not be empty" if shortest == 1 else f"must be at least {shortest} characters")
    if len(value) > longest:
        raise Invalid.field(field, f"must be at most {longest} characters")
    return value
