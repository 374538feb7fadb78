"""Reads which task is meant: by number, by "it", by its place in the last list, by its words, or all of them."""

import re

from msgspec.structs import replace

from adapters.language_models.builtin.reading.parts.qualifiers import EMPTY_IN_QUESTIONS, qualified
from adapters.language_models.builtin.reading.words.stems import SAYING_NOTHING, words
from adapters.language_models.builtin.reading.words.text import unquoted
from adapters.language_models.builtin.requests import Ref
from adapters.language_models.builtin.tables import NUMBERS, one_of, pairs, phrase, phrases, table, words_of
from application.tasks.date_words import DateContext
from domain.tasks.task import MAX_ID

PLACES = {word: int(place) for place, words in pairs("references", "places").items() for word in words.split()}
GROUPS = words_of("qualifiers", "group names")
_NUMBERS, _PLACE, _RANGE, _LABELLED = map(
    phrases, ("task numbers", "place in a list", "range of numbers", "labelled number")
)
_POINTERS = [
    (phrase(f"^({'|'.join(table('references')[name])})$"), ref)
    for name, ref in (
        ("it", Ref(pronoun="it")),
        ("them", Ref(pronoun="them")),
        ("rest", Ref(pronoun="rest")),
        ("other", Ref(pronoun="other")),
        ("everything", Ref(every=True)),
    )
]
_EXCEPT, _ALL = (phrase("|".join(table("references")[name])) for name in ("except", "all"))
_PLURAL, _DAY_LEFT = phrases("plural"), phrases("day left")
_ARTICLE, _KIND, _TOO, _REMARK = map(phrases, ("article", "kind", "too", "remark"))
_SPELT = re.compile(rf"\b(?:{one_of(NUMBERS)})\b", re.IGNORECASE)
_MAX_RANGE = 100


def reference(text: str, context: DateContext) -> Ref:
    """Returns what the text points at."""
    said = _TOO.sub("", _REMARK.sub("", text.strip(" ,.;:!?"))).strip(" ,.;:")
    plain = unquoted(said)
    if plain != said:
        return Ref(words=plain)
    if pointed := _pointed(said) or _pointed(said.partition(",")[0]):
        return pointed
    return _all_but(said, context) or _grouped(said, context) or Ref(words=_named(said))


def _pointed(said: str) -> Ref | None:
    if not said:
        return Ref()
    digits = _SPELT.sub(lambda found: str(NUMBERS[found[0].lower()]), said)
    if _NUMBERS.search(digits) and (digits == said or _LABELLED.search(digits)):
        return Ref(ids=_ids(digits))
    return next((ref for pattern, ref in _POINTERS if pattern.search(said)), None) or _in_places(said)


def _all_but(said: str, context: DateContext) -> Ref | None:
    """Reads "everything except the rent" and "all but the work list"."""
    found = _EXCEPT.search(said)
    if not found or not said[: found.start()].strip():
        return None
    ref, left_out = reference(said[: found.start()], context), said[found.end() :].strip(" ,")
    if not (ref.every or ref.pronoun == "them" or ref.group):
        return None
    more = qualified(left_out, context, states=False)
    if not (lists := tuple(each for each in more.filters if each[0] in "#@")):
        return replace(ref, but=left_out)
    return replace(ref, filters=ref.filters + lists, every=True, pronoun="", but=more.rest)


def _ids(said: str) -> tuple[int, ...]:
    ids: list[int] = []
    for first, last in _RANGE.findall(said):
        if int(first) < int(last) <= int(first) + _MAX_RANGE:
            ids += range(int(first), int(last) + 1)
    ids += [int(each) for each in re.findall(r"\d+", said)]
    known = [each for each in dict.fromkeys(ids) if each <= MAX_ID]
    return tuple(sorted(known) if _RANGE.search(said) else known)


def _in_places(said: str) -> Ref | None:
    found = _PLACE.search(said)
    if not found:
        return None
    place = PLACES[found["place"].lower()]
    if many := found["many"]:
        count = NUMBERS.get(many.lower()) or int(many)
        return Ref(places=tuple(range(count)) if place == 0 else tuple(range(-count, 0)))
    return Ref(places=(place, *([PLACES[found["second"].lower()]] if found["second"] else [])))


def _grouped(said: str, context: DateContext) -> Ref | None:
    """Reads "all the shopping", "everything on my work list" and "today's tasks"."""
    every = None if said.lower().startswith("both ") and " and " in said else _ALL.search(said)
    rest = said[every.end() :].strip() if every else said
    if not every and not _PLURAL.search(rest):
        return None
    found = qualified(rest, context)
    filters = tuple(found.by_day("completed" if found.status == "completed" else "due"))
    left = [word for word in words(found.rest) if word.removesuffix("'s") not in SAYING_NOTHING | {"work"} - GROUPS]
    names = [word for word in left if word not in EMPTY_IN_QUESTIONS]
    if not names and (filters or found.status):
        return Ref(every=True, filters=filters, status=found.status)
    if (every or set(names) <= GROUPS) and 0 < len(names) <= 3:
        return Ref(every=True, filters=filters, status=found.status, group=" ".join(names))
    return Ref(every=True) if every and not names and not _DAY_LEFT.search(found.rest) else None


def _named(said: str) -> str:
    for _ in range(3):
        said = _ARTICLE.sub("", said).strip() or said
    return _KIND.sub("", said).strip() or said
