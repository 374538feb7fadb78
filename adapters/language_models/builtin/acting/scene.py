"""The state of a turn while it is acted out. Actions call tools by yielding the calls, so a turn that is stored can be
taken up again: it is acted out once more with the results that it had."""

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.language_models.builtin.acting.lookup.seen import Outcome, Page, Seen
from adapters.language_models.builtin.acting.memory import Did, Memory, Question
from adapters.language_models.builtin.reading.intents.heard import Talk
from adapters.language_models.builtin.requests import Request
from application.tasks.date_words import DateContext
from domain.tasks.task import Status


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: dict[str, Any]


class Answered(Exception):
    """Ends the action with this answer, because nothing can be done before the user has read it."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class NothingFound(Answered):
    """Ends the action because no task has the words that were said."""


Round = tuple[Call, ...]
Acting = Generator[Round, Sequence[Outcome], str]
Finding = Generator[Round, Sequence[Outcome], tuple[Seen, ...]]
MAX_LISTED = 100
MAX_PAGES = 5
MAX_AT_ONCE = MAX_PAGES * MAX_LISTED


class Scene:
    """`known` are the tasks that were seen in this turn. `sees_all` is whether these are all that the user has.
    `finished` are the numbers of those that were completed in it: a recurring one is completed once in a message.
    `ahead` are the words that name tasks in the further clauses of the message, and `beside` the kinds of its requests.
    """

    def __init__(self, said: str, memory: Memory, context: DateContext, lists: Iterable[str] = ()) -> None:
        self.said = said
        self.context = context
        self.lists = tuple(lists)
        self.question: Question | None = None
        self.asked = memory.question
        self.shown, self.focus, self.did = memory.shown, memory.focus, memory.did
        self.listed, self.day, self.looked = memory.listed, memory.day, ""
        self._had_looked = memory.looked
        self.known: dict[int, Seen] = {}
        self.sees_all = False
        self.rounds = 0
        self.searched: list[str] = []
        self.ahead: tuple[str, ...] = ()
        self.beside: set[str] = set()
        self.finished: set[int] = set()
        self.done_now: dict[int, None] = {}
        self._has_recent = self._has_trash = False

    def after(self) -> Memory:
        return Memory(self.question, self.shown, self.focus, self.did, self.listed, self.day, self.looked)

    @property
    def talk(self) -> Talk:
        return Talk(bool(self.focus), self.did.op if self.did else "", self._had_looked)

    def call(self, calls: Iterable[Call]) -> Generator[Round, Sequence[Outcome], Sequence[Outcome]]:
        """Makes all calls in one round."""
        round_ = tuple(calls)
        self.rounds += bool(round_)
        outcomes = (yield round_) if round_ else ()
        for task in (task for each in outcomes for task in each.tasks()):
            self.known[task.id] = task
        return outcomes

    def page(self, **arguments: Any) -> Generator[Round, Sequence[Outcome], Page]:
        (found,) = yield from self.call([Call("list_tasks", arguments)])
        page = found.page()
        if page is None:
            raise Answered(f"I couldn't look at your list: {found.plainly}")
        return page

    def recent(self) -> Finding:
        """Loads the tasks that were changed last, and those that are due next, once per turn."""
        if not self._has_recent:
            asked = [{"status": "all", "sort": "-updated"}, {"status": "pending", "sort": "due,-created"}]
            outcomes = yield from self.call(Call("list_tasks", each) for each in asked)
            first = outcomes[0].page()
            if first is None:
                raise Answered(f"I couldn't look at your list: {outcomes[0].message} Please try again.")
            self.sees_all = first.total <= len(first.tasks)
            self._has_recent = True
        return tuple(self.known.values())

    def trash(self) -> Finding:
        if not self._has_trash:
            yield from self.call([Call("list_tasks", {"status": "trashed"})])
            self._has_trash = True
        return tuple(task for task in self.known.values() if task.status is Status.TRASHED)

    def every(self, **arguments: Any) -> Finding:
        """Returns all tasks that fit, or raises `Answered` if they are too many to be changed at once."""
        found: list[Seen] = []
        cursor: str | None = None
        for _ in range(MAX_PAGES):
            page = yield from self.page(**arguments, limit=MAX_LISTED, **({"cursor": cursor} if cursor else {}))
            found += page.tasks
            if (cursor := page.next_cursor) is None:
                return tuple(found)
            if page.total > MAX_AT_ONCE:
                break
        raise Answered(
            f"That would be {page.total} tasks, and I can change {MAX_AT_ONCE} at once. So I changed nothing:"
            " name a list, a tag or a day to take fewer."
        )

    def show(self, tasks: Sequence[Seen]) -> None:
        self.shown = self.focus = tuple(task.id for task in tasks)
        self._speak_of_day(tasks)

    def have_done(self, op: str, tasks: Sequence[Seen], fields: dict[str, Any]) -> None:
        self.focus = tuple(dict.fromkeys(task.id for task in tasks))
        self.done_now.update(dict.fromkeys(self.focus))
        if len(self.done_now) > 1:
            self.shown = tuple(self.done_now)
        self._speak_of_day(tasks)
        self.did = Did(op, self.focus, fields)

    def _speak_of_day(self, tasks: Sequence[Seen]) -> None:
        days = {task.due[:10] for task in tasks if task.due}
        self.day = days.pop() if len(days) == 1 else self.day

    def ask(self, kind: str, request: Request, candidates: Sequence[Seen] = ()) -> None:
        self.question = Question(kind, request, tuple(task.id for task in candidates))
