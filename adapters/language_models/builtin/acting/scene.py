"""The turn as it is acted out: tools are called by yielding, and the same turn replayed takes the same course."""

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.language_models.builtin.acting.seen import Outcome, Page, Seen
from adapters.language_models.builtin.requests import Reference, Request, Targeted
from domain.tasks.task import Status

SeenTasks = tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Which:
    """Asked: which of the candidates is the request for?"""

    request: Targeted
    candidates: SeenTasks


@dataclass(frozen=True, slots=True)
class Confirm:
    """Asked: shall I?"""

    request: Request


@dataclass(frozen=True, slots=True)
class Title:
    """Asked: what is the (new) title? `task` None: of a new task."""

    task: Reference | None = None


Question = Which | Confirm | Title


@dataclass(frozen=True, slots=True)
class Memory:
    """What later sentences may refer to: an open question, the list shown last, what "it" is."""

    question: Question | None = None
    shown: SeenTasks = ()
    focus: SeenTasks = ()


class Answered(Exception):
    """Nothing can be done before the user has heard this."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


Round = tuple[Call, ...]


class Scene:
    """One turn: what was said, what is remembered, and what the tools gave so far."""

    def __init__(self, said: str, memory: Memory) -> None:
        self.said = said
        self.before = memory
        self.question: Question | None = None
        self.shown = memory.shown
        self.focus = memory.focus
        self._page: Page | None = None
        self._trash: Page | None = None
        self.sees_all = True

    def after(self) -> Memory:
        return Memory(self.question, self.shown, self.focus)

    def call(self, calls: Iterable[Call]) -> Generator[Round, Sequence[Outcome], Sequence[Outcome]]:
        """All calls in one round; what they changed is what "it" is from then on."""
        round_ = tuple(calls)
        outcomes = (yield round_) if round_ else ()
        answered = zip(round_, outcomes, strict=True)
        changed = [task for call, gave in answered if call.name != "list_tasks" for task in gave.tasks()]
        self.focus = tuple(changed) or self.focus
        return outcomes

    def page(self, status: Status) -> Generator[Round, Sequence[Outcome], Page]:
        (outcome,) = yield from self.call([Call("list_tasks", {"status": status.value})])
        page = outcome.page()
        if page is None:
            raise Answered(f"I couldn't look at your list: {outcome.message} Please try again.")
        return page

    def tasks(self) -> Generator[Round, Sequence[Outcome], SeenTasks]:
        """The newest tasks, and of a list too long to be seen whole the newest pending ones: once per turn."""
        if self._page is None:
            self._page = yield from self.page(Status.ALL)
            if self._page.total > len(self._page.tasks):
                pending = yield from self.page(Status.PENDING)
                every = {task.id: task for task in (*self._page.tasks, *pending.tasks)}
                self._page = Page(tuple(every.values()), self._page.total)
                self.sees_all = False
        return self._page.tasks

    def trash(self) -> Generator[Round, Sequence[Outcome], SeenTasks]:
        """The newest tasks in it: once per turn."""
        if self._trash is None:
            self._trash = yield from self.page(Status.TRASHED)
            self.sees_all = self.sees_all and self._trash.total <= len(self._trash.tasks)
        return self._trash.tasks

    def show(self, tasks: SeenTasks) -> None:
        self.shown = self.focus = tasks

    def offer(self, request: Request) -> None:
        self.question = Confirm(request)


Acting = Generator[Round, Sequence[Outcome], str]
Finding = Generator[Round, Sequence[Outcome], SeenTasks]
