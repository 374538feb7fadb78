"""Turns a sentence that matches a row of the grammar into a request."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from adapters.language_models.builtin.reading.references import reference, status
from adapters.language_models.builtin.reading.sentence import Sentence
from adapters.language_models.builtin.reading.titles import draft, drafts, title, unquoted
from adapters.language_models.builtin.requests import (
    COMMANDS,
    UNCLEAR,
    UNSAID,
    Act,
    Add,
    Describe,
    Draft,
    Every,
    Find,
    Listing,
    Numbers,
    Offer,
    Pronoun,
    Reference,
    Remark,
    Rename,
    Request,
    Undo,
    Unsure,
    Verb,
    Words,
)
from domain.tasks.task import Status

_ABOUT_THE_LIST = re.compile(r"\b(?:tasks?|to-?dos?|reminders?|my list|the list)\b|#[0-9]", re.IGNORECASE)
_QUESTION = re.compile(
    r"(?:^|: )(?:should|shall|what|when|where|who|why|which|how|is|are|do|does|did|can|will) ", re.IGNORECASE
)
_DOUBT = re.compile(r"\b(?:not|never|but|except|unless|if|without|until)\b|n't\b", re.IGNORECASE)
_FORGET = re.compile(r"forget (?:to )", re.IGNORECASE)
_NEW_TITLE = re.compile(r" (?:to|into|with|->) ", re.IGNORECASE)
_MAX_WAYS_TO_CUT = 5


@dataclass(frozen=True, slots=True)
class GrammarMatch:
    """A sentence that matches a row of the grammar. `read_again` reads a part of it as a sentence of its own."""

    match: re.Match[str]
    sentence: Sentence
    read_again: Callable[[str], Request]

    def free(self, name: str) -> str:
        """Returns the captured text in its original spelling, for a title or a note."""
        return self.sentence.tail_of(*self.match.span(name))

    def bare(self, name: str) -> str:
        return self.match.groupdict().get(name) or ""


def _add(found: GrammarMatch) -> Request:
    first = draft(found.free("title"))
    if not first.title:
        return Remark("add what")
    if found.sentence.asked and _QUESTION.search(first.title):
        return Add((Draft(first.title + "?", first.description),), open_ended=True)
    return Add((first,))


def _remind(found: GrammarMatch) -> Request:
    request = _add(found)
    return Add(request.drafts, open_ended=True) if isinstance(request, Add) else request


def _several(found: GrammarMatch) -> Request:
    every = drafts(found.free("title"))
    return Add(every) if every else Remark("add what")


def _remind_then(found: GrammarMatch) -> Request:
    return Add((draft(f"{found.free('title')} {found.bare('when')}"),), open_ended=True)


def _remind_not(found: GrammarMatch) -> Request:
    said = found.free("title")
    forget = _FORGET.match(said)
    return Add((draft(said[forget.end() :] if forget else f"don't {said}"),), open_ended=True)


def _keep_in_mind(found: GrammarMatch) -> Request:
    return Add((draft(f"don't forget {found.free('title')}"),), open_ended=True)


def _command_or(fallback: Callable[[GrammarMatch], Request]) -> Callable[[GrammarMatch], Request]:
    """Returns a reader for sentences such as "I need to …". With "delete task 3" that is a command, with "finish task
    3" it may be one, and with "delete old photos" it is not."""

    def reader(found: GrammarMatch) -> Request:
        rest = found.free("title")
        if isinstance(found.read_again(rest), Undo):
            return Undo()
        if _ABOUT_THE_LIST.search(rest[:400]) and len(rest) < len(found.sentence.text):
            request = found.read_again(rest)
            if isinstance(request, Act) and request.verb is Verb.COMPLETE:
                return Unsure(request, rest)
            if isinstance(request, (*COMMANDS, Remark)) and request != UNCLEAR:
                return request
        return fallback(found)

    return reader


def _offer(said: str) -> Request:
    first = draft(said)
    return Offer(first) if first.title else UNCLEAR


def _act(verb: Verb) -> Callable[[GrammarMatch], Request]:
    return lambda found: Act(verb, reference(found.bare("task") or "it"), said=found.sentence.bare)


def _told(found: GrammarMatch) -> Request:
    """Reads a report, such as "the rent is paid", as completing a task. It is not read so if a word in it expresses
    doubt."""
    if _DOUBT.search(found.sentence.bare[:400]):
        return Remark("negation")
    return Act(Verb.COMPLETE, _with_verb(found), statement=True)


def _with_verb(found: GrammarMatch) -> Reference:
    """Returns the words for the task with the verb of the sentence: "the rent is paid" means the task of paying the
    rent."""
    task = reference(found.bare("task"))
    if isinstance(task, Words) and found.bare("verb"):
        return Words(f"{found.bare('verb')} {task.text}", task.named)
    return task


def _deed(found: GrammarMatch) -> Request:
    """Reads a report whose verb is part of the task, such as "called mom". So none of its words is read as a number or
    a pronoun."""
    if _DOUBT.search(found.sentence.bare[:400]):
        return Remark("negation")
    return Act(Verb.COMPLETE, Words(found.bare("task")), statement=True)


def _rename(found: GrammarMatch) -> Request:
    task, new = reference(found.bare("task")), title(found.free("title"))
    if not new:
        return Remark("rename what", found.bare("task"))
    return Rename(task, new, () if isinstance(task, (Numbers, Pronoun)) else _other_cuts(found))


def _other_cuts(found: GrammarMatch) -> tuple[tuple[str, str], ...]:
    text, start = found.sentence.text, found.match.start("task")
    later = list(_NEW_TITLE.finditer(text[:1000], found.match.start("title")))[:_MAX_WAYS_TO_CUT]
    return tuple((text[start : cut.start()], title(text[cut.end() :])) for cut in later)


READERS: dict[str, Callable[[GrammarMatch], Request]] = {
    "list": lambda found: Listing(status(found.bare("which"))),
    "list pending": lambda _: Listing(Status.PENDING),
    "list completed": lambda _: Listing(Status.COMPLETED),
    "list trashed": lambda _: Listing(Status.TRASHED),
    "undo": lambda _: Undo(),
    "add": _add,
    "add several": _several,
    "remind": _remind,
    "remind then": _remind_then,
    "remind not": _remind_not,
    "keep in mind": _keep_in_mind,
    "need": _command_or(_remind),
    "wish": _command_or(lambda found: _offer(found.free("title"))),
    "need thing": lambda found: _offer(f"get {found.free('title')}"),
    "chore": lambda found: _offer(found.sentence.text),
    "note": lambda found: Describe(reference(found.bare("task")), unquoted(found.free("note")), more=True),
    "describe": lambda found: Describe(reference(found.bare("task")), unquoted(found.free("note"))),
    "clear note": lambda found: Describe(reference(found.bare("task")), None),
    "rename": _rename,
    "rename what": lambda found: Remark("rename what", found.bare("task")),
    "complete": _act(Verb.COMPLETE),
    "complete what": lambda _: Act(Verb.COMPLETE, UNSAID),
    "done": _told,
    "did it": lambda _: Act(Verb.COMPLETE, Pronoun(), statement=True),
    "deed": _deed,
    "reopen": _act(Verb.REOPEN),
    "delete": _act(Verb.DELETE),
    "restore": _act(Verb.RESTORE),
    "restore what": lambda _: Act(Verb.RESTORE, UNSAID),
    "put back": _act(Verb.PUT_BACK),
    "delete what": lambda _: Act(Verb.DELETE, UNSAID),
    "clear list": lambda _: Act(Verb.DELETE, Every(Status.ALL)),
    "is it done": lambda found: Find(_with_verb(found), is_it_done=True),
    "is it there": lambda found: Find(reference(found.bare("task"))),
}
