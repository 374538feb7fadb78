"""Turns a clause that matches a row of the patterns into a request."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from msgspec.structs import replace as changed

from adapters.language_models.builtin_next.reading.items import items_of
from adapters.language_models.builtin_next.reading.references import reference
from adapters.language_models.builtin_next.reading.slots import (
    KNOWN_LISTS_SET,
    NO_LISTS,
    LEVELS,
    Slots,
    date_in,
    edges_off,
    list_name,
    take_slots,
    title_of,
)
from adapters.language_models.builtin_next.reading.stems import CHORES, words
from adapters.language_models.builtin_next.reading.text import Clause, unquoted
from adapters.language_models.builtin_next.requests import Fields, Ref, Request, Shift
from application.tasks.date_words import DateContext, find_date

Match = re.Match[str]


@dataclass(frozen=True, slots=True)
class Heard:
    """A clause without its fillers. `whole` is the clause with them."""

    text: str
    clause: Clause
    whole: str
    context: DateContext
    has_focus: bool = False
    did: str = ""


Reader = Callable[[Heard, Match], Request | None]
_MODAL = re.compile(
    r"(?:,? (?:can|could|might|should|has|have|must|may|needs?|will|better|shall|ought|got|is|are|was|were|goes|go|gets|moves|to|be|rather|wait|move|get|booked|paid|called|done|due|moved|pushed|for|until|till|on|now|actually|really|very|instead|it|by|of|at|not|just|in|a|then|over|back|out|up|off|high|the))+$",
    re.IGNORECASE,
)
_HOUR = re.compile(r"(?:(?:at|to|for|around|by|till|until|say) )*((?:at )?(?:\d{1,2}(?:[:.]\d\d)? ?(?:am|pm|a\.m\.|p\.m\.|h|o'clock)?|noon|midnight|(?:half past|quarter past|quarter to) \w+|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?: ?(?:am|pm|o'clock|thirty|fifteen))?))", re.IGNORECASE)
_FIRM = re.compile(r"(?:swap|bring|move|push|postpone|reschedule|snooze|defer|delay|shift|bump|bring|put off|change|make|set|mark|give|assign|escalate|prioriti|flag|update|edit|modify|switch)", re.IGNORECASE)
_ASKS_WHEN = re.compile(r"(?:move|push|postpone|reschedule|snooze|defer|delay|shift)\b", re.IGNORECASE)
_OWN_VERB = re.compile(r"(?:book|schedule|plan|send|get|have|do|let|update|edit)\b", re.IGNORECASE)
_COMMAND_ON_TASK = re.compile(r"(?:delete|remove|rename|reschedule|postpone|mark|complete|move|tick|undo|see|show|know|finish) .*(?:\btask|\bmy list|\d|\bmy tasks|\boverdue|\btoday)|(?:undo|see|know)\b", re.IGNORECASE)


_NO_TITLE = re.compile(r"(?:a |an |another |the |one |some )?(?:new )?(?:tasks?|to-?dos?|items?|reminders?|notes?|one|something|thing)", re.IGNORECASE)
_I_NEED = re.compile(r"^(?:(?:that )?(?:i|we) (?:need|have|must|should|want|ought)(?: to)? (?:really |also )?)?(?:remember to )?", re.IGNORECASE)


def _added(heard: Heard, text: str, topic: str = "", *, several: bool = False, shared: Fields | None = None) -> Request | None:
    text = _I_NEED.sub("", text)
    if _NO_TITLE.fullmatch(text.strip()):
        return Request("add", topic="what", said=heard.whole)
    items = items_of(text, heard.context, several=several, shared=shared)
    if not items:
        return Request("add", topic="what", said=heard.whole)
    return Request("add", items=tuple(items), topic=topic, said=heard.whole)


def _add(heard: Heard, match: Match) -> Request | None:
    level = match.groupdict().get("level")
    shared: Fields = {"priority": LEVELS[level.lower()]} if level and level.lower() in LEVELS else {}
    return _added(heard, match["title"], shared=shared)


def _add_in_list(heard: Heard, match: Match) -> Request | None:
    return _added(heard, match["title"], shared={"list": list_name(match["list"])})


def _single(heard: Heard, text: str, topic: str = "remind") -> Request | None:
    """Reads all of the text as one task, commas and all."""
    text = _I_NEED.sub("", text)
    slots = take_slots(text, heard.context)
    title = title_of(slots.rest)
    if not title:
        return Request("add", topic="what", said=heard.whole)
    if slots.fields.get("list"):
        return _added(heard, text, topic)
    return Request("add", items=({"title": title} | slots.fields,), topic=topic, said=heard.whole)


def _remind(heard: Heard, match: Match) -> Request | None:
    if re.match(r"what|when|where|how|who|of what|why", match["title"], re.IGNORECASE):
        return None
    return _single(heard, _when_behind(match["title"], heard.context))


def _when_behind(text: str, context: DateContext) -> str:
    """Returns "open the presents on the 24th" for "on the 24th to open the presents"."""
    found = re.match(r"((?:on|at|in|by|next|this|every|tomorrow|today|tonight)\b.{0,40}?) (?:to|that|about) (.+)$", text, re.IGNORECASE)
    return f"{found[2]} {found[1]}" if found and date_in(found[1], context) else text


def _need(heard: Heard, match: Match) -> Request | None:
    if _COMMAND_ON_TASK.match(match["title"]):
        return None
    if moved := re.match(r"(?:move|reschedule|postpone|push|put off|delay) (?P<rest>.+)", match["title"], re.IGNORECASE):
        request = _move(replace(heard, text=match["title"]), moved)
        if request and request.fields:
            return changed(request, op="put", items=tuple(items_of(match["title"], heard.context)))
    return _single(heard, _with_whom(match["title"], heard.text), "need")


def _with_whom(title: str, text: str) -> str:
    """Puts the name back into "I promised Mark I'd send him the photos"."""
    promised = re.match(r"(?:i|we) promised (\w+) ", text, re.IGNORECASE)
    return re.sub(r"\b(?:him|her|them)\b", promised[1], title, count=1) if promised else title


def _chore(heard: Heard, match: Match) -> Request | None:
    return _single(heard, heard.text, "need") if words(match["title"]) else None


def _needed(heard: Heard, match: Match) -> Request | None:
    said = re.sub(r"^(?:any |some |more )+", "", match["title"], flags=re.IGNORECASE)
    if "," in said:
        said = re.sub(r" for (?:the|my|our) [\w ]+$", "", said)
    if re.match(r"(?:to|a hand|help|time|you)\b", said, re.IGNORECASE) or said.lower() in ("it", "that", "them"):
        return None
    return _added(heard, said, "need", several=len(said.split()) <= 12)


def _several(heard: Heard, match: Match) -> Request | None:
    title = match["title"]
    shared = {"list": list_name(match["list"])} if "list" in match.groupdict() else None
    if shared and not re.search(r",| and .* and |\n|;", title):
        title = ", ".join(re.split(r" and | ", title))
    title = re.sub(r"(?<=[a-z])\. (?=[A-Z])", ", ", title)
    return _added(heard, title, several=True, shared=shared)


def _heading(heard: Heard, match: Match) -> Request | None:
    name = match["list"].strip()
    if len(name.split()) > 2 or re.search(r"\b(?:this|that|it|on|my|add|put|note)\b", name, re.IGNORECASE):
        return None
    is_list = re.search(r"\blist ?:", heard.text[: match.start("title")], re.IGNORECASE)
    if not is_list and name.lower() not in KNOWN_LISTS_SET:
        return None
    if name.lower() in ("to do", "todo", "to-do", "my", "the"):
        return _added(heard, match["title"], several=True)
    return _added(heard, match["title"], several=True, shared={"list": list_name(name.removeprefix("my ").removeprefix("the "))})


def _put(heard: Heard, match: Match) -> Request | None:
    tail = match["tail"] or ""
    ref = reference(match["title"], heard.context)
    if ref.pronoun or ref.ids:
        return None
    return _added(heard, f"{match['title']} {tail}".strip())


def _for_day(heard: Heard, match: Match) -> Request | None:
    when = date_in(match["when"], heard.context)
    return _added(heard, match["title"], several=True, shared=when) if when else None


def _put_in_list(heard: Heard, match: Match) -> Request | None:
    """Puts a task into a list, or adds one there."""
    name = match["list"].strip()
    ref = reference(match["title"], heard.context)
    if name.lower() in NO_LISTS:
        return None
    tail = take_slots(f"x {match['tail'] or ''}", heard.context).fields
    fields = {"list": list_name(name)} | tail
    items = items_of(match["title"], heard.context, several=True, shared=fields)
    return Request("put", ref, items=tuple(items), fields=fields, said=heard.whole)


def _act(op: str, *, told: bool = False) -> Reader:
    def reader(heard: Heard, match: Match) -> Request | None:
        groups = match.groupdict()
        task = groups.get("task") or ""
        ref = reference(_TIME_OF_DEED.sub("", task) if told else task, heard.context)
        if ref.words and groups.get("more"):
            ref = Ref(words=f"{ref.words} {groups['more']}")
        return Request(op, ref, said=heard.whole, told=told)

    return reader


def _told(heard: Heard, match: Match) -> Request | None:
    if _doubted(heard.text):
        return None
    return _act("complete", told=True)(heard, match)


def _passive(heard: Heard, match: Match) -> Request | None:
    if _doubted(heard.text) or match["verb"].lower() in ("moved", "changed", "pushed", "postponed", "cancelled", "called", "named", "born", "tired", "supposed", "sold", "closed"):
        return None
    ref = reference(match["task"], heard.context)
    if ref.words:
        ref = Ref(words=f"{match['verb']} {ref.words}")
    return Request("complete", ref, said=heard.whole, told=True)


def _doubted(text: str) -> bool:
    return bool(re.search(r"\b(?:not|never|almost|nearly|half|if|unless|until|should|must|forgot|tried|wanted|need|supposed|when)\b|n't\b", text[:400], re.IGNORECASE))


_TIME_OF_DEED = re.compile(r",? (?:yesterday|today|this morning|last night|on the way home|all of it|this afternoon|just now|in the end|earlier|for good|tonight|on the telephone|on the phone)\b.*$", re.IGNORECASE)


def _deed(heard: Heard, match: Match) -> Request | None:
    groups = match.groupdict()
    if _doubted(heard.text):
        return None
    verb = groups.get("verb") or ""
    if groups["rest"].startswith("to ") and verb.lower() in ("got", "had", "needed", "wanted", "used", "forgot"):
        return None
    rest = _TIME_OF_DEED.sub("", groups["rest"])
    pointed = reference(rest, heard.context)
    if pointed.every or (pointed.ids and "task" in rest) or pointed.places:
        return Request("complete", pointed, said=heard.whole, told=True)
    if reference(rest, heard.context).pronoun in ("it", "them") and len(rest.split()) < 3:
        return Request("complete", reference(rest, heard.context), said=heard.whole, told=True)
    if verb.lower() in ("remembered", "promised", "realised", "realized", "noticed", "wondered", "asked", "liked", "loved", "hoped", "planned", "added", "changed", "got", "had", "said", "thought", "felt", "saw", "knew", "forgot", "wanted", "needed", "meant", "decided", "lost") and verb.lower() != "got":
        return None
    return Request("complete", Ref(words=f"{verb} {rest}".strip()), said=heard.whole, told=True)


def _deed_front(heard: Heard, match: Match) -> Request | None:
    return None if _doubted(heard.text) else Request("complete", Ref(words=f"{match['verb']} {match['task']}"), said=heard.whole, told=True)


def _finish_all(heard: Heard, match: Match) -> Request | None:
    several = re.search(r"\b(?:both|all|them|everything|they|they're|those|these)\b", heard.text, re.IGNORECASE)
    if not several and re.fullmatch(r"(?:got|have) it", heard.text, re.IGNORECASE):
        return None
    return Request("complete", Ref(pronoun="them" if several else "it"), said=heard.whole, told=True)


def _undo_of(heard: Heard, match: Match) -> Request | None:
    return Request("reopen", reference(match["task"], heard.context), said=heard.whole)


def _move(heard: Heard, match: Match) -> Request | None:
    verb = heard.text.split()[0]
    rest = re.sub(r"\b(?:until|till|til)\b", "to", match["rest"], flags=re.IGNORECASE)
    if of_all := _move_all(heard, rest):
        return of_all
    slots = take_slots(rest, heard.context, shifts=True, notes=False)
    _add_known_list(slots)
    said = edges_off(_MODAL.sub("", edges_off(slots.rest)))
    if not slots.says_something:
        if _ASKS_WHEN.match(heard.text):
            return Request("update", reference(said, heard.context), topic="when", said=heard.whole)
        return None
    ref = reference(said, heard.context)
    if slots.fields.get("recurrence") and not ref.words and not said:
        ref = Ref(pronoun="it")
    fields = _moved(slots, match["rest"])
    if _FIRM.match(verb) or ref.every or ref.pronoun or ref.ids or ref.places:
        return Request("update", ref if said else Ref(pronoun="it"), fields=fields, shift=slots.shift, said=heard.whole)
    title = heard.text if _OWN_VERB.match(verb) else match["rest"]
    items = items_of(title, heard.context)
    return Request("put", ref, items=tuple(items), fields=fields, shift=slots.shift, said=heard.whole)


_EVERY = re.compile(r"(?:everything|all|every|each|both|the rest|today's|tomorrow's|the overdue)\b", re.IGNORECASE)
_BEFORE_VALUE = re.compile(r" (?:to|onto|into|by|for|on|in|at|as)(?: be)? ", re.IGNORECASE)


def _move_all(heard: Heard, rest: str) -> Request | None:
    """Reads "everything on the work list to friday": only what stands last is the new value."""
    if not _EVERY.match(rest):
        return None
    for cut in reversed(list(_BEFORE_VALUE.finditer(rest))):
        slots = take_slots(rest[cut.start() :], heard.context, shifts=True, notes=False)
        _add_known_list(slots)
        if slots.says_something and not edges_off(slots.rest):
            ref = reference(rest[: cut.start()], heard.context)
            return Request("update", ref, fields=_moved(slots, rest[cut.start() :]), shift=slots.shift, said=heard.whole)
    return None


def _moved(slots: Slots, text: str) -> Fields:
    """Returns the fields. An hour alone is kept in words, since it does not move the day."""
    fields = dict(slots.fields)
    if hour := hour_alone(text):
        fields |= {"due": hour} if fields.get("due") and not fields.get("recurrence") else {}
    return fields


def hour_alone(text: str) -> str:
    """Returns the words of an hour if the text names one and no day."""
    found = re.search(rf"(?:^|\b(?:to|at|for|by|till|until) |\s){_HOUR.pattern}(?: (?:instead|please|sharp|not .*))?$", text.strip(" ,.!"), re.IGNORECASE)
    if not found or re.search(r"\b(?:today|tonight|tomorrow|mon|tue|wed|thu|fri|sat|sun|\w+day|next|week|month|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|december|january|\d{1,2}(?:st|nd|rd|th)|\d{4}-|in|every)\b", text[: found.start()] + " ", re.IGNORECASE):
        return ""
    if re.search(r"\d{4}-\d\d-\d\d", text):
        return ""
    hour = found[1].removeprefix("at ")
    return f"at {hour}"


def _add_known_list(slots: Slots) -> None:
    """Takes "home" in "move 11 to home", which no other phrase takes."""
    found = re.search(r" (?:to|into|in|on|under) (?:the |my )?(\w+)$", slots.rest)
    if found and found[1].lower() in KNOWN_LISTS_SET and "list" not in slots.fields:
        slots.fields["list"] = list_name(found[1])
        slots.rest = slots.rest[: found.start()]


def _need_change(heard: Heard, match: Match) -> Request | None:
    if re.match(r"(?:i|we|you|there|it's|what|who|this|one)\b", match["task"], re.IGNORECASE) and not heard.has_focus:
        return None
    text = re.sub(r",? not (?:\d{1,2}|today|tomorrow|\w+day)$", "", re.sub(r"\b(?:until|till|til)\b", "to", re.sub(r"^(?:can|could|may|might|should) ", "", heard.text, flags=re.IGNORECASE), flags=re.IGNORECASE), flags=re.IGNORECASE)
    slots = take_slots(text, heard.context, shifts=True, notes=False)
    if not slots.says_something:
        return None
    said = edges_off(_MODAL.sub("", edges_off(slots.rest)))
    fields = _moved(slots, text)
    items = ({"title": title_of(said)} | slots.fields,) if said else ()
    return Request("put", reference(said, heard.context), items=items, fields=fields, shift=slots.shift, said=heard.whole)


def _rename(heard: Heard, match: Match) -> Request | None:
    new = match["title"].strip()
    task = match["task"].strip()
    if re.match(r"change|edit|update|turn|correct|amend", heard.text, re.IGNORECASE) and "title" not in heard.text[:20] and "name" not in heard.text[:18]:
        if date_in(new, heard.context) or take_slots(f"x {new}", heard.context).rest.strip().lower() == "x" or find_date(new, heard.context) and not new.startswith('"'):
            return None
        if re.search(r"\b(?:date|priority|due|time|day|list)\b", task, re.IGNORECASE):
            return None
    return Request("update", reference(task, heard.context), fields={"title": _renamed(new)}, said=heard.whole)


def _renamed(new: str) -> str:
    return unquoted(new.strip(" .")) if new else new


def _rename_what(heard: Heard, match: Match) -> Request | None:
    return Request("update", reference(match["task"], heard.context), topic="rename", said=heard.whole)


def _rename_it(heard: Heard, match: Match) -> Request | None:
    return Request("update", Ref(pronoun="it"), fields={"title": _renamed(match["title"])}, said=heard.whole) if heard.has_focus else None


def _tag(heard: Heard, match: Match) -> Request | None:
    return Request("update", reference(match["task"], heard.context), fields={"add tags": [_tag_name(match)]}, said=heard.whole)


def _untag(heard: Heard, match: Match) -> Request | None:
    return Request("update", reference(match["task"], heard.context), fields={"remove tags": [_tag_name(match)]}, said=heard.whole)


def _tag_name(match: Match) -> str:
    return unquoted(match["tag"]).lstrip("#@")


def _cleared(*names: str) -> Reader:
    return lambda heard, match: Request("update", reference(match["task"], heard.context), clear=names, said=heard.whole)


def _date_for(heard: Heard, match: Match) -> Request | None:
    found = date_in(match["when"], heard.context)
    if not found:
        return None
    name = "deadline" if "deadline" in heard.text.lower() and "T" not in found["due"] else "due"
    return Request("update", reference(match["task"], heard.context), fields={name: found["due"]} if name == "deadline" else found, said=heard.whole)


def _level(level: str) -> Reader:
    def reader(heard: Heard, match: Match) -> Request | None:
        task = re.sub(r" (?:to high|high|as important|as urgent)$", "", match["task"])
        return Request("update", reference(task, heard.context), fields={"priority": level}, said=heard.whole)

    return reader


def _repeat(heard: Heard, match: Match) -> Request | None:
    groups = match.groupdict()
    when = groups.get("when")
    slots = take_slots(when or groups["rest"], heard.context, notes=False)
    if "recurrence" not in slots.fields:
        return None
    said = groups["task"] if when else edges_off(slots.rest)
    return Request("update", reference(said, heard.context) if said else Ref(pronoun="it"), fields=slots.fields, said=heard.whole)


def _note(heard: Heard, match: Match) -> Request | None:
    task = match.groupdict().get("task")
    ref = reference(task, heard.context) if task else Ref(pronoun="it")
    if not task and not heard.has_focus:
        return None
    note = re.sub(r"^(?:i should|that i should|to|that|saying|which says|i have to) (?=\w)", "", match["note"].strip(), flags=re.IGNORECASE)
    return Request("update", ref, fields={"add note": unquoted(note)}, said=heard.whole)


def _topic(topic: str) -> Reader:
    return lambda heard, match: Request("talk", reference(match.groupdict().get("task") or "", heard.context), topic=topic, said=heard.text)


def _not_done(heard: Heard, match: Match) -> Request | None:
    if heard.did == "complete" and re.fullmatch(r"(?:i|we|they|he|she|it|the .{1,40}) (?:did not|didn't|haven't|have not|are not|aren't|isn't|is not|'re not)(?: done| finished| sent| paid)?(?: it| that)?", heard.text, re.IGNORECASE):
        return Request("undo", said=heard.whole)
    about = _UNDONE.sub("", heard.text)
    return Request("talk", Ref(words=about), topic="not done", said=heard.text)


_UNDONE = re.compile(r"^(?:i|we|he|she|they|it)?(?:'ve| have|'m| am)?(?: still| just| really)* ?(?:haven't|have not|didn't|did not|couldn't|can't|cannot|won't|don't|do not|never|forgot|tried|almost|nearly|wish|hope|might|may|decided against|decided not|halfway|not)\b(?: want| need| get| to| more| through| finish| done)*|\b(?:anymore|any more|today|yet|is|are|has|have|hasn't|isn't|aren't|not|but)\b", re.IGNORECASE)


def _redo(heard: Heard, match: Match) -> Request | None:
    return Request("undo", topic="redo", said=heard.whole)


def _delete_done(heard: Heard, match: Match) -> Request | None:
    return Request("delete", Ref(every=True, status="completed"), said=heard.whole)


READERS: dict[str, Reader] = {
    "add": _add,
    "add in list": _add_in_list,
    "remind": _remind,
    "need": _need,
    "chore": _chore,
    "for need": lambda heard, match: _added(heard, match["title"], "need", several=True),
    "have thing": lambda heard, match: _single(heard, match["title"], "need") if find_date(match["title"], heard.context) else None,
    "fact": lambda heard, _: Request("put", reference(heard.text, heard.context), items=({"title": title_of(heard.text)},), topic="fact", said=heard.text),
    "for day": _for_day,
    "put in list": _put_in_list,
    "needed": _needed,
    "several": _several,
    "heading": _heading,
    "put": _put,
    "complete": _act("complete"),
    "told": _told,
    "passive": _passive,
    "deed": _deed,
    "deed made": _deed,
    "deed been": lambda heard, match: Request("complete", Ref(words=f"called {match['rest']}"), said=heard.whole, told=True),
    "deed front": _deed_front,
    "deed did": _told,
    "finish all": _finish_all,
    "reopen": _act("reopen"),
    "restore": _act("restore"),
    "undo": lambda heard, _: Request("undo", said=heard.whole),
    "redo": _redo,
    "undo of": _undo_of,
    "delete": _act("delete"),
    "delete done": _delete_done,
    "move": _move,
    "need change": _need_change,
    "rename": _rename,
    "rename what": _rename_what,
    "rename it": _rename_it,
    "tag": _tag,
    "untag": _untag,
    "date for": _date_for,
    "no date": _cleared("due"),
    "no priority": _cleared("priority"),
    "no rule": _cleared("recurrence"),
    "low": _level("low"),
    "high": _level("high"),
    "repeat": _repeat,
    "note": _note,
    "note it": _note,
    "fields of": lambda heard, match: _move(heard, match),
    "empty trash": _topic("empty trash"),
    "keep": _topic("keep"),
    "not done": _not_done,
}
_SORRY = re.compile(
    r"^(?:(?:no|nah|wait|sorry|oops|oh|actually|hang on|hmm|i said|i meant|i mean|correction|make it|make that|it's|it is|is|let's say|rather|better|not that|that's|should be|it should be|for|set it to|change it to|and|please|ugh"
    r"|i meant to say|do it|can we do it|let's do it|move it to|it was|was|the)[,:.! ]+)+",
    re.IGNORECASE,
)
_AGAIN = re.compile(r"(?:and |also )?(?P<what>.+?),? (?:too|as well|also|2)|(?:and|also|plus) (?:the |also )?(?P<more>.+)", re.IGNORECASE)
_CORRECT = re.compile(r"not (?P<wrong>.+?)[,.]? (?:but |i meant |rather |it's |it was )?(?P<right>(?:the |my )?[\w' ]+)|(?P<only>.+?) instead", re.IGNORECASE)
_MEANT = re.compile(r"(?:(?:no|nah|wait|sorry|oops|oh|actually|argh|hang on|that was the wrong one|wrong one|i mean|i meant|meant|i did|correction|not that one)[,.!: ]+)+(?P<right>.+)", re.IGNORECASE)


_SEVERAL = re.compile(r"(?:all(?: of (?:them|it|those))?|both|them|these|those|everything)(?: for| to| on| until)? (?=\S)", re.IGNORECASE)
_EMPTY = frozenset("it that instead them put low high medium also make a later is it's and i meant mean said priority the be should".split())


def follow_up(heard: Heard) -> Request | None:
    """Reads what makes sense only after something was said about a task: "friday", "low, I meant low", "eggs too"."""
    for said in dict.fromkeys((heard.whole, heard.text, _SORRY.sub("", heard.text), _SORRY.sub("", heard.whole))):
        plain = said.strip(" ,.!?")
        if plain and (request := _field_alone(heard, plain)):
            return request
    return _again(heard) or _corrected(heard)


def _field_alone(heard: Heard, said: str) -> Request | None:
    it = Ref(pronoun="it")
    if hour := (_HOUR.fullmatch(said) and hour_alone(f" {said}")):
        return None if said.isdigit() and not said.startswith("at") else Request("update", it, fields={"due": hour}, said=heard.whole)
    if several := _SEVERAL.match(said):
        it, said = Ref(pronoun="them"), said[several.end() :]
    slots = take_slots(said, heard.context, shifts=True, notes=False)
    if slots.says_something and set(words(_SORRY.sub("", edges_off(slots.rest) + " "))) <= _EMPTY:
        if heard.clause.asked and not heard.clause.polite and not heard.did:
            return None
        return Request("update", it, fields=_moved(slots, said), shift=slots.shift, said=heard.whole)
    if said.lower() in KNOWN_LISTS_SET and heard.did == "add":
        return Request("update", it, fields={"list": list_name(said)}, said=heard.whole)
    return None


def _again(heard: Heard) -> Request | None:
    """Reads "and the eggs too": the same once more, for something else."""
    if not heard.did:
        return None
    found = _AGAIN.fullmatch(heard.whole.strip(" .!?"))
    if not found or heard.clause.is_question:
        return None
    what = found["what"] or found["more"]
    first = words(what)[:1]
    if not first or len(words(what)) > 6 or first[0] in ("what", "when", "i", "add", "delete", "how", "is", "remind", "mark", "move", "put", "then", "also") or re.search(r"\d ?[ap]m|\d:\d", what):
        return None
    return Request("again", reference(what, heard.context), items=tuple(items_of(what, heard.context)), said=heard.whole)


def _corrected(heard: Heard) -> Request | None:
    """Reads "sorry, I meant 10" and "not mom, the bank"."""
    if not heard.did:
        return None
    said = heard.whole.strip(" .!?")
    found = _CORRECT.fullmatch(heard.text.strip(" .!?")) or _MEANT.fullmatch(said)
    if not found:
        return None
    groups = found.groupdict()
    right = (groups.get("right") or groups.get("only") or "").strip()
    right = re.sub(r"^(?:i meant|meant|i did|i bought|i called|i paid|it was|but|it's|the other one is|call it|that was the wrong one)\s+", "", right, flags=re.IGNORECASE)
    if not right or len(words(right)) > 8 or words(right)[0] in ("don't", "dont", "not", "i'm", "thanks", "keep", "leave"):
        return None
    return Request("correct", reference(right, heard.context), items=tuple(items_of(right, heard.context)), said=heard.whole)


def bare_request(heard: Heard) -> Request:
    """Reads a clause that no pattern reads: a task to add, or one that is there and gets new fields."""
    slots = take_slots(heard.text, heard.context, notes=False)
    items = tuple(items_of(heard.text, heard.context))
    first = words(heard.text)[:1]
    topic = "chore" if first and first[0] in CHORES else ""
    said = edges_off(slots.rest)
    return Request("bare", reference(said, heard.context), items=items, fields=_moved(slots, heard.text), topic=topic, said=heard.text, asked=heard.clause.asked)
