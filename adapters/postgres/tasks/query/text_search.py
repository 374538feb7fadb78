"""Searches as PostgreSQL's `tsquery`. Each lexeme begins with the prefix of the user, as in `tasks.search`."""

from application.tasks.query import And, Filter, HasTag, Or, Words
from application.tasks.query.relevance import Phrases, phrases
from domain.tasks.index_keys import DESCRIPTION_WEIGHTS, TITLE_WEIGHTS, quoted, tag_lexeme, user_prefix

ANYWHERE, IN_TITLE = "", "".join(TITLE_WEIGHTS)
AS_WRITTEN_IN_TITLE = TITLE_WEIGHTS[0]
AS_WRITTEN = TITLE_WEIGHTS[0] + DESCRIPTION_WEIGHTS[0]


def tag_query(key: str, user_id: str) -> str:
    return quoted(tag_lexeme(user_prefix(user_id), key))


def word_query(text: str, user_id: str) -> str:
    return _query(phrases(text), user_id, ANYWHERE)


def rank_queries(text: str, user_id: str) -> tuple[str, str, str]:
    """Returns the queries whose matches count 4, 2 and 1."""
    written = phrases(text, with_accents=True)
    return (
        _query(phrases(text), user_id, IN_TITLE),
        _query(written, user_id, AS_WRITTEN_IN_TITLE),
        _query(written, user_id, AS_WRITTEN),
    )


def necessary_query(which: Filter, user_id: str) -> str | None:
    """Returns a query that all tasks match which the filter matches. Returns None if the filter has none."""
    match which:
        case HasTag(key):
            return tag_query(key, user_id)
        case Words(text):
            return word_query(text, user_id)
        case And(terms):
            known = [each for term in terms if (each := necessary_query(term, user_id))]
            return " & ".join(f"({each})" for each in known) or None
        case Or(terms):
            needed = [necessary_query(term, user_id) for term in terms]
            return " | ".join(f"({each})" for each in needed) if all(needed) and needed else None
        case _:
            return None


def _query(wanted: Phrases, user_id: str, weights: str) -> str:
    """The words of a phrase follow each other. Of the last word, the beginning is enough."""
    prefix, last = user_prefix(user_id), len(wanted) - 1
    return " & ".join(
        " <-> ".join(
            _lexeme(prefix, word, weights, is_open=(place, at) == (last, len(phrase) - 1))
            for at, word in enumerate(phrase)
        )
        for place, phrase in enumerate(wanted)
    )


def _lexeme(prefix: str, word: str, weights: str, *, is_open: bool) -> str:
    marks = f"{'*' if is_open else ''}{weights}"
    return quoted(f"{prefix}{word}") + (f":{marks}" if marks else "")
