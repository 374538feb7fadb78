"""What is left of a filter for tasks that have a value in a field, or have none."""

from collections.abc import Callable, Iterable, Iterator

from application.tasks.query.filter import And, AnyOf, Compare, Filter, IsSet, Not, Or

EVERYTHING: Filter = And(())
NOTHING: Filter = Or(())
Pick = Callable[[list[str]], str]


def assuming(which: Filter, field: str, *, is_set: bool) -> Filter:
    match which:
        case IsSet(name) if name == field:
            return EVERYTHING if is_set else NOTHING
        case Compare(name) | AnyOf(name) if name == field and not is_set:
            return NOTHING
        case Not(term):
            return _negated(assuming(term, field, is_set=is_set))
        case And(terms):
            left = tuple(_left(terms, field, is_set, EVERYTHING))
            return NOTHING if NOTHING in left else And(left)
        case Or(terms):
            left = tuple(_left(terms, field, is_set, NOTHING))
            return EVERYTHING if EVERYTHING in left else left[0] if len(left) == 1 else Or(left)
        case _:
            return which


def bounds(which: Filter, field: str) -> Iterator[Compare]:
    """Yields at most two conditions on the field, a text, that all matching tasks meet. They bound the range of an
    index, which PostgreSQL does not find in alternatives."""
    if latest := _end(which, field, "<", min, max):
        yield Compare(field, "<=", latest)
    if earliest := _end(which, field, ">", max, min):
        yield Compare(field, ">=", earliest)


def _end(which: Filter, field: str, side: str, tightest: Pick, loosest: Pick) -> str | None:
    match which:
        case Compare(name, operator, value) if name == field and operator[0] in {side, "="}:
            return str(value)
        case And(terms):
            ends = [end for term in terms if (end := _end(term, field, side, tightest, loosest))]
            return tightest(ends) if ends else None
        case Or(terms):
            found = [_end(term, field, side, tightest, loosest) for term in terms]
            ends = [end for end in found if end]
            return loosest(ends) if ends and len(ends) == len(found) else None
        case _:
            return None


def _left(terms: Iterable[Filter], field: str, is_set: bool, neutral: Filter) -> Iterator[Filter]:
    for term in terms:
        left = assuming(term, field, is_set=is_set)
        if left != neutral:
            yield left


def _negated(which: Filter) -> Filter:
    if which in (EVERYTHING, NOTHING):
        return NOTHING if which == EVERYTHING else EVERYTHING
    return Not(which)
