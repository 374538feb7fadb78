"""How much is in a text, found out before anything is made of it: 10 MB of `{},` would be 250 MB of objects.

A few passes over the bytes, a hundredth of a second each for 10 MB. What is malformed is left to the parser.
"""

STRING_ESCAPES = (b"\\\\", b'\\"')
"""Of JSON, where they would hide the end of a string."""


def json_exceeds(text: bytes, most: int) -> bool:
    """Whether there are more than about `most` values: all but the first of each container follow a comma."""
    if text.count(b",") <= most:
        return False
    for escape in STRING_ESCAPES:
        text = text.replace(escape, b"")
    return csv_exceeds(text, most)


def csv_exceeds(text: bytes, most: int) -> bool:
    """Whether more than `most` commas stand outside of quotes."""
    if text.count(b",") <= most:
        return False
    if text.count(b'"') > 4 * most:  # a name and a value, between two each
        return True
    return b"".join(text.split(b'"')[::2]).count(b",") > most
