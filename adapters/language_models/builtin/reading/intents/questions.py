"""Reads questions about tasks."""

from adapters.language_models.builtin.reading.intents.heard import IT, THEM, Heard, Reader, given
from adapters.language_models.builtin.reading.parts.qualifiers import Qualified, qualified, telling
from adapters.language_models.builtin.reading.parts.references import GROUPS
from adapters.language_models.builtin.reading.words.stems import words
from adapters.language_models.builtin.requests import Ref, Request
from adapters.language_models.builtin.tables import phrases

_ASKING, _SHOW, _AUX, _STATUS = map(phrases, ("asking of questions", "show", "aux", "status"))
_BY_NUMBER, _SURELY, _GROUP_SAID = map(phrases, ("by number", "surely asked", "group said"))
_WHEN, _COUNT, _THOSE, _ABOUT_IT = map(phrases, ("when", "how many", "those", "about it"))
_WHETHER_ANY, _WHETHER_THERE, _WHETHER_DONE = map(phrases, ("whether any", "whether there", "whether done"))
_THINGS, _GETTING, _AM_I = map(phrases, ("things", "getting", "am i"))


def question(heard: Heard) -> tuple[int, Request] | None:
    """Returns how sure it is that tasks are asked for, and which ones."""
    text = heard.text
    if _ASKING.search(text):
        is_sure = heard.clause.asked or not _AUX.search(text) or _SURELY.search(text)
        return 75 if is_sure else 45, _asked(heard, text)
    if _SHOW.search(text):
        shown = _SHOW.sub("", text, count=1).strip()
        request = _asked(heard, shown)
        if _ASKING.search(shown) and request.op == "list":
            return 75, request
        return 30 if _GETTING.search(text) and request.op == "find" else 63, request
    return _fragment(heard)


def _asked(heard: Heard, asked: str) -> Request:
    is_when, is_state = bool(_WHEN.search(heard.text)), bool(_AUX.search(heard.text) or _STATUS.search(heard.text))
    kind = "when" if is_when else "list" if _WHETHER_THERE.search(asked) else "state"
    if number := _BY_NUMBER.search(asked.strip()):
        return heard.request("find", heard.ref(number[0].strip().removeprefix("about ")), topic=kind)
    found, left = _named(heard, asked, is_state=is_state)
    if not left and heard.talk.has_focus and _ABOUT_IT.search(found.rest.strip(" ?")):
        return heard.request("find", IT, topic=kind)
    is_group = len(left) <= 2 and (set(left) <= GROUPS or (len(left) == 1 and _is_group(asked, left[0])))
    if not left or is_group:
        return _listing(found, "count" if _COUNT.search(heard.text) else "list", asked, " ".join(left))
    topic = kind if is_when else "count" if _COUNT.search(heard.text) else kind if is_state else "list"
    name = " ".join(word for word in words(found.rest) if word in left)
    filters = tuple(found.by_day("completed" if found.status == "completed" else "due"))
    about = {"about": " ".join(sorted(found.said, key=asked.find))}
    return heard.request("find", Ref(words=name, status=found.status, filters=filters), topic=topic, fields=about)


def _named(heard: Heard, asked: str, *, is_state: bool) -> tuple[Qualified, list[str]]:
    """Returns the filters in a question, and the words that may name a task."""
    found = qualified(asked, heard.context, states=not is_state or bool(_WHETHER_ANY.search(asked)))
    if is_state and telling(found.rest) and _WHETHER_DONE.search(asked):
        found = qualified(asked, heard.context, states=False)
    if _AM_I.search(asked):
        found.status = "pending"
    return found, telling(found.rest)


def _is_group(asked: str, name: str) -> bool:
    return any(name in found[0].lower().split() for found in _GROUP_SAID.finditer(asked))


def _listing(found: Qualified, topic: str, asked: str, group: str = "") -> Request:
    column = "completed" if found.status == "completed" else "due"
    ref = Ref(every=True, filters=tuple(found.by_day(column)), status=found.status, group=group)
    return Request("list", ref, topic=topic, said=" ".join(sorted(found.said, key=asked.find)) or group)


def _fragment(heard: Heard) -> tuple[int, Request] | None:
    """Reads what names tasks and nothing else: "today", "overdue", "work list", "done today"."""
    if heard.talk.has_focus and _THOSE.search(heard.text):
        return None
    found = qualified(heard.text, heard.context)
    if left := telling(found.rest):
        is_group = set(left) <= GROUPS and len(words(heard.text)) <= 2 and not found.status
        return (40, _listing(found, "list", heard.text, " ".join(left))) if is_group else None
    if found.filters or (found.status and (found.days or _THINGS.search(heard.text))):
        return 57, _listing(found, "list", heard.text)
    if found.status == "trashed":
        return 57 if found.rest.strip() else 62, _listing(found, "list", heard.text)
    if not found.days or found.status:
        return None
    found.status = heard.talk.looked
    return 41, _listing(found, "list", heard.text)


READERS: dict[str, Reader] = {
    "names": lambda heard, match: heard.request("names", topic=match["names"].lower()),
    "find them": given("find", THEM, topic="list"),
    "decide": given("find", topic="state"),
    "when it": given("find", topic="when"),
    "list one": given("list", Ref(every=True), topic="one"),
    "list next": given("list", Ref(every=True), topic="next"),
    "list all": lambda heard, _: (
        None
        if heard.talk.has_focus and _THOSE.search(heard.text)
        else heard.request("list", Ref(every=True), topic="list")
    ),
}
