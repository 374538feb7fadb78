"""The state of a turn while it is acted out. Actions call tools by yielding the calls. So a turn can be replayed from
stored results, and takes the same course."""

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
    """The question which of the candidates the request is for."""

    request: Targeted
    candidates: SeenTasks


@dataclass(frozen=True, slots=True)
class Confirm:
    """The question whether to carry out the request."""

    request: Request


@dataclass(frozen=True, slots=True)
class Title:
    """The question for a title. It is for a new task if `task` is None."""

    task: Reference | None = None


Question = Which | Confirm | Title


@dataclass(frozen=True, slots=True)
class Memory:
    """What later sentences may refer to: an open question, the list that was shown last, and what "it" means."""

    question: Question | None = None
    shown: SeenTasks = ()
    focus: SeenTasks = ()


class Answered(Exception):
    """Ends the action with this answer, because nothing can be done before the user has read it."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


Round = tuple[Call, ...]


class Scene:
    """The state of one turn: the sentence of the user, what earlier turns left, and the results of the tools."""

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
        """Makes all calls in one round. Afterwards, "it" means the tasks that they changed."""
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
        """Returns the newest tasks. If the list is too long to be loaded whole, returns the newest pending tasks too.
        They are loaded once per turn."""
        if self._page is None:
            self._page = yield from self.page(Status.ALL)
            if self._page.total > len(self._page.tasks):
                pending = yield from self.page(Status.PENDING)
                every = {task.id: task for task in (*self._page.tasks, *pending.tasks)}
                self._page = Page(tuple(every.values()), self._page.total)
                self.sees_all = False
        return self._page.tasks

    def trash(self) -> Generator[Round, Sequence[Outcome], SeenTasks]:
        """Returns the newest tasks in the trash. They are loaded once per turn."""
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
