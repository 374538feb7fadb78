"""Reads questions about tasks."""

import re

from adapters.language_models.builtin_next.reading.qualifiers import Qualified, qualified, telling
from adapters.language_models.builtin_next.reading.readers import Heard
from adapters.language_models.builtin_next.reading.references import reference
from adapters.language_models.builtin_next.reading.stems import words
from adapters.language_models.builtin_next.requests import Ref, Request
from adapters.language_models.builtin_next.tables.qualifier_words import GROUP_NAMES

_ASKING = re.compile(
    r"(?:and |so |also |i was wondering |i wonder )*(?:what|what's|which|whose|who|when|when's|where|where's|how many|how much|how's|how is|how about|what about|why|anything|is there|are there|was there|do i have|do we have|have i|have we|did i|did we|do i|do we|am i|are we"
    r"|has (?:the|my|it)|is exist|any|is it|status of|the status of|summary|overview|have you|was it|is the|is my|are the|were the|was the|whether i|if i|if there|whether (?:we|there|it|the)|if (?:we|there|it)|must i|should i|shall i|does)\b",
    re.IGNORECASE,
)
_SHOW = re.compile(
    r"(?:please )?(?:show|list|display|view|see|read|read out|give|tell|open up|pull up|bring up|go over|summari[sz]e|search(?: for)?|find|look up|look for|print|check(?! off)|get|remind|details|info|more)(?: me| us)?(?: (?:a|the) list of)?(?: about| of| on)?\b",
    re.IGNORECASE,
)
_AUX = re.compile(r"(?:i was wondering |i wonder )?(?:whether|if|is|are|was|were|did|do|does|have|has|am|whether i|if i)\b", re.IGNORECASE)
_WHEN = re.compile(r"\b(?:when|what (?:day|time|date)|until when|how long)\b", re.IGNORECASE)
_COUNT = re.compile(r"\bhow (?:many|much)\b", re.IGNORECASE)
_NEXT = re.compile(r"(?:what's |what is |what |which |show |the |my )*(?:is )?(?:the |my )?next(?: up| task| thing| one| to do)?(?: to do| on my list| i should do)?", re.IGNORECASE)
_DECIDE = re.compile(r"(?:should|shall|must) (?:i|we) (?:delete|remove|add|complete|finish|cancel|drop|move|buy|call)\b", re.IGNORECASE)
_NAMES = re.compile(r"(?:what|which|show|list|how many)(?: me)?(?: are| all)?(?: the| my| of)* (?P<kind>lists|tags)(?: (?:do i have|are there|exist|have i|i have|do i use))?", re.IGNORECASE)
_GROUPS = frozenset(GROUP_NAMES.split())
_FRAGMENT = re.compile(r"(?:my |the |all |show )*(?:list|lists|tasks?|to-?dos?|agenda|everything|overview|status|summary|pending|plan|schedule)(?: please)?", re.IGNORECASE)


def question(heard: Heard) -> tuple[int, Request] | None:
    """Returns how sure it is that tasks are asked for, and which ones."""
    text = heard.text
    if named := _NAMES.fullmatch(text):
        return 77, Request("names", topic=named["kind"].lower(), said=text)
    if _DECIDE.match(text) and not re.match(r"what|which|when", text, re.IGNORECASE):
        return 70, Request("find", reference(_DECIDE.sub("", text), heard.context), topic="state", said=text)
    if _NEXT.fullmatch(text):
        return 75, Request("list", Ref(every=True), topic="next", said=text)
    if _ASKING.match(text):
        is_sure = heard.clause.asked or not _AUX.match(text) or re.match(r"(?:do|did|have|am|are|is there|was there|were there|whether|is it|is exist)(?: i| we| there)?\b", text, re.IGNORECASE)
        return (75 if is_sure else 45), _request(heard)
    if _SHOW.match(text):
        request = _request(heard, _SHOW.sub("", text, count=1))
        is_get = re.match(r"get|check|give|remind|tell|print", text, re.IGNORECASE) and request.op == "find"
        return (30 if is_get else 63), request
    return _fragment(heard)


def _request(heard: Heard, text: str | None = None) -> Request:
    asked = heard.text if text is None else text
    is_count, is_when = bool(_COUNT.search(heard.text)), bool(_WHEN.search(heard.text))
    is_state = bool(_AUX.match(heard.text)) or heard.text.lower().startswith(("status", "the status", "how is", "how's", "whether", "have"))
    by_number = re.search(r"\b(?:task|number|no\.?|#) ?#?(\d{1,15}|four|three|two|five|six|seven|eight|nine|ten)$|^(?:about )?(?:task )?#?(\d{1,15})$", asked.strip(), re.IGNORECASE)
    if by_number:
        return Request("find", reference(by_number[0].strip().removeprefix("about "), heard.context), topic="when" if is_when else "state", said=heard.whole)
    found = qualified(asked, heard.context, states=not is_state or bool(re.match(r"(?:am|are|is|have|do) (?:i|we|there|exist)\b", asked, re.IGNORECASE)))
    left = telling(found.rest)
    if left and is_state and re.match(r"have i|have we|did i|did we|do i|do we", asked, re.IGNORECASE):
        found = qualified(asked, heard.context, states=False)
        left = telling(found.rest)
    topic = "count" if is_count else "when" if is_when and left else "state" if is_state and left else "list"
    if re.match(r"(?:am i|are we)\b", asked, re.IGNORECASE):
        found.status = "pending"
    if not left:
        if heard.has_focus and (_is_about_it(asked) or asked.lower().strip(" ?") in ("when", "what time", "which day")):
            return Request("find", Ref(pronoun="it"), topic="when" if is_when else "state", said=heard.whole)
        return _listing(found, topic, heard)
    if len(left) <= 2 and (set(left) <= _GROUPS or (len(left) == 1 and _names_a_group(asked, left[0]))):
        return _listing(found, topic, heard, " ".join(left))
    name = _words_of(found.rest, left)
    filters = tuple(found.by_day("due")) if not is_state and not is_when else ()
    return Request("find", Ref(words=name, filters=filters, status=found.status), topic=topic, said=heard.whole)


def _is_about_it(asked: str) -> bool:
    return bool(re.search(r"\b(?:it|that|this)\b", asked, re.IGNORECASE)) and not re.match(r"(?:is|was) (?:it|that) all", asked, re.IGNORECASE)


def _names_a_group(asked: str, name: str) -> bool:
    return bool(re.search(rf"\b{re.escape(name)} (?:tasks|stuff|things|items|to-?dos|list)\b|\b(?:on|for|from|in) (?:my |the )?{re.escape(name)}\s*\??$", asked, re.IGNORECASE))


def _words_of(rest: str, left: list[str]) -> str:
    return " ".join(word for word in words(rest) if word in left)


def _listing(found: Qualified, topic: str, heard: Heard, group: str = "") -> Request:
    column = "completed" if found.status == "completed" else "due"
    ref = Ref(every=True, filters=tuple(found.by_day(column)), status=found.status, group=group)
    return Request("list", ref, topic=topic, said=" ".join(found.said) or group)


def _fragment(heard: Heard) -> tuple[int, Request] | None:
    """Reads what names tasks and nothing else: "today", "overdue", "work list", "done today"."""
    text = heard.text
    if heard.has_focus and re.match(r"(?:all|both|them|these|those|it|that)\b", text, re.IGNORECASE):
        return None
    if _FRAGMENT.fullmatch(text):
        return 62, Request("list", Ref(every=True), topic="list", said=text)
    found = qualified(text, heard.context)
    has_day_alone = found.days is not None and not found.filters and not found.status
    if telling(found.rest):
        is_group = set(telling(found.rest)) <= _GROUPS and len(words(text)) <= 2 and not found.status
        return (40, _listing(found, "list", heard, " ".join(telling(found.rest)))) if is_group else None
    if not (found.filters or found.status or found.days):
        return None
    if found.status and not found.filters and not found.days and found.status != "trashed" and not re.search(r"tasks|items|list|ones|to-?dos|things", text, re.IGNORECASE):
        return None
    return (41 if has_day_alone else 62 if found.status == "trashed" and not found.rest.strip() else 57), _listing(found, "list", heard)
