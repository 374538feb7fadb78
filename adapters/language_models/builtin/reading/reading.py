"""Turns the text of the user into a request, by the first row of the grammar that matches."""

from adapters.language_models.builtin.reading.grammar import PATTERNS
from adapters.language_models.builtin.reading.readers import READERS, GrammarMatch
from adapters.language_models.builtin.reading.sentence import Sentence, sentence, without_courtesy
from adapters.language_models.builtin.reading.spelling import respelled
from adapters.language_models.builtin.requests import (
    COMMANDS,
    UNCLEAR,
    Add,
    Listing,
    Offer,
    Remark,
    Request,
    Undo,
    Unsure,
)


def read(text: str) -> Request:
    """Reads the text as one request. splitting.py separates several requests in one text."""
    heard = sentence(text)
    request = _first_row(heard)
    if request == UNCLEAR or isinstance(request, Offer):
        plain = without_courtesy(heard)
        request = _first_row(plain) if plain != heard else request
        request = _respelled(plain) if request == UNCLEAR else request
    return request


def _first_row(heard: Sentence) -> Request:
    for intent, pattern in PATTERNS:
        match = pattern.fullmatch(heard.bare)
        if match:
            request = (
                READERS[intent](GrammarMatch(match, heard, read_part))
                if intent in READERS
                else Remark(intent, heard.bare)
            )
            return _asked_back(request, heard)
    return UNCLEAR


def _respelled(heard: Sentence) -> Request:
    for corrected, titles_intact in respelled(heard.bare):
        request = _first_row(sentence(corrected + "?" * heard.asked))
        changes = isinstance(request, (*COMMANDS, Unsure)) and not isinstance(request, Listing)
        if request != UNCLEAR and (titles_intact or not changes):
            return request
    return UNCLEAR


def _asked_back(request: Request, heard: Sentence) -> Request:
    if not heard.asked or not isinstance(request, (*COMMANDS, Undo)) or isinstance(request, Listing):
        return request
    if isinstance(request, Add) and request.open_ended:
        return request
    return Unsure(request, heard.text)


def read_part(text: str) -> Request:
    return _first_row(sentence(text))
