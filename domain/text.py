"""What any text that people give must be."""

from domain.errors import Invalid


def clean(field: str, value: str, *, longest: int, shortest: int = 0) -> str:
    """`value` without surrounding white space, `shortest`–`longest` code points. Raises `Invalid`.

    NUL and lone surrogates are refused: neither PostgreSQL text nor UTF-8 can hold them.
    """
    value = value.strip()
    if "\x00" in value or any("\ud800" <= char <= "\udfff" for char in value if char > "\ud7ff"):
        raise Invalid.field(field, "must not contain NUL characters or lone surrogates")
    if len(value) < shortest:
        raise Invalid.field(field, "must not be empty" if shortest == 1 else f"must be at least {shortest} characters")
    if len(value) > longest:
        raise Invalid.field(field, f"must be at most {longest} characters")
    return value
