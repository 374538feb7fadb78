"""Keys for siblings that the user orders by hand. Between any two keys there is another, so a move writes one row.

This is fractional indexing, as David Greenspan describes it
(https://observablehq.com/@dgreensp/implementing-fractional-indexing). A key is a whole number and a fraction, in base
62. The first letter of the number says how many digits it has: `a` one and `b` two; below zero, `Z` one and `Y` two. So
keys are compared byte by byte, and they grow slowly at both ends.
"""

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
MAX_KEY_LENGTH = 60
FIRST_KEY = "a0"
_POSITIVE, _NEGATIVE = "abcdefghijklmnopqrstuvwxyz", "ZYXWVUTSRQPONMLKJIHGFEDCBA"
_HEADS = " " + _POSITIVE
"""The first letter of a number, by how many digits it has."""


class NoRoom(Exception):
    """No other key fits between the two. Give the siblings new keys with `rekeyed`."""


def between(before: str | None, after: str | None) -> str:
    """Returns a key later than `before` and earlier than `after`. None stands for the beginning or the end. Raises
    `NoRoom` if the key would be longer than `MAX_KEY_LENGTH`, or if the two are not in this order."""
    if before is not None and after is not None and before >= after:
        raise NoRoom
    key = _between(before, after)
    is_between = (before is None or before < key) and (after is None or key < after)
    if len(key) > MAX_KEY_LENGTH or not is_between:
        raise NoRoom
    return key


def number_key(number: int) -> str:
    """Returns the key of an entity that was never moved by hand: its number in decimal digits. The keys of numbers are
    in the order of the numbers."""
    digits = str(number)
    return _HEADS[len(digits)] + digits


def after_last(last: str | None) -> str:
    """Returns a key later than `last` and earlier than the keys of the numbers after it, so that a new entity, which
    has the key of its number, still comes last. Raises `NoRoom`."""
    if last is None:
        return FIRST_KEY
    number = _number(last)
    return between(last, _stepped(number, 1))


def at_end(last: str | None, count: int) -> list[str]:
    """Returns `count` keys in order, all later than `last`. Raises `NoRoom`."""
    keys: list[str] = []
    for _ in range(count):
        last = between(last, None)
        keys.append(last)
    return keys


def rekeyed(count: int) -> list[str]:
    return at_end(None, count)


def _between(before: str | None, after: str | None) -> str:
    if before is None:
        return FIRST_KEY if after is None else _first_before(after)
    number = _number(before)
    fraction = before.removeprefix(number)
    if after is not None and _number(after) == number:
        return number + _midpoint(fraction, after.removeprefix(number))
    following = _stepped(number, 1)
    if following and (after is None or following < after):
        return following
    return number + _midpoint(fraction, None)


def _first_before(after: str) -> str:
    number = _number(after)
    if number < after:
        return number
    return _stepped(number, -1) or number + _midpoint("", after.removeprefix(number))


def _number(key: str) -> str:
    return key[: _length(key[0])]


def _length(head: str) -> int:
    return 2 + (_POSITIVE if head in _POSITIVE else _NEGATIVE).index(head)


def _stepped(number: str, step: int) -> str | None:
    """Returns the next whole number, or with a `step` of -1 the one before. Returns None past the last there is."""
    head, digits = number[0], number[1:]
    value = sum(DIGITS.index(digit) * 62**place for place, digit in enumerate(reversed(digits))) + step
    if 0 <= value < 62 ** len(digits):
        return head + _in_digits(value, len(digits))
    heads = _NEGATIVE[::-1] + _POSITIVE
    place = heads.index(head) + step
    if not 0 <= place < len(heads):
        return None
    return heads[place] + (DIGITS[0] if step > 0 else DIGITS[-1]) * (_length(heads[place]) - 1)


def _in_digits(value: int, length: int) -> str:
    digits = ""
    for _ in range(length):
        value, digit = divmod(value, 62)
        digits = DIGITS[digit] + digits
    return digits


def _midpoint(low: str, high: str | None) -> str:
    """Returns a fraction between two, of as few digits as can be; no `high` is 1. None of them ends in a zero."""
    if high:
        same = _common_length(low, high)
        if same:
            return high[:same] + _midpoint(low[same:], high[same:])
    first = DIGITS.index(low[0]) if low else 0
    last = DIGITS.index(high[0]) if high else len(DIGITS)
    if last - first > 1:
        return DIGITS[(first + last) // 2]
    if high and len(high) > 1:
        return high[0]
    return DIGITS[first] + _midpoint(low[1:], None)


def _common_length(low: str, high: str) -> int:
    return next(place for place, digit in enumerate(high) if digit != (low[place] if place < len(low) else DIGITS[0]))
