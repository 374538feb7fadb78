"""Says what stands on both sides of a place where a request may end."""

import re
from dataclasses import dataclass
from functools import cached_property

from adapters.language_models.builtin.reading.intents.heard import Talk
from adapters.language_models.builtin.reading.parts.items import begins_as_chore
from adapters.language_models.builtin.reading.parts.slots import edges_off, take_slots
from adapters.language_models.builtin.reading.reading import SHOWN, SURE, VALUE, Reading, read
from adapters.language_models.builtin.reading.words.stems import CHORES
from adapters.language_models.builtin.reading.words.talk import help_topic
from adapters.language_models.builtin.reading.words.text import Clause, bare
from adapters.language_models.builtin.requests import Request
from adapters.language_models.builtin.tables import phrases
from application.tasks.date_words import DateContext, find_date

SOFT = phrases("soft")
_NOT_A_DAY = re.compile(r"(?:but )?(?:not|except)(?: on)? (?:\w+days?|weekends?)", re.IGNORECASE)
_REMARK, _OR_NAME, _I_MUST = map(phrases, ("remark of a clause", "remark or name", "i must"))
_ASKING = phrases("asking of questions")
_ADD_THAT, _ASIDE, _IT_IS_SO, _IT = map(phrases, ("add that", "aside", "it is so", "it or them"))
COMMANDS = ("update", "complete", "delete", "reopen", "restore")
NEAR = 100
"""The number of characters at the beginning of a clause in which its own date is looked for."""
WHOLE = 44
"""From this weight on, what stands before a further request is one too."""
MIN_LENGTH, MIN_WORDS = 2, 2
SPOKEN_OF = Talk(has_focus=True, did="update")


def _is_value(reading: Reading) -> bool:
    return reading.weight == VALUE and reading.request.op == "update"


@dataclass(frozen=True)
class Cut:
    """A place in a sentence. `sign` is what stands there: a comma, "and", or only a space."""

    sentence: str
    left: str
    sign: str
    right: str
    context: DateContext
    talk: Talk

    @cached_property
    def _before(self) -> Reading:
        return read(Clause(self.left), self.context)

    @cached_property
    def _first(self) -> str:
        """What follows, up to the next place of this kind."""
        return SOFT.split(bare(Clause(self.right)).text, maxsplit=1)[0]

    @cached_property
    def _after(self) -> Request:
        return read(Clause(SOFT.split(self.right, maxsplit=1)[0]), self.context).request

    def __bool__(self) -> bool:
        """Returns whether a request, or a remark, ends here and something else begins."""
        if len(self.left.strip()) < MIN_LENGTH or (self.sign == " " and not self._says_something):
            return False
        if self._opens or self._are_two or self._is_chore_after or self._says_why:
            return True
        return "and" not in self.sign and self._is_value_after

    @property
    def clause(self) -> Clause | None:
        """What stands before it: a request too, or a remark that only says why. None if it is the beginning of the
        request that follows."""
        if read(Clause(self.left), self.context, self.talk).request.op == "subtask":
            return None
        if self._is_value_after or self._asks_after_remark:
            return Clause(self.left, is_remark=True)
        if self._is_whole(self.left) or _I_MUST.search(self.left) or self._are_two:
            return Clause(self.left, self.left.endswith("?"))
        if "so" not in self.sign and self._are_event_and_need:
            return Clause(self.left)
        return None if begins_as_chore(self.left) else self._remark

    @property
    def _remark(self) -> Clause | None:
        number = len(self.left.split())
        if not (number >= MIN_WORDS and _REMARK.search(self.left)):
            is_name = _OR_NAME.search(self.left)
            if (is_name and find_date(self.left, self.context)) or self._is_command:
                return Clause(self.left) if self._before.request.op == "bare" else None
            if not is_name or number <= MIN_WORDS:
                return None
        first = SOFT.split(bare(Clause(self.left)).text, maxsplit=1)[0]
        if self._is_whole(first):
            return Clause(first)
        return Clause(self.left, is_remark=read(Clause(self.right), self.context).request.topic != "fine")

    def _is_whole(self, left: str) -> bool:
        reading = read(Clause(left), self.context, self.talk)
        if reading.request.topic == "remind" or reading.request.ref.but:
            return self._after.op != "complete" or not self._after.is_news
        return reading.weight >= WHOLE

    @property
    def _opens(self) -> bool:
        """Whether what follows is a request by itself."""
        is_command = self._before.request.op in (*COMMANDS, "undo") and _IT.search(self._first)
        reading = read(Clause(self._first), self.context, SPOKEN_OF if is_command else Talk())
        op, topic = reading.request.op, reading.request.topic
        if op in ("complete", "find", "delete") and begins_as_chore(self._first) and self._goes_into_list:
            return False
        if op == "talk":
            if _NOT_A_DAY.fullmatch(self.right.strip(" .!")):
                return False
            is_negated = topic in ("keep", "not done") and ("," in self.sign or "but" in self.sign)
            return is_negated or topic.startswith("help") or topic == "fine"
        if op == "find" and not self._asks_after_remark:
            return "and" in self.sign and topic != "state"
        if op == "list" and reading.weight < SHOWN:
            return False
        return reading.weight >= SURE and not _ADD_THAT.search(self._first.strip(" ?.!"))

    @cached_property
    def _asks_after_remark(self) -> bool:
        """Whether a question follows a remark: "Sarah never heard from me, did I email her?"."""
        is_question = _ASKING.search(self._first) or help_topic(self._first) is not None
        is_remark = self._before.request.op == "bare" and not self.left.lower().startswith(("for ", "about "))
        return bool(is_question) and is_remark and "," in self.sign

    @property
    def _goes_into_list(self) -> bool:
        """Whether all is to be added: "add check in online and find the adapter to the Trip list"."""
        whole = read(Clause(self.sentence), self.context).request
        return whole.op in ("add", "put") and any("list" in item for item in whole.items)

    @cached_property
    def _are_two(self) -> bool:
        """Whether these are two tasks: "fix the tap friday 8:30 and order parts for the boiler"."""
        if CHORES.isdisjoint(self.right[:NEAR].lower().split()):
            return False
        following = find_date(self.right[:NEAR], self.context)
        right = self.right[following.end :].strip(" ,") if following and not following.start else self.right
        if not begins_as_chore(right) or not (found := find_date(self.left, self.context)):
            return False
        is_dated = following or not self.left[found.end :].strip(" ,")
        return bool(is_dated and self._before.request.op in ("add", "put", "bare"))

    @property
    def _is_chore_after(self) -> bool:
        """Whether something to do follows a change: "move the report to monday and tell my boss"."""
        request = self._before.request
        is_change = request.op == "update" and request.ref.words and "due" in request.fields and "and" in self.sign
        return bool(is_change and begins_as_chore(self._first) and not find_date(self.right, self.context))

    @property
    def _are_event_and_need(self) -> bool:
        """Whether both are to be added: "chem test next friday, need to start revising on sunday"."""
        is_event = find_date(self.left, self.context) and self._before.request.op == "bare"
        return bool(is_event and self._after.topic == "need")

    @property
    def _is_command(self) -> bool:
        """Whether this changes a task that it names, as in "move the dentist to the 15th"."""
        request = read(Clause(self._first), self.context).request
        return request.op in COMMANDS and not request.is_news and bool(request.ref.words)

    @property
    def _says_something(self) -> bool:
        """Whether there is more than fillers and a date before what begins like a request."""
        said = take_slots(bare(Clause(f"{self.left} x")).text, self.context).rest
        return help_topic(self.left) is None and len(edges_off(said).split()) > MIN_WORDS

    @cached_property
    def _is_value_after(self) -> bool:
        """Whether what changed follows the reason: "the dentist rang, it's 4:30 now"."""
        before = self._before
        is_request = before.weight >= WHOLE and before.request.topic != "not done" and not _ASIDE.search(self.left)
        if is_request or begins_as_chore(self.left) or _I_MUST.search(self.left) or not _REMARK.search(self.left):
            return False
        first = Clause(SOFT.split(self.right, maxsplit=1)[0])
        return _is_value(read(first, self.context, SPOKEN_OF))

    @property
    def _says_why(self) -> bool:
        """Whether a remark follows a request: "take the eggs off, we've got loads"."""
        says = _ASIDE.search(self.right) or (_IT_IS_SO.search(self.right) and not find_date(self.right, self.context))
        after = read(Clause(self._first), self.context, SPOKEN_OF)
        is_value = _is_value(after) and "due" not in after.request.fields
        before = self._before.request
        return bool(says) and not is_value and (before.op not in ("bare", "talk") or before.topic == "not done")
