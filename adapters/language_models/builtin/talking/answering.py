"""Reads what the user says while a question is open: an answer to the question, or a new request."""

import re
from dataclasses import replace

from adapters.language_models.builtin.acting.scene import Confirm, Question, SeenTasks, Title, Which
from adapters.language_models.builtin.reading.matching import matches
from adapters.language_models.builtin.reading.notation import compiled
from adapters.language_models.builtin.reading.reading import read
from adapters.language_models.builtin.reading.references import numbered, reference
from adapters.language_models.builtin.reading.sentence import Sentence, sentence
from adapters.language_models.builtin.reading.splitting import understand
from adapters.language_models.builtin.reading.titles import draft, title
from adapters.language_models.builtin.requests import (
    COMMANDS,
    UNCLEAR,
    Add,
    Describe,
    Listing,
    Numbers,
    Offer,
    Ordinal,
    Reference,
    Remark,
    Rename,
    Request,
    Undo,
    Words,
)

_YES = compiled(
    "(<yes>|please|exactly|correct)[[,|.|!] <yes>][[,|.|!] [please ]<do it>]|<do it>|that one|i do|that's right"
)
_ALL = compiled("(all|both)[ of][ <them>| <count>]|<them>|everything|the two|the lot")
_NONE = compiled("(none|neither|not any|nothing|no one|no)[ of <them>]")
_LEAD = re.compile(
    r"(?:i (?:mean|meant)|it's|it is|that's|only|just|the one (?:about|with|for|to|that says)):? ", re.IGNORECASE
)
_STAY_WORDS = frozenset({"no", "never mind", "retraction", "negation", "help", "add what", "rename what"})


def requests_for(said: str, question: Question | None) -> tuple[Request, ...]:
    heard = sentence(said)
    match question:
        case Confirm(request):
            return _confirmed(said, heard, request)
        case Which():
            return _chosen(said, heard, question)
        case Title(task) if not heard.asked:
            return _titled(said, heard, task)
    return understand(said)


def _confirmed(said: str, heard: Sentence, request: Request) -> tuple[Request, ...]:
    if not heard.asked and _YES.fullmatch(heard.bare):
        return (request,)
    requests = understand(said)
    return (Remark("yes or no"),) if requests == (UNCLEAR,) else requests


def _chosen(said: str, heard: Sentence, question: Which) -> tuple[Request, ...]:
    lead = _LEAD.match(heard.bare)
    text = heard.bare[lead.end() :] if lead else heard.bare
    if not heard.asked:
        if _NONE.fullmatch(text):
            return (Remark("never mind"),)
        ids = _ids(text, question.candidates)
        if ids:
            return (replace(question.request, task=Numbers(ids)),)
    requests = understand(said)
    if requests[0] != UNCLEAR and not isinstance(requests[0], Offer):
        return requests
    return (not heard.asked and _by_words(text, question)) or (Remark("which again"),)


def _ids(text: str, candidates: SeenTasks) -> tuple[int, ...]:
    """Returns the numbers of the tasks that are meant. "2" is the task with that number; if it is no candidate, "2" is
    the second candidate."""
    known = tuple(task.id for task in candidates)
    if _ALL.fullmatch(text):
        return known
    numbers = numbered(text)
    if numbers and set(numbers.ids) <= set(known):
        return numbers.ids
    places = (int(text) - 1,) if re.fullmatch("[1-9]", text) else _places(reference(text))
    return tuple(known[place] for place in places) if all(-len(known) <= place < len(known) for place in places) else ()


def _places(meant: Reference) -> tuple[int, ...]:
    return meant.places if isinstance(meant, Ordinal) else ()


def _by_words(text: str, question: Which) -> tuple[Request, ...] | None:
    meant = reference(text)
    if not isinstance(meant, Words):
        return None
    found = matches(meant.text, question.candidates)
    if len(found.sure or found.near) == 1:
        (task,) = found.sure or found.near
        return (replace(question.request, task=Numbers((task.id,))),)
    return (replace(question.request, task=meant),) if found.sure else None


def _titled(said: str, heard: Sentence, task: Reference | None) -> tuple[Request, ...]:
    """Reads the sentence as a title, unless it is clearly a request."""
    request = read(said)
    is_numbered = isinstance(request, COMMANDS) and isinstance(getattr(request, "task", None), Numbers)
    is_remark = isinstance(request, Remark) and request.topic in _STAY_WORDS
    if isinstance(request, (Listing, Add, Rename, Describe, Undo)) or is_numbered or is_remark:
        return understand(said)
    if task is not None:
        return (Rename(task, title(heard.text)),)
    return (Add((draft(heard.text),)),)
